"""Batches, generations, kept failures, priorities, and what workers say of their backends."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


KEEP_FAILURES = """
INSERT INTO audits_failedstep (id, audit_id, step, attempt, claims, code, message, traceback, at)
SELECT gen_random_uuid(), audit_id, name, attempt, claims, failure_code, failure_message,
       traceback, ended_at
FROM audits_auditstep WHERE state = 'failed';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0009_import_guard'),
        ('audits', '0009_import_guard'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('selection', models.JSONField(default=dict)),
                ('policy', models.CharField(max_length=20)),
                ('retry_failed', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('is_new', models.BooleanField(default=False)),
                ('refusal_code', models.CharField(blank=True, max_length=40)),
                ('refusal_message', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='FailedStep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('grounding', 'grounding'), ('parsing', 'parsing'), ('comparing', 'comparing')], max_length=10)),
                ('attempt', models.PositiveSmallIntegerField()),
                ('claims', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=40)),
                ('message', models.TextField()),
                ('traceback', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Generation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('grounding', 'grounding'), ('parsing', 'parsing'), ('comparing', 'comparing')], max_length=10)),
                ('attempt', models.PositiveSmallIntegerField()),
                ('member', models.CharField(blank=True, max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(choices=[('used', 'used'), ('recovered', 'recovered'), ('failed', 'failed')], max_length=10)),
                ('raw', models.TextField(blank=True)),
                ('settings', models.JSONField(default=dict)),
                ('tokens_in', models.PositiveIntegerField(null=True)),
                ('tokens_out', models.PositiveIntegerField(null=True)),
                ('ms', models.PositiveIntegerField()),
                ('detail', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='WorkerBackend',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('grounder', 'grounder'), ('parser', 'parser')], max_length=10)),
                ('name', models.CharField(max_length=60)),
                ('detail', models.CharField(blank=True, max_length=400)),
                ('memory_mb', models.PositiveIntegerField(null=True)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='modelversion',
            name='model_version_once',
        ),
        migrations.AddField(
            model_name='audit',
            name='priority',
            field=models.CharField(choices=[('person', 'person'), ('batch', 'batch')], default='person', max_length=10),
        ),
        migrations.AddField(
            model_name='auditstep',
            name='queue',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='adapter',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='checkpoint',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='decoding',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='prompt',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='weights_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('priority__in', ['person', 'batch'])), name='audit_priority_known'),
        ),
        migrations.AddConstraint(
            model_name='modelversion',
            constraint=models.UniqueConstraint(fields=('kind', 'name', 'version', 'hash', 'licence', 'may_release_output', 'checkpoint', 'adapter', 'prompt', 'decoding', 'weights_hash'), name='model_version_once'),
        ),
        migrations.AddField(
            model_name='batch',
            name='grounder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.modelversion'),
        ),
        migrations.AddField(
            model_name='batch',
            name='parser',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.modelversion'),
        ),
        migrations.AddField(
            model_name='batch',
            name='requested_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='audit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='audits.audit'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='audits.batch'),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audits.draft'),
        ),
        migrations.AddField(
            model_name='failedstep',
            name='audit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='failures', to='audits.audit'),
        ),
        migrations.AddField(
            model_name='generation',
            name='audit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='generations', to='audits.audit'),
        ),
        migrations.AddField(
            model_name='generation',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='generations', to='audits.modelversion'),
        ),
        migrations.AddField(
            model_name='workerbackend',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='audits.modelversion'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['-created_at', '-id'], name='batch_newest'),
        ),
        migrations.AddIndex(
            model_name='batchitem',
            index=models.Index(condition=models.Q(('audit__isnull', True), ('refusal_code', '')), fields=['batch', 'position'], name='batch_item_unstarted'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'draft'), name='batch_item_once'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='batch_item_position_once'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(condition=models.Q(('audit__isnull', True), ('refusal_code', ''), _connector='OR'), name='batch_item_started_or_refused'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(condition=models.Q(('audit__isnull', False), ('is_new', False), _connector='OR'), name='batch_item_new_has_audit'),
        ),
        migrations.AddConstraint(
            model_name='failedstep',
            constraint=models.UniqueConstraint(fields=('audit', 'step', 'attempt'), name='failed_step_once'),
        ),
        migrations.AddConstraint(
            model_name='failedstep',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['grounding', 'parsing', 'comparing'])), name='failed_step_known'),
        ),
        migrations.AddConstraint(
            model_name='failedstep',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='failed_step_says_why'),
        ),
        migrations.AddIndex(
            model_name='generation',
            index=models.Index(fields=['model', 'outcome'], name='generation_of_model'),
        ),
        migrations.AddConstraint(
            model_name='generation',
            constraint=models.UniqueConstraint(fields=('audit', 'step', 'attempt', 'position'), name='generation_once'),
        ),
        migrations.AddConstraint(
            model_name='generation',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'failed'), _negated=True), fields=('audit', 'step', 'attempt', 'member'), name='generation_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='generation',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['grounding', 'parsing', 'comparing'])), name='generation_step_known'),
        ),
        migrations.AddConstraint(
            model_name='generation',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['used', 'recovered', 'failed'])), name='generation_outcome_known'),
        ),
        migrations.AddIndex(
            model_name='workerbackend',
            index=models.Index(fields=['kind', 'name', '-seen_at'], name='worker_backend_newest'),
        ),
        migrations.AddConstraint(
            model_name='workerbackend',
            constraint=models.UniqueConstraint(fields=('host', 'kind', 'name'), name='worker_backend_once'),
        ),
        migrations.AddConstraint(
            model_name='workerbackend',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['grounder', 'parser'])), name='worker_backend_kind_known'),
        ),
        migrations.RunSQL(KEEP_FAILURES, migrations.RunSQL.noop),
    ]

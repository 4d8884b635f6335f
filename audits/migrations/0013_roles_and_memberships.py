"""Curators, members of queues, and who sent which draft."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# What people sent before is theirs to see as before.
SENT_BEFORE = """
INSERT INTO audits_sending (id, draft_id, user_id, created_at)
SELECT gen_random_uuid(), draft_id, user_id, now() FROM (
    SELECT id AS draft_id, created_by_id AS user_id FROM audits_draft
    UNION SELECT draft_id, requested_by_id FROM audits_audit
    UNION SELECT draft.id, cases.created_by_id FROM audits_draft draft
        JOIN audits_case cases ON cases.id = draft.case_id WHERE draft.created_by_id IS NULL
) AS sent WHERE user_id IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0012_batches_are_sent'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='open_to_all',
            field=models.BooleanField(default=True, help_text='Any reviewer may read here; else only its members.'),
        ),
        migrations.AddField(
            model_name='user',
            name='is_curator',
            field=models.BooleanField(default=False, help_text='May see every case, and make sources, imports, queues, releases.'),
        ),
        migrations.CreateModel(
            name='QueueMembership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('reviewer', 'Reviewer'), ('adjudicator', 'Adjudicator')], default='reviewer', max_length=11)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='audits.queue')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'queue', 'role'), name='membership_once'), models.CheckConstraint(condition=models.Q(('role__in', ['reviewer', 'adjudicator'])), name='membership_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='audits.draft')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draft', 'user'), name='sending_once')],
            },
        ),
        migrations.RunSQL(SENT_BEFORE, migrations.RunSQL.noop),
    ]

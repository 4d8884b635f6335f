"""Blind reading: commits before the flags are shown, and who was shown them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE TRIGGER blindcommit_append_only BEFORE UPDATE OR DELETE ON audits_blindcommit
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
"""
UNGUARD = "DROP TRIGGER blindcommit_append_only ON audits_blindcommit;"


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0027_token_scopes'),
    ]

    operations = [
        migrations.CreateModel(
            name='BlindCommit',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('image', 'Image'), ('draft', 'Draft'), ('flags', 'Flags')], max_length=5)),
                ('states', models.JSONField(default=dict)),
                ('boxes', models.JSONField(default=list)),
                ('active_seconds', models.FloatField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AlterField(
            model_name='queue',
            name='mode',
            field=models.CharField(choices=[('flags_first', 'Flags First'), ('blind_first', 'Blind First')], default='flags_first', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.CheckConstraint(condition=models.Q(('mode', 'flags_first'), models.Q(('mode', 'blind_first'), ('order', 'random')), _connector='OR'), name='queue_blind_is_random'),
        ),
        migrations.AddField(
            model_name='blindcommit',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blind_commits', to='audits.reviewitem'),
        ),
        migrations.AddField(
            model_name='blindcommit',
            name='read',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blind_commits', to='audits.read'),
        ),
        migrations.AddField(
            model_name='blindcommit',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blind_commits', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exposure',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='audits.case'),
        ),
        migrations.AddField(
            model_name='exposure',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='blindcommit',
            constraint=models.UniqueConstraint(fields=('item', 'reviewer', 'step'), name='blind_commit_once_a_step'),
        ),
        migrations.AddConstraint(
            model_name='blindcommit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('states__has_keys', ['pleural_effusion', 'pneumothorax', 'lung_opacity_consolidation', 'nodule_mass', 'cardiomegaly']), ('step', 'image')), models.Q(('boxes', []), ('states', {}), ('step', 'draft')), _connector='OR'), name='blind_commit_holds_what_its_step_asks'),
        ),
        migrations.AddConstraint(
            model_name='exposure',
            constraint=models.UniqueConstraint(fields=('user', 'case'), name='exposure_once'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

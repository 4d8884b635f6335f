"""What reads settle, and the differences that an adjudicator rules on."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE FUNCTION adjudication_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'open' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an adjudication stays, and once settled never changes'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER adjudication_stays BEFORE UPDATE OR DELETE ON audits_adjudication
    FOR EACH ROW EXECUTE FUNCTION adjudication_guard();
CREATE TRIGGER ruling_append_only BEFORE UPDATE OR DELETE ON audits_ruling
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE ON audits_settlement
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
"""
UNGUARD = """
DROP TRIGGER settlement_append_only ON audits_settlement;
DROP TRIGGER ruling_append_only ON audits_ruling;
DROP TRIGGER adjudication_stays ON audits_adjudication;
DROP FUNCTION adjudication_guard();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0015_queue_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Adjudication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('open', 'Open'), ('settled', 'Settled')], default='open', max_length=9)),
                ('differs', models.JSONField()),
                ('lease_token', models.UUIDField(null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=4000)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(choices=[('pleural_effusion', 'pleural_effusion'), ('pneumothorax', 'pneumothorax'), ('lung_opacity_consolidation', 'lung_opacity_consolidation'), ('nodule_mass', 'nodule_mass'), ('cardiomegaly', 'cardiomegaly')], max_length=32)),
                ('verdict', models.CharField(choices=[('confirmed', 'confirmed'), ('confirmed_modified', 'confirmed_modified'), ('dismissed', 'dismissed'), ('indeterminate', 'indeterminate')], max_length=20, null=True)),
                ('reason', models.CharField(choices=[('not_on_image', 'not_on_image'), ('on_image', 'on_image'), ('wrong_label', 'wrong_label'), ('wrong_place', 'wrong_place'), ('device_or_artefact', 'device_or_artefact'), ('normal_variant', 'normal_variant'), ('known_or_stable', 'known_or_stable'), ('draft_says_it', 'draft_says_it'), ('draft_misread', 'draft_misread'), ('draft_does_not_say_it', 'draft_does_not_say_it'), ('true_but_not_relevant', 'true_but_not_relevant'), ('duplicate', 'duplicate'), ('image_quality', 'image_quality'), ('needs_other_view', 'needs_other_view')], max_length=24, null=True)),
                ('present', models.BooleanField(null=True)),
                ('box', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=4)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(choices=[('pleural_effusion', 'pleural_effusion'), ('pneumothorax', 'pneumothorax'), ('lung_opacity_consolidation', 'lung_opacity_consolidation'), ('nodule_mass', 'nodule_mass'), ('cardiomegaly', 'cardiomegaly')], max_length=32)),
                ('basis', models.CharField(choices=[('flag', 'Flag'), ('missed_finding', 'Missed Finding'), ('attested', 'Attested')], max_length=14)),
                ('rule', models.CharField(choices=[('single_read', 'Single Read'), ('agreement', 'Agreement'), ('adjudicated', 'Adjudicated')], max_length=11)),
                ('verdict', models.CharField(choices=[('confirmed', 'confirmed'), ('confirmed_modified', 'confirmed_modified'), ('dismissed', 'dismissed'), ('indeterminate', 'indeterminate')], max_length=20, null=True)),
                ('reason', models.CharField(choices=[('not_on_image', 'not_on_image'), ('on_image', 'on_image'), ('wrong_label', 'wrong_label'), ('wrong_place', 'wrong_place'), ('device_or_artefact', 'device_or_artefact'), ('normal_variant', 'normal_variant'), ('known_or_stable', 'known_or_stable'), ('draft_says_it', 'draft_says_it'), ('draft_misread', 'draft_misread'), ('draft_does_not_say_it', 'draft_does_not_say_it'), ('true_but_not_relevant', 'true_but_not_relevant'), ('duplicate', 'duplicate'), ('image_quality', 'image_quality'), ('needs_other_view', 'needs_other_view')], max_length=24, null=True)),
                ('finding_true', models.BooleanField(null=True)),
                ('box_right', models.BooleanField(null=True)),
                ('draft_read_right', models.BooleanField(null=True)),
                ('box', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=4)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name='queue',
            name='box_iou_bar',
            field=models.FloatField(default=0.5, help_text='Boxes of two readers that overlap less differ.'),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.CheckConstraint(condition=models.Q(('box_iou_bar__range', (0, 1))), name='queue_bar_in_range'),
        ),
        migrations.AddField(
            model_name='adjudication',
            name='adjudicator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adjudication',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudications', to='audits.reviewitem'),
        ),
        migrations.AddField(
            model_name='adjudication',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudications', to='audits.queue'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='adjudication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='audits.adjudication'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='flag',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.flag'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='adjudication',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='audits.adjudication'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='audits.case'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='flag',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='audits.flag'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='audits.reviewitem'),
        ),
        migrations.AddIndex(
            model_name='adjudication',
            index=models.Index(fields=['opened_at', 'id'], name='adjudication_oldest'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.UniqueConstraint(fields=('item',), name='adjudication_once_per_item'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'settled'])), name='adjudication_state_known'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), _negated=True), models.Q(('adjudicator__isnull', False), ('settled_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='adjudication_settled_says_why'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', True), ('leased_until__isnull', True)), models.Q(('adjudicator__isnull', False), ('lease_token__isnull', False), ('leased_until__isnull', False), ('state', 'open')), _connector='OR'), name='adjudication_lease_whole'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.UniqueConstraint(condition=models.Q(('flag__isnull', False)), fields=('adjudication', 'flag'), name='ruling_once_per_flag'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.UniqueConstraint(condition=models.Q(('flag__isnull', True)), fields=('adjudication', 'label'), name='ruling_once_per_label'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('flag__isnull', False), ('present__isnull', True), ('verdict__isnull', False)), models.Q(('flag__isnull', True), ('present__isnull', False), ('verdict__isnull', True)), _connector='OR'), name='ruling_of_flag_or_label'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.CheckConstraint(condition=models.Q(('box__isnull', True), models.Q(('box__0__gte', 0), ('box__0__lt', models.F('box__2')), ('box__1__gte', 0), ('box__1__lt', models.F('box__3')), ('box__2__lte', 1), ('box__3__lte', 1), ('box__len', 4)), _connector='OR'), name='ruling_box_in_frame'),
        ),
        migrations.AddIndex(
            model_name='settlement',
            index=models.Index(fields=['case', 'label'], name='settlement_of_case'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(condition=models.Q(('flag__isnull', False)), fields=('item', 'flag'), name='settlement_once_per_flag'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(condition=models.Q(('flag__isnull', True)), fields=('item', 'label'), name='settlement_once_per_label'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('rule__in', ['single_read', 'agreement', 'adjudicated']), ('label__in', ['pleural_effusion', 'pneumothorax', 'lung_opacity_consolidation', 'nodule_mass', 'cardiomegaly'])), name='settlement_words_known'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', 'flag'), ('flag__isnull', False), ('verdict__isnull', False)), models.Q(('basis__in', ['missed_finding', 'attested']), ('finding_true__isnull', False), ('flag__isnull', True), ('verdict__isnull', True)), _connector='OR'), name='settlement_basis_fits'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('rule', 'adjudicated'), ('adjudication__isnull', True), _connector='OR'), name='settlement_rule_fits'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('box__isnull', True), models.Q(('box__0__gte', 0), ('box__0__lt', models.F('box__2')), ('box__1__gte', 0), ('box__1__lt', models.F('box__3')), ('box__2__lte', 1), ('box__3__lte', 1), ('box__len', 4)), _connector='OR'), name='settlement_box_in_frame'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

"""Submitted reads may be reopened: what was said stays, and from then on counts no more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# The one change that a submitted read and a settlement still take: the time they were reopened.
GUARD = """
CREATE FUNCTION only_reopened(old_row jsonb, new_row jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$
    SELECT old_row -> 'reopened_at' = 'null' AND new_row -> 'reopened_at' <> 'null'
        AND new_row = old_row || jsonb_build_object('reopened_at', new_row -> 'reopened_at')
$$;
CREATE OR REPLACE FUNCTION read_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.submitted_at IS NOT NULL AND NOT only_reopened(to_jsonb(OLD), to_jsonb(NEW)) THEN
        RAISE EXCEPTION 'a submitted read never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION settlement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND only_reopened(to_jsonb(OLD), to_jsonb(NEW)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a settlement never changes' USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER settlement_append_only ON audits_settlement;
CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE ON audits_settlement
    FOR EACH ROW EXECUTE FUNCTION settlement_guard();
CREATE TRIGGER reopening_append_only BEFORE UPDATE OR DELETE ON audits_reopening
    FOR EACH ROW EXECUTE FUNCTION review_refuse('{"reason": "[withdrawn]"}');
"""
UNGUARD = """
DROP TRIGGER reopening_append_only ON audits_reopening;
DROP TRIGGER settlement_append_only ON audits_settlement;
CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE ON audits_settlement
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
DROP FUNCTION settlement_guard();
CREATE OR REPLACE FUNCTION read_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.submitted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a submitted read never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION only_reopened(jsonb, jsonb);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0033_reader_experience'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField(max_length=4000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='adjudication',
            name='adjudication_once_per_item',
        ),
        migrations.RemoveConstraint(
            model_name='adjudication',
            name='adjudication_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='read',
            name='read_submitted_once_per_slot',
        ),
        migrations.RemoveConstraint(
            model_name='settlement',
            name='settlement_once_per_flag',
        ),
        migrations.RemoveConstraint(
            model_name='settlement',
            name='settlement_once_per_label',
        ),
        migrations.AddField(
            model_name='read',
            name='reopened_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='reviewslot',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_slots', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='settlement',
            name='reopened_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='adjudication',
            name='state',
            field=models.CharField(choices=[('open', 'Open'), ('settled', 'Settled'), ('reopened', 'Reopened')], default='open', max_length=9),
        ),
        migrations.AddIndex(
            model_name='reviewslot',
            index=models.Index(condition=models.Q(('assigned_to__isnull', False), ('state__in', ['free', 'leased'])), fields=['assigned_to', 'queue', 'rank', 'id'], name='slot_assigned_order'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'reopened'), _negated=True), fields=('item',), name='adjudication_once_per_item'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'settled', 'reopened'])), name='adjudication_state_known'),
        ),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.UniqueConstraint(condition=models.Q(('reopened_at__isnull', True), ('submitted_at__isnull', False)), fields=('slot',), name='read_stands_once_per_slot'),
        ),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.CheckConstraint(condition=models.Q(('reopened_at__isnull', True), ('submitted_at__isnull', False), _connector='OR'), name='read_reopened_was_submitted'),
        ),
        migrations.AddConstraint(
            model_name='reviewslot',
            constraint=models.UniqueConstraint(fields=('item', 'assigned_to'), name='slot_assigned_once'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(condition=models.Q(('flag__isnull', False), ('reopened_at__isnull', True)), fields=('item', 'flag'), name='settlement_once_per_flag'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(condition=models.Q(('flag__isnull', True), ('reopened_at__isnull', True)), fields=('item', 'label'), name='settlement_once_per_label'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rule', 'adjudicated'), _negated=True), ('reopened_at__isnull', True), _connector='OR'), name='settlement_ruled_is_not_reopened'),
        ),
        migrations.AddField(
            model_name='reopening',
            name='adjudicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reopening',
            name='read',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reopening', to='audits.read'),
        ),
        migrations.AddConstraint(
            model_name='reopening',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reopening_says_why'),
        ),
        migrations.AddIndex(
            model_name='read',
            index=models.Index(condition=models.Q(('submitted_at__isnull', False)), fields=['-submitted_at', '-id'], name='read_newest'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

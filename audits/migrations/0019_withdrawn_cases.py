"""Withdrawing a case: its tombstone, the files to delete, and what the triggers let go of."""

from django.db import migrations, models

REFUSE_WITHDRAWN = """
CREATE FUNCTION withdrawn_refuse(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gone timestamptz;
BEGIN
    -- Waits for a withdrawal under way, and holds back the next one until this is committed.
    SELECT withdrawn_at INTO gone FROM audits_case WHERE id = wanted FOR SHARE;
    IF gone IS NOT NULL THEN
        RAISE EXCEPTION 'case % was withdrawn', wanted USING ERRCODE = 'restrict_violation';
    END IF;
END $$;
CREATE FUNCTION of_withdrawn_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM withdrawn_refuse(NEW.case_id);
    RETURN NEW;
END $$;
CREATE TRIGGER draft_of_withdrawn BEFORE INSERT ON audits_draft
    FOR EACH ROW EXECUTE FUNCTION of_withdrawn_refuse();
CREATE TRIGGER audit_of_withdrawn BEFORE INSERT ON audits_audit
    FOR EACH ROW EXECUTE FUNCTION of_withdrawn_refuse();
CREATE TRIGGER reading_of_withdrawn BEFORE INSERT ON audits_recordedreading
    FOR EACH ROW EXECUTE FUNCTION of_withdrawn_refuse();
CREATE FUNCTION item_of_withdrawn_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM withdrawn_refuse((SELECT case_id FROM audits_audit WHERE id = NEW.audit_id));
    RETURN NEW;
END $$;
CREATE TRIGGER item_of_withdrawn BEFORE INSERT ON audits_reviewitem
    FOR EACH ROW EXECUTE FUNCTION item_of_withdrawn_refuse();
CREATE FUNCTION withdrawn_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.withdrawn_at = OLD.withdrawn_at
        AND NEW.withdrawn_for = OLD.withdrawn_for
        AND (OLD.purged_at IS NULL OR NEW.purged_at = OLD.purged_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a withdrawn case stays withdrawn' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER case_withdrawn_stays BEFORE UPDATE OR DELETE ON audits_case
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION withdrawn_stays();
"""

ALLOW_WITHDRAWN = """
DROP TRIGGER case_withdrawn_stays ON audits_case;
DROP FUNCTION withdrawn_stays();
DROP TRIGGER item_of_withdrawn ON audits_reviewitem;
DROP FUNCTION item_of_withdrawn_refuse();
DROP TRIGGER reading_of_withdrawn ON audits_recordedreading;
DROP TRIGGER audit_of_withdrawn ON audits_audit;
DROP TRIGGER draft_of_withdrawn ON audits_draft;
DROP FUNCTION of_withdrawn_refuse();
DROP FUNCTION withdrawn_refuse(uuid);
"""

# The one door through which what never changes is emptied: the case is withdrawn, and the row is
# the old one but for the named columns, which hold nothing any more.
PURGE_DOOR = """
CREATE FUNCTION is_withdrawn(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT withdrawn_at IS NOT NULL FROM audits_case WHERE id = wanted
$$;
CREATE FUNCTION only_emptied(old_row jsonb, new_row jsonb, emptied jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT new_row = old_row || emptied $$;

CREATE OR REPLACE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only the tables with a comment, which are those of a read, name what may be emptied.
    IF TG_OP = 'UPDATE' AND TG_NARGS = 1 THEN
        IF only_emptied(to_jsonb(OLD), to_jsonb(NEW), TG_ARGV[0]::jsonb)
            AND (
                SELECT is_withdrawn(audit.case_id)
                FROM audits_read AS read
                JOIN audits_reviewslot AS slot ON slot.id = read.slot_id
                JOIN audits_reviewitem AS item ON item.id = slot.item_id
                JOIN audits_audit AS audit ON audit.id = item.audit_id
                WHERE read.id = OLD.read_id
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER decision_append_only ON audits_decision;
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON audits_decision
    FOR EACH ROW EXECUTE FUNCTION review_refuse('{"comment": "", "seen": {}}');
DROP TRIGGER missedfinding_append_only ON audits_missedfinding;
CREATE TRIGGER missedfinding_append_only BEFORE UPDATE OR DELETE ON audits_missedfinding
    FOR EACH ROW EXECUTE FUNCTION review_refuse('{"comment": ""}');

CREATE OR REPLACE FUNCTION adjudication_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'open' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
        AND only_emptied(to_jsonb(OLD), to_jsonb(NEW), '{"reason": "[withdrawn]"}')
        AND (
            SELECT is_withdrawn(audit.case_id)
            FROM audits_reviewitem AS item
            JOIN audits_audit AS audit ON audit.id = item.audit_id
            WHERE item.id = OLD.item_id
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an adjudication stays, and once settled never changes'
        USING ERRCODE = 'restrict_violation';
END $$;

ALTER FUNCTION audit_state_guard() RENAME TO audit_move_guard;
CREATE FUNCTION audit_purge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF only_emptied(to_jsonb(OLD), to_jsonb(NEW), '{"notes": [], "failure_message": ""}')
        AND is_withdrawn(OLD.case_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an audit that is % never changes', OLD.state
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER audit_moves_along ON audits_audit;
CREATE TRIGGER audit_moves_along BEFORE UPDATE ON audits_audit
    FOR EACH ROW WHEN (OLD.state NOT IN ('done', 'cancelled'))
    EXECUTE FUNCTION audit_move_guard();
CREATE TRIGGER audit_ended_stays BEFORE UPDATE ON audits_audit
    FOR EACH ROW WHEN (OLD.state IN ('done', 'cancelled'))
    EXECUTE FUNCTION audit_purge_guard();
"""

PURGE_DOOR_SHUT = """
DROP TRIGGER audit_ended_stays ON audits_audit;
DROP TRIGGER audit_moves_along ON audits_audit;
DROP FUNCTION audit_purge_guard();
ALTER FUNCTION audit_move_guard() RENAME TO audit_state_guard;
CREATE TRIGGER audit_moves_along BEFORE UPDATE ON audits_audit
    FOR EACH ROW EXECUTE FUNCTION audit_state_guard();

CREATE OR REPLACE FUNCTION adjudication_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'open' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an adjudication stays, and once settled never changes'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP FUNCTION only_emptied(jsonb, jsonb, jsonb);
DROP FUNCTION is_withdrawn(uuid);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0018_log_by_action'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileToDelete',
            fields=[
                ('name', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('failures', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='reviewslot',
            name='slot_holder_follows_state',
        ),
        migrations.AddField(
            model_name='case',
            name='purged_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='withdrawn_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='withdrawn_for',
            field=models.CharField(blank=True, choices=[('patient_request', 'patient_request'), ('source_request', 'source_request'), ('identity_found', 'identity_found'), ('licence', 'licence'), ('other', 'other')], editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name='reviewslot',
            name='state',
            field=models.CharField(choices=[('free', 'Free'), ('leased', 'Leased'), ('submitted', 'Submitted'), ('closed', 'Closed')], default='free', max_length=9),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', False)), fields=['-withdrawn_at', '-id'], name='case_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_for', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_for__in', ['patient_request', 'source_request', 'identity_found', 'licence', 'other'])), _connector='OR'), name='case_withdrawn_says_why'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('purged_at__isnull', True), models.Q(('withdrawn_at__isnull', False), ('age__isnull', True), ('file_name_hash', ''), ('file_sha256', models.F('pixels_sha256')), ('image', ''), ('patient_hash', ''), ('perceptual_hash__isnull', True), ('preview', ''), ('sex', ''), ('study_order__isnull', True), ('thumbnail', ''), ('view', '')), _connector='OR'), name='case_purged_is_empty'),
        ),
        migrations.AddConstraint(
            model_name='reviewslot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', True), ('leased_until__isnull', True), ('reviewer__isnull', True), ('state', 'free')), models.Q(('lease_token__isnull', True), ('leased_until__isnull', True), ('reviewer__isnull', True), ('state', 'closed')), models.Q(('lease_token__isnull', False), ('leased_until__isnull', False), ('reviewer__isnull', False), ('state', 'leased')), models.Q(('lease_token__isnull', True), ('leased_until__isnull', True), ('reviewer__isnull', False), ('state', 'submitted')), _connector='OR'), name='slot_holder_follows_state'),
        ),
        migrations.AddIndex(
            model_name='filetodelete',
            index=models.Index(fields=['created_at'], name='file_to_delete_oldest'),
        ),
        migrations.RunSQL(REFUSE_WITHDRAWN, ALLOW_WITHDRAWN),
        migrations.RunSQL(PURGE_DOOR, PURGE_DOOR_SHUT),
    ]

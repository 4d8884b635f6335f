"""Triggers: the audit log only grows, and an audit moves only along its state machine."""

from django.db import migrations

LOG_GUARD = """
CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audits_auditlogentry
    FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audits_auditlogentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse();
"""

LOG_UNGUARD = """
DROP TRIGGER audit_log_no_truncate ON audits_auditlogentry;
DROP TRIGGER audit_log_append_only ON audits_auditlogentry;
DROP FUNCTION audit_log_refuse();
"""

STATE_GUARD = """
CREATE FUNCTION audit_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('done', 'cancelled') THEN
        RAISE EXCEPTION 'an audit that is % never changes', OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        IF NEW.attempt <> OLD.attempt THEN
            RAISE EXCEPTION 'a new attempt starts queued' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state = 'queued' AND NEW.state IN ('running', 'cancelled'))
        OR (OLD.state = 'running' AND NEW.state IN ('done', 'failed', 'cancelled'))
        OR (OLD.state = 'failed' AND NEW.state = 'queued' AND NEW.attempt = OLD.attempt + 1)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an audit can not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_moves_along BEFORE UPDATE ON audits_audit
    FOR EACH ROW EXECUTE FUNCTION audit_state_guard();
"""

STATE_UNGUARD = """
DROP TRIGGER audit_moves_along ON audits_audit;
DROP FUNCTION audit_state_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0002_known_sources")]

    operations = [
        migrations.RunSQL(LOG_GUARD, LOG_UNGUARD),
        migrations.RunSQL(STATE_GUARD, STATE_UNGUARD),
    ]

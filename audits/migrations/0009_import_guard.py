"""Trigger: an import moves only along its state machine, and an ended one never changes."""

from django.db import migrations

GUARD = """
CREATE FUNCTION import_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('done', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'an import that is % never changes', OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state
        OR NEW.state IN ('failed', 'cancelled')
        OR (OLD.state = 'uploading' AND NEW.state = 'checking')
        OR (OLD.state = 'checking' AND NEW.state IN ('checked', 'importing'))
        OR (OLD.state = 'checked' AND NEW.state = 'checking')
        OR (OLD.state = 'importing' AND NEW.state = 'done')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an import can not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER import_moves_along BEFORE UPDATE ON audits_import
    FOR EACH ROW EXECUTE FUNCTION import_state_guard();
"""

UNGUARD = """
DROP TRIGGER import_moves_along ON audits_import;
DROP FUNCTION import_state_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0008_known_datasets")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]

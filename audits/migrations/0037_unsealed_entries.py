"""Which entries of the audit log are not sealed yet, kept by the database itself."""

from django.db import migrations, models

# The trigger waits for the writers under way. What it has not seen is committed by then, and is
# found by looking once, while others go on writing.
KEEP = """
CREATE FUNCTION audit_log_tail_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audits_auditlogtail (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_log_tail AFTER INSERT ON audits_auditlogentry
    FOR EACH ROW EXECUTE FUNCTION audit_log_tail_add();
"""
FIND = """
INSERT INTO audits_auditlogtail (entry_id)
    SELECT id FROM audits_auditlogentry e
    WHERE NOT EXISTS (SELECT FROM audits_auditlogseal s WHERE s.entry_id = e.id)
    ON CONFLICT DO NOTHING;
"""
FORGET = """
DROP TRIGGER audit_log_tail ON audits_auditlogentry;
DROP FUNCTION audit_log_tail_add();
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audits", "0036_picture_geometry")]

    operations = [
        migrations.CreateModel(
            name="AuditLogTail",
            fields=[("entry_id", models.UUIDField(primary_key=True, serialize=False))],
        ),
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunSQL(FIND, migrations.RunSQL.noop),
    ]

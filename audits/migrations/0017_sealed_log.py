"""Seals of the audit log, which only grow, and the actor's digest in each entry."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audits_auditlogseal
    FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
"""
UNGUARD = "DROP TRIGGER audit_seal_append_only ON audits_auditlogseal;"


class Migration(migrations.Migration):
    dependencies = [("audits", "0016_adjudication")]

    operations = [
        migrations.AddField(
            model_name="auditlogentry",
            name="actor_digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditlogactor",
            name="salt",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="AuditLogSeal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField(unique=True)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

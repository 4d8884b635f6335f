"""What long lists are read by: words of drafts, slots by state, audits that went wrong.

Built without blocking those who write. ``pg_trgm`` comes with Postgres and is a trusted extension:
whoever owns the database may create it.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations, models

# By hand: Django needs its Postgres app for an operator class on an expression, and that app asks
# every new connection for types that we do not use.
WORDS = """CREATE INDEX CONCURRENTLY draft_words ON audits_draft
USING gin (upper(text) gin_trgm_ops)"""

# Kinds and labels go together: without this a flag that nobody raises is taken for a common one,
# and all audits are looked through for it.
TOGETHER = """CREATE STATISTICS flag_kind_with_label (mcv) ON kind, label FROM audits_flag;
ANALYZE audits_flag (kind, label)"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audits", "0034_reopening")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(WORDS, "DROP INDEX CONCURRENTLY draft_words"),
        migrations.RunSQL(TOGETHER, "DROP STATISTICS flag_kind_with_label"),
        AddIndexConcurrently(
            model_name="reviewslot",
            index=models.Index(fields=["queue", "state", "leased_until"], name="slot_by_state"),
        ),
        AddIndexConcurrently(
            model_name="audit",
            index=models.Index(
                fields=["-created_at", "-id"],
                name="audit_troubled",
                condition=models.Q(state__in=["failed", "cancelled"]),
            ),
        ),
    ]

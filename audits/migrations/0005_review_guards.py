"""What readers said only grows; the queue that takes every done audit exists from the start."""

from django.db import migrations

APPEND_ONLY = ("decision", "missedfinding", "retraction", "skip")

GUARD = """
CREATE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION read_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.submitted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a submitted read never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER read_submitted_stays BEFORE UPDATE ON audits_read
    FOR EACH ROW EXECUTE FUNCTION read_guard();
CREATE FUNCTION release_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'a published release never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_published_stays BEFORE UPDATE OR DELETE ON audits_release
    FOR EACH ROW EXECUTE FUNCTION release_guard();
""" + "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON audits_{table}
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
"""
    for table in APPEND_ONLY
)

UNGUARD = (
    "".join(f"DROP TRIGGER {table}_append_only ON audits_{table};\n" for table in APPEND_ONLY)
    + """
DROP TRIGGER release_published_stays ON audits_release;
DROP FUNCTION release_guard();
DROP TRIGGER read_submitted_stays ON audits_read;
DROP FUNCTION read_guard();
DROP FUNCTION review_refuse();
"""
)


def open_reading(apps, schema_editor):
    apps.get_model("audits", "Queue").objects.get_or_create(
        name="Open reading",
        defaults={
            "takes_done_audits": True,
            "guideline": "Confirm a flag if it is true and worth saying. Dismiss it with the "
            "reason that fits. Unsure is an answer.",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_review")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(open_reading, migrations.RunPython.noop),
    ]

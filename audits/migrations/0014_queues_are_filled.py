"""Queues say what they take and in which order; replaced guidelines are kept."""

import django.db.models.deletion
from django.db import migrations, models

import audits.models.review

SEEDS = "UPDATE audits_queue SET seed = replace(gen_random_uuid()::text, '-', '')"
DRAWN = "UPDATE audits_reviewitem SET drawn = true WHERE sampling_weight <> 1"
GUARD = """
CREATE TRIGGER guideline_append_only BEFORE UPDATE OR DELETE ON audits_guideline
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
"""
UNGUARD = "DROP TRIGGER guideline_append_only ON audits_guideline"
ORDERS = ["urgent", "uncertain", "oldest", "random"]


class Migration(migrations.Migration):
    # Postgres won't alter a table in the transaction that filled it: 0015 adds the constraints.
    dependencies = [("audits", "0013_roles_and_memberships")]

    operations = [
        migrations.AddField(
            "queue",
            "order",
            models.CharField(
                max_length=9,
                choices=[(order, order.capitalize()) for order in ORDERS],
                default="urgent",
            ),
        ),
        migrations.AddField("queue", "filter", models.JSONField(default=dict, blank=True)),
        migrations.AddField("queue", "unflagged_share", models.FloatField(default=0.0)),
        migrations.AddField(
            "queue",
            "seed",
            models.CharField(max_length=32, default=audits.models.review.new_seed, editable=False),
        ),
        migrations.AddField("queue", "guideline_version", models.PositiveIntegerField(default=1)),
        migrations.AddField("read", "guideline_version", models.PositiveIntegerField(default=1)),
        migrations.AddField(
            "reviewitem",
            "drawn",
            models.BooleanField(default=False, help_text="By chance, from the unflagged audits."),
        ),
        migrations.CreateModel(
            name="Guideline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guidelines",
                        to="audits.queue",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["queue", "version"], name="guideline_version_once"
                    )
                ]
            },
        ),
        migrations.RunSQL(SEEDS, migrations.RunSQL.noop),
        migrations.RunSQL(DRAWN, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

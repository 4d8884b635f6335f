"""The audit log is filtered by action; built without blocking those who write it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audits", "0017_sealed_log")]

    operations = [
        AddIndexConcurrently(
            model_name="auditlogentry",
            index=models.Index(fields=["action", "-at", "-id"], name="log_of_action"),
        ),
    ]

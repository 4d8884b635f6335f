"""When a batch was last sent, so that one whose message is lost is found."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0011_import_chunks")]

    operations = [
        migrations.AddField(
            "batch",
            "sent_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]

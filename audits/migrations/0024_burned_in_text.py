"""Whether a picture holds what looks like text; null for those from before anything looked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0023_scrubbed_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='burned_in',
            field=models.BooleanField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='case',
            name='burned_in',
            field=models.BooleanField(default=False, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='burned_in_cleared_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]

"""What was taken out of a draft; null for those from before, which nobody has looked through."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0022_models_are_watched'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='scrubbed',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='draft',
            name='scrubbed',
            field=models.JSONField(default=dict, null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='text_cleared_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]

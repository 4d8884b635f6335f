"""Lists of what waits for a curator stay fast among many cases that wait for nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0025_release_settlements'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(models.Q(('burned_in', True), ('burned_in__isnull', True), _connector='OR'), ('burned_in_cleared_at__isnull', True)), fields=['-created_at', '-id'], name='case_uncleared'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(models.Q(models.Q(('scrubbed', {}), _negated=True), ('scrubbed__isnull', True), _connector='OR'), ('text_cleared_at__isnull', True)), fields=['case'], name='draft_uncleared'),
        ),
    ]

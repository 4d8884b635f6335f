"""A case may carry the split that its source gives it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0028_blind_reading'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='split',
            field=models.CharField(blank=True, choices=[('train', 'train'), ('validation', 'validation'), ('test', 'test')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('split__in', ['', 'train', 'validation', 'test'])), name='case_split_known'),
        ),
    ]

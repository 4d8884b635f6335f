"""API tokens have a name and a scope, and tell when they were last used."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("audits", "0026_uncleared_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='last_used_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='name',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='scope',
            field=models.CharField(choices=[('read', 'Read'), ('write', 'Write'), ('administer', 'Administer')], default='administer', max_length=10),
        ),
        migrations.AddIndex(
            model_name='apitoken',
            index=models.Index(fields=['user', '-created_at', '-id'], name='token_newest'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['read', 'write', 'administer'])), name='api_token_scope_known'),
        ),
    ]

"""What a queue's words and shares may be, and when an item may weigh more than itself."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("audits", "0014_queues_are_filled")]

    operations = [
        migrations.AddConstraint(
            "queue",
            models.CheckConstraint(
                name="queue_words_known",
                condition=Q(
                    state__in=["open", "paused", "closed"],
                    order__in=["urgent", "uncertain", "oldest", "random"],
                ),
            ),
        ),
        migrations.AddConstraint(
            "queue",
            models.CheckConstraint(
                name="queue_share_in_range", condition=Q(unflagged_share__range=(0, 1))
            ),
        ),
        migrations.AddConstraint(
            "reviewitem",
            models.CheckConstraint(
                name="item_weight_if_drawn", condition=Q(drawn=True) | Q(sampling_weight=1)
            ),
        ),
    ]

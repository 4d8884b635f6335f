"""Reading webhooks and what was told: administrators only."""

from django.db.models import Count, Prefetch, Q, QuerySet

from audits.models import User, Webhook, WebhookAttempt, WebhookDelivery


def visible_webhooks(user: User) -> QuerySet[Webhook]:
    if not user.is_administrator:
        return Webhook.objects.none()
    return Webhook.objects.filter(deleted_at__isnull=True)


def with_delivery_counts(webhooks: QuerySet[Webhook]) -> QuerySet[Webhook]:
    """Each with what waits and what was given up."""
    return webhooks.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state="waiting")),
        gave_up=Count("deliveries", filter=Q(deliveries__state="gave_up")),
    )


def visible_deliveries(user: User) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(webhook__in=visible_webhooks(user))


def with_history(deliveries: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
    """Each with its attempts, oldest first."""
    attempts = WebhookAttempt.objects.order_by("at", "id")
    return deliveries.prefetch_related(Prefetch("history", queryset=attempts))

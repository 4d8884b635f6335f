"""One object behind every address of the API, all of them of a queue that only its members see."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from audits.models import (
    Audit,
    Batch,
    BatchItem,
    Import,
    Queue,
    QueueMembership,
    Release,
    SignInGuesses,
    Source,
    User,
    Webhook,
    WebhookDelivery,
)
from audits.services.leases import Claimed, claim_slot
from audits.services.tokens import token_create
from tests.audits.reviewing import make_audit, make_model, make_queue, make_user


@dataclass(frozen=True)
class Closed:
    people: dict[str, User]
    queue: Queue
    audit: Audit
    ids: dict[str, UUID]
    lease: dict[str, object]
    """What the reader's page sends with each save; a thief would have read it off the wire."""

    @property
    def secrets(self) -> set[str]:
        """Ids that nobody without the queue may ever be told."""
        hidden = ("audit_id", "case_id", "queue_id", "slot_id", "batch_id", "import_id")
        hidden += ("webhook_id", "delivery_id", "token_id", "lock_id", "member_id")
        return {str(self.ids[name]) for name in hidden}


def closed_world() -> Closed:
    people = {
        "outsider": make_user("olga"),
        "reader": make_user("rita"),
        "curator": make_user("carl", is_curator=True),
        "administrator": make_user("anna", is_staff=True),
    }
    audit = make_audit()
    queue = make_queue(audit, make_audit())
    Queue.objects.filter(pk=queue.pk).update(open_to_all=False)
    queue.refresh_from_db()
    member = QueueMembership.objects.create(queue=queue, user=people["reader"])
    claimed = claim_slot(queue=queue, reviewer=people["reader"], audit_id=audit.pk)
    assert isinstance(claimed, Claimed)
    told = _told(audit)
    source = Source.objects.create(slug="of-the-curator", name="Of the curator")
    return Closed(
        people=people,
        queue=queue,
        audit=audit,
        ids={
            "audit_id": audit.pk,
            "case_id": audit.case_id,
            "draft_id": audit.draft_id,
            "queue_id": queue.pk,
            "slot_id": claimed.slot.pk,
            "read_id": claimed.read.pk,
            "batch_id": _batch(audit, people["curator"]).pk,
            "import_id": _import(source, people["curator"]).pk,
            "release_id": _release(people["curator"]).pk,
            "source_id": source.pk,
            "model_id": audit.grounder_id,
            "token_id": token_create(user=people["reader"])[0].pk,
            "lock_id": _lock(people["reader"]).pk,
            "member_id": member.pk,
            "person_id": people["reader"].pk,
            "webhook_id": told.webhook_id,
            "delivery_id": told.pk,
        },
        lease={"lease_token": str(claimed.slot.lease_token), "fence": claimed.slot.fence},
    )


def _batch(audit: Audit, actor: User) -> Batch:
    batch = Batch.objects.create(
        grounder=audit.grounder,
        parser=make_model("parser"),
        policy="1",
        requested_by=actor,
        sent_at=audit.created_at,
    )
    BatchItem.objects.create(batch=batch, draft=audit.draft, position=0, audit=audit)
    return batch


def _import(source: Source, actor: User) -> Import:
    return Import.objects.create(source=source, size=4, created_by=actor)


def _release(actor: User) -> Release:
    return Release.objects.create(name="closed", version="1.0.0", created_by=actor)


def _lock(person: User) -> SignInGuesses:
    return SignInGuesses.objects.create(
        key="0" * 64, user=person, failures=settings.SIGN_IN_FAILURES, last_at=timezone.now()
    )


def _told(audit: Audit) -> WebhookDelivery:
    webhook = Webhook.objects.create(
        url="https://hook.example/", events=["audit.done"], salt="5a" * 32
    )
    return WebhookDelivery.objects.create(
        webhook=webhook,
        event="audit.done",
        target_type="audit",
        target_id=audit.pk,
        next_at=audit.created_at,
    )


def body_of(name: str, method: str, world: Closed) -> dict[str, object]:
    """What the reader's own page would send, so that only the right to do it is in question."""
    if method in ("get", "delete"):
        return {}
    more = {**BODIES.get((name, method), {}), **_about(world, name)}
    return {**world.lease, **more} if name.startswith("slot-") else dict(more)


def _about(world: Closed, name: str) -> dict[str, object]:
    if name in ("audits-retry", "queue-assignments"):
        return {"audits": [str(world.audit.pk)]}
    if name == "slot-decisions":
        flag = world.audit.flags.get()
        return {"id": str(uuid4()), "flag": str(flag.pk), "verdict": "confirmed"}
    return {}


BODIES: dict[tuple[str, str], dict[str, object]] = {
    ("queues", "post"): {"name": "Another queue"},
    ("queue", "patch"): {"name": "Renamed"},
    ("source", "patch"): {"name": "Renamed"},
    ("sources", "post"): {"slug": "new-source", "name": "New"},
    ("read-reopen", "post"): {"id": str(uuid4()), "reason": "Look again."},
    ("releases", "post"): {"name": "another"},
    ("batches", "post"): {"selection": {}},
    ("model-promote", "post"): {"reason": "It finds more."},
    ("imports", "post"): {"source": "of-the-curator", "size": 10},
    ("person", "patch"): {"curator": True},
    ("queue-assignments", "post"): {"username": "rita"},
    ("queue-members", "post"): {"username": "rita", "role": "reviewer"},
    ("my-tokens", "post"): {"name": "mine", "scope": "read"},
    ("webhooks", "post"): {"url": "https://hook.example/", "events": ["audit.done"]},
    ("webhook", "patch"): {"active": False},
    ("slot-commit", "post"): {"id": str(uuid4()), "step": "draft"},
    ("slot-submit", "post"): {"nothing_else_missed": True},
    ("slot-skip", "post"): {"reason": "image_quality"},
    ("slot-missed-findings", "post"): {"id": str(uuid4()), "label": "pneumothorax"},
    ("case-withdraw", "post"): {"reason": "other"},
    ("case-drafts", "post"): {"text": "Clear lungs."},
}

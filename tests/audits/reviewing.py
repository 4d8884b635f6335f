"""Rows that the review tests start from: an audit that is done, with flags, in a queue."""

import hashlib
import itertools
import uuid
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from audits.models import Audit, Case, Draft, Flag, ModelVersion, Queue, Source, User
from audits.services.queues import add_audit
from audits.services.reads import Answer, Lease
from inference.decisions import Reason, Verdict
from inference.vocabulary import LABELS, Label

_NUMBERS = itertools.count()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_user(name: str, **extra: Any) -> User:
    return User.objects.create_user(username=name, password=None, **extra)


def make_model(kind: str, *, may_release_output: bool = True) -> ModelVersion:
    model, _ = ModelVersion.objects.get_or_create(
        kind=kind,
        name="made-for-tests",
        version="1",
        hash=_sha256(kind),
        licence="CC0-1.0",
        may_release_output=may_release_output,
    )
    return model


def source_of(slug: str) -> Source:
    """The source, made anew where a transactional test before emptied the table."""
    open_terms = slug == "phantom"
    source, _ = Source.objects.get_or_create(
        slug=slug,
        defaults={
            "name": slug,
            "pixels_redistributable": open_terms,
            "text_redistributable": open_terms,
            "boxes_redistributable": open_terms,
        },
    )
    return source


def make_audit(
    *,
    flags: tuple[tuple[str, str], ...] = (("MISSING", "pleural_effusion"),),
    source: str = "phantom",
    patient: str = "",
    may_release_output: bool = True,
    draft: str = "Heart size normal.",
    scores: dict[str, float | None] | None = None,
    state: str = "done",
    image_labels: dict[Label, str] | None = None,
    finished_at: datetime | None = None,
    grounder: ModelVersion | None = None,
) -> Audit:
    """A done audit with the flags named as ``(kind, label)`` and a small stored image."""
    key = str(next(_NUMBERS))
    image = default_storage.save(f"made/{key}.png", ContentFile(b"pixels of " + key.encode()))
    case = Case.objects.create(
        source=source_of(source),
        file_sha256=_sha256("file" + key),
        pixels_sha256=_sha256("pixels" + key),
        patient_hash=_sha256("patient" + patient) if patient else "",
        width=64,
        height=64,
        image=image,
        preview=image,
        thumbnail=image,
    )
    text = Draft.objects.create(case=case, text=draft, sha256=_sha256(draft))
    audit = Audit.objects.create(
        case=case,
        draft=text,
        grounder=grounder or make_model("grounder", may_release_output=may_release_output),
        parser=make_model("parser"),
        policy="1",
        state=state,
        image_state="grounded",
        draft_state="parsed",
        image_labels=image_labels or dict.fromkeys(LABELS),
        draft_labels=dict.fromkeys(LABELS),
        scores=scores or {},
        finished_at=(finished_at or timezone.now()) if state == "done" else None,
    )
    for position, (kind, label) in enumerate(flags):
        Flag.objects.create(
            audit=audit,
            position=position,
            kind=kind,
            label=label,
            reason="omitted" if kind == "MISSING" else None,
            reported=False if kind == "URGENT" else None,
            urgency_tier=1 if kind == "URGENT" else None,
            boxes=[[0.1, 0.1, 0.4, 0.4]] if kind != "UNSUPPORTED" else [],
            spans=[[0, 5]] if kind == "UNSUPPORTED" else [],
        )
    return audit


def make_queue(*audits: Audit, reads_per_item: int = 1, lease_minutes: int = 15) -> Queue:
    queue = Queue.objects.create(
        name=f"queue {next(_NUMBERS)}", reads_per_item=reads_per_item, lease_minutes=lease_minutes
    )
    for audit in audits:
        add_audit(queue=queue, audit=audit)
    return queue


def lease_of(claimed: Any, reviewer: User) -> Lease:
    return Lease(
        slot_id=claimed.slot.pk,
        reviewer=reviewer,
        token=claimed.slot.lease_token,
        fence=claimed.slot.fence,
    )


def answer_to(flag: Flag, verdict: Verdict = Verdict.CONFIRMED, **said: Any) -> Answer:
    if verdict is Verdict.DISMISSED:
        said.setdefault("reason", Reason.DUPLICATE)
    said.setdefault("id", uuid.uuid4())
    return Answer(flag_id=flag.pk, verdict=verdict, **said)

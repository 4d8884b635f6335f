"""What the database itself refuses, whoever asks."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from audits.models import (
    Audit,
    AuditLogEntry,
    AuditState,
    Claim,
    Draft,
    Finding,
    Flag,
    Mention,
    Source,
    User,
)
from audits.services.log import record
from tests.audits.reviewing import make_audit
from tests.audits.stored import started, work

pytestmark = pytest.mark.django_db

LEGAL = {
    ("queued", "running"),
    ("queued", "cancelled"),
    ("running", "done"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("failed", "queued"),
}


def refused(change: Any) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


class TestLog:
    def test_entries_are_never_changed_or_removed(self) -> None:
        source = Source.objects.get(slug="upload")
        entry = record(actor=None, action="source.seen", target=source)
        rows = AuditLogEntry.objects.filter(pk=entry.pk)
        assert refused(lambda: rows.update(action="source.hidden"))
        assert refused(lambda: rows._raw_delete(rows.db))
        assert rows.get().action == "source.seen"

    def test_table_is_not_emptied(self) -> None:
        """The trigger is off in tests, which empty tables; here it is on."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audits_auditlogentry ENABLE TRIGGER audit_log_no_truncate")
            assert refused(lambda: cursor.execute("TRUNCATE audits_auditlogentry CASCADE"))
            cursor.execute("ALTER TABLE audits_auditlogentry DISABLE TRIGGER audit_log_no_truncate")

    @pytest.mark.django_db(transaction=True)
    def test_entry_needs_the_transaction_of_its_change(self) -> None:
        source = Source.objects.get(slug="upload")
        with pytest.raises(TransactionManagementError):
            record(actor=None, action="source.seen", target=source)
        assert not AuditLogEntry.objects.exists()

    def test_actor_can_be_erased_and_the_entry_stays(self) -> None:
        user = User.objects.create_user("gone")
        entry = record(actor=user, action="source.seen", target=Source.objects.get(slug="upload"))
        user.delete()
        entry.refresh_from_db()
        assert entry.actor.user is None


class TestStateMachine:
    @pytest.mark.parametrize("before", list(AuditState))
    @pytest.mark.parametrize("after", list(AuditState))
    def test_moves(self, before: AuditState, after: AuditState) -> None:
        audit = audit_in(before)
        again = int((before, after) == ("failed", "queued"))
        move = Audit.objects.filter(pk=audit.pk)
        is_refused = refused(lambda: move.update(**_columns(after), attempt=1 + again))
        stays = before == after and before in ("queued", "running", "failed")
        assert is_refused != ((before, after) in LEGAL or stays)

    def test_attempt_only_grows_with_a_retry(self) -> None:
        audit = started()
        assert refused(lambda: Audit.objects.filter(pk=audit.pk).update(attempt=2))

    def test_done_audit_is_frozen(self) -> None:
        audit = work(started())
        assert audit.state == "done"
        assert refused(lambda: Audit.objects.filter(pk=audit.pk).update(notes=["changed"]))

    @pytest.mark.parametrize(
        "missing", ["image_state", "draft_state", "image_labels", "draft_labels"]
    )
    def test_done_needs_results(self, missing: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            audit_in("done", **{missing: None})


def audit_in(state: str, **columns: Any) -> Audit:
    """An audit inserted as it stands: only changes go through the state machine."""
    like = make_audit(flags=())
    draft = Draft.objects.create(case=like.case, text=state, sha256="e" * 64)
    names = ("case", "grounder", "parser", "policy", "image_state", "draft_state")
    given = {name: getattr(like, name) for name in (*names, "image_labels", "draft_labels")}
    return Audit.objects.create(draft=draft, **{**given, **_columns(state), **columns})


def _columns(state: str) -> dict[str, Any]:
    ended = state in ("done", "failed", "cancelled")
    return {
        "state": state,
        "finished_at": timezone.now() if ended else None,
        "failure_code": "made_up" if state == "failed" else "",
    }


FINDING = {"label": "pneumothorax"}
MENTION = {"label": "pneumothorax", "state": "present", "start": 0, "end": 5, "text": "x"}
CLAIM = {"type": "finding", "start": 0, "end": 5, "text": "x"}
BOX = {"y0": 0.1, "x0": 0.1, "y1": 0.4, "x1": 0.4}


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Finding, {"label": "atelectasis"}),
        (Finding, {**FINDING, **BOX, "y1": 0.1}),
        (Finding, {**FINDING, **BOX, "x0": 0.5}),
        (Finding, {**FINDING, **BOX, "y0": -0.1}),
        (Finding, {**FINDING, **BOX, "x1": 1.1}),
        (Finding, {**FINDING, **BOX, "y0": None}),
        (Finding, {**FINDING, **BOX, "x1": float("nan")}),
        (Finding, {**FINDING, "score": 1.5}),
        (Mention, {**MENTION, "state": "silent"}),
        (Mention, {**MENTION, "end": 0}),
        (Mention, {**MENTION, "side": "middle"}),
        (Claim, {**CLAIM, "end": 0}),
        (Claim, {**CLAIM, "type": "opinion"}),
        (Claim, {**CLAIM, "penalty": 25}),
        (Flag, {"kind": "ODD", "label": "pneumothorax"}),
        (Flag, {"kind": "MISSING", "label": "pneumothorax"}),
        (Flag, {"kind": "MISSING", "label": "pneumothorax", "reason": "forgotten"}),
        (Flag, {"kind": "UNSUPPORTED", "label": "pneumothorax", "reason": "omitted"}),
        (Flag, {"kind": "UNSUPPORTED", "label": "pneumothorax", "reported": True}),
        (Flag, {"kind": "URGENT", "label": "pneumothorax"}),
        (Flag, {"kind": "UNSUPPORTED", "label": "pneumothorax", "urgency_tier": 1}),
    ],
)
def test_senseless_evidence_is_refused(model: type[Model], columns: dict[str, Any]) -> None:
    audit = make_audit(flags=())
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.create(audit=audit, position=0, **columns)


@pytest.mark.parametrize(
    ("model", "columns"),
    [(Finding, {**FINDING, **BOX}), (Finding, FINDING), (Mention, MENTION), (Claim, CLAIM)],
)
def test_sensible_evidence_is_taken(model: type[Model], columns: dict[str, Any]) -> None:
    model._default_manager.create(audit=make_audit(flags=()), position=0, **columns)

"""Withdrawing a case: nothing of the patient is left, the tombstone is, and nothing comes back."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.errors import Conflict
from audits.models import (
    Adjudication,
    Audit,
    AuditLogEntry,
    AuditStep,
    Batch,
    Case,
    Claim,
    Decision,
    Draft,
    FailedStep,
    FileToDelete,
    Generation,
    LedgerRow,
    Mention,
    MissedFinding,
    Queue,
    RecordedReading,
    ReviewSlot,
    Sending,
    SyntheticDraft,
    User,
    WithdrawalReason,
)
from audits.services import files
from audits.services.audits import audit_retry
from audits.services.batches import Selection, batch_create, batch_go_on
from audits.services.cases import NewCase, case_create
from audits.services.files import files_delete
from audits.services.leases import Claimed, claim_slot
from audits.services.queues import add_audit
from audits.services.reads import Lease, save_decision, save_missed_finding, submit_read
from audits.services.withdrawals import _mark, case_purge, withdrawals_reconcile
from inference.vocabulary import Label
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue
from tests.audits.stored import started, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]

SECRET = "zebracorn"
"""Written wherever a person or a model can write words."""
DRAFT = f"No pneumothorax in {SECRET}. Large {SECRET} effusion."
Files = Callable[[], set[str]]
Run = Any


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def withdraw(client: APIClient, case: Case, reason: str = "patient_request") -> Any:
    return client.post(f"/api/v1/cases/{case.pk}/withdraw", {"reason": reason}, format="json")


def tables_with(word: str) -> dict[str, int]:
    """Tables of which a row holds the word in any column, and how many rows."""
    with connection.cursor() as cursor:
        found = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{name}" AS t WHERE t::text ILIKE %s', [f"%{word}%"]
            )
            found[name] = cursor.fetchone()[0]
    return {name: count for name, count in found.items() if count}


def read_by(reader: User, audit: Audit, *, submit: bool = True) -> Lease:
    """A read whose every answer says the secret."""
    claimed = claim_slot(queue=make_queue(audit), reviewer=reader)
    assert isinstance(claimed, Claimed)
    lease = lease_of(claimed, reader)
    for flag in audit.flags.all():
        said = {"comment": f"said {SECRET}", "seen": {"note": SECRET}}
        save_decision(lease=lease, answer=answer_to(flag, **said))
    save_missed_finding(
        lease=lease, finding_id=uuid.uuid4(), label=Label.CARDIOMEGALY, box=None, comment=SECRET
    )
    if submit:
        submit_read(lease=lease, nothing_else_missed=True)
    return lease


def told_everywhere(reader: User) -> Audit:
    """A done, read and adjudicated audit with the secret in every column that can hold words."""
    audit = work(started(Label.PNEUMOTHORAX, draft=DRAFT, actor=reader))
    assert audit.state == "done" and audit.flags.exists()
    words = {"audit": audit, "step": "parsing", "attempt": 1}
    model = {"model": audit.parser, "position": 0, "ms": 1, "outcome": "failed"}
    Generation.objects.create(**words, **model, raw=SECRET, detail=SECRET, settings={"a": SECRET})
    LedgerRow.objects.create(**words, position=9, reason="unparsable", raw=SECRET, detail=SECRET)
    FailedStep.objects.create(**words, claims=1, code="broken", message=SECRET, traceback=SECRET)
    span = {"label": "pneumothorax", "state": "absent", "start": 0, "end": 5}
    Mention.objects.create(audit=audit, position=9, **span, text=SECRET, cue=SECRET)
    AuditStep.objects.filter(audit=audit).update(result={"said": SECRET}, traceback=SECRET)
    reading = {"ledger": [{"reason": "bad_box", "raw": SECRET}], "digest": "a" * 64}
    RecordedReading.objects.create(case=audit.case, kind="annotated", **reading)
    SyntheticDraft.objects.create(draft=audit.draft, kind="drop", seed=1)
    lease = read_by(reader, audit)
    item = ReviewSlot.objects.get(pk=lease.slot_id).item
    settled = {"state": "settled", "adjudicator": reader, "settled_at": audit.finished_at}
    Adjudication.objects.create(
        item=item, queue=item.queue, differs=[], reason=f"because {SECRET}", **settled
    )
    return audit


class TestPurge:
    def test_no_word_and_no_pixel_is_left(
        self,
        curator: User,
        reader: User,
        stored_files: Files,
        django_capture_on_commit_callbacks: Run,
    ) -> None:
        before = stored_files()
        audit = told_everywhere(reader)
        held = set(tables_with(SECRET))
        assert len(held) >= 11 and len(stored_files() - before) >= 2, held
        with django_capture_on_commit_callbacks(execute=True):
            answer = withdraw(client_of(curator), audit.case)
        assert answer.status_code == 200, answer.content
        assert tables_with(SECRET) == {}
        assert stored_files() == before and not FileToDelete.objects.exists()
        assert not Sending.objects.exists() and not RecordedReading.objects.exists()

    def test_the_tombstone_says_what_and_when_and_why(self, curator: User, reader: User) -> None:
        audit = told_everywhere(reader)
        content = audit.case.pixels_sha256
        body = withdraw(client_of(curator), audit.case, "identity_found").json()
        told = {name: body[name] for name in ("id", "content_sha256", "source", "reason")}
        assert told == {
            "id": str(audit.case_id),
            "content_sha256": content,
            "source": "upload",
            "reason": "identity_found",
        }
        assert body["withdrawn_at"] <= body["purged_at"] and body["same_pixels"] == []
        listed = client_of(curator).get("/api/v1/withdrawals").json()["results"]
        assert listed == [body]
        actions = AuditLogEntry.objects.filter(object_id=audit.case_id, action__contains="case.")
        assert {"case.withdrawn", "case.purged"} <= {entry.action for entry in actions}
        purged = actions.get(action="case.purged").data
        assert purged["decision"] == audit.flags.count() and purged["draft"] == 1

    def test_what_names_nobody_stays_for_the_counts(self, curator: User, reader: User) -> None:
        audit = told_everywhere(reader)
        kept = (Decision, MissedFinding, Mention, Claim, Generation, LedgerRow)
        before = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in kept]
        withdraw(client_of(curator), audit.case)
        after = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in kept]
        assert after == before
        assert Audit.objects.get(pk=audit.pk).state == "done"

    def test_twice_is_once_and_the_first_reason_stays(self, curator: User) -> None:
        audit = make_audit()
        first = withdraw(client_of(curator), audit.case, "licence").json()
        again = withdraw(client_of(curator), audit.case, "other").json()
        assert again == first
        assert AuditLogEntry.objects.filter(action="case.withdrawn").count() == 1
        assert AuditLogEntry.objects.filter(action="case.purged").count() == 1

    def test_other_cases_lose_nothing(self, curator: User, reader: User) -> None:
        gone, other = make_audit(draft="Gone."), make_audit(draft=f"Stays {SECRET}.")
        read_by(reader, other)
        before = tables_with(SECRET)
        withdraw(client_of(curator), gone.case)
        assert tables_with(SECRET) == before

    @pytest.mark.parametrize("reason", ["", "because I say so", None])
    def test_the_reason_is_a_word_of_the_list(self, curator: User, reason: str | None) -> None:
        audit = make_audit()
        answer = client_of(curator).post(
            f"/api/v1/cases/{audit.case_id}/withdraw", {"reason": reason}, format="json"
        )
        assert answer.status_code == 400 and list(answer.json()["error"]["fields"]) == ["reason"]
        assert Case.objects.get(pk=audit.case_id).withdrawn_at is None

    def test_a_case_that_is_not_there_is_not_found(self, curator: User) -> None:
        answer = client_of(curator).post(
            f"/api/v1/cases/{uuid.uuid4()}/withdraw", {"reason": "other"}, format="json"
        )
        assert answer.status_code == 404


class TestHidden:
    def test_nobody_finds_it_any_more(self, curator: User, reader: User) -> None:
        audit = told_everywhere(reader)
        case, draft = audit.case, audit.draft
        withdraw(client_of(curator), case)
        for person in (curator, reader):
            client = client_of(person)
            for address in (
                f"cases/{case.pk}",
                f"cases/{case.pk}/image",
                f"cases/{case.pk}/pixels",
                f"cases/{case.pk}/thumbnail",
                f"audits/{audit.pk}",
                f"audits/{audit.pk}/generations",
            ):
                assert client.get(f"/api/v1/{address}").status_code == 404, address
            for listed in ("cases", "audits", "adjudications"):
                assert client.get(f"/api/v1/{listed}").json()["results"] == [], listed
        again = {"text": "Clear lungs.", "revises": str(draft.pk)}
        sent = client_of(curator).post(f"/api/v1/cases/{case.pk}/drafts", again, format="json")
        assert sent.status_code == 404

    def test_its_open_slots_are_closed_and_counted_no_more(
        self, curator: User, reader: User
    ) -> None:
        gone, stays = make_audit(), make_audit()
        queue = make_queue(gone, stays, reads_per_item=2)
        withdraw(client_of(curator), gone.case)
        states = ReviewSlot.objects.filter(item__audit=gone).values_list("state", flat=True)
        assert list(states) == ["closed", "closed"]
        claimed = claim_slot(queue=queue, reviewer=reader)
        assert isinstance(claimed, Claimed) and claimed.slot.item.audit_id == stays.pk
        shown = client_of(curator).get(f"/api/v1/queues/{queue.pk}").json()
        assert shown["counts"]["free"] == 1, shown

    def test_a_reader_at_work_is_told_and_nothing_is_kept(
        self, curator: User, api: APIClient, reader: User
    ) -> None:
        audit = make_audit()
        lease = read_by(reader, audit, submit=False)
        withdraw(client_of(curator), audit.case)
        before = Decision.objects.count()
        shown = {"lease_token": str(lease.token), "fence": lease.fence}
        flag = audit.flags.get()
        saved = {"id": str(uuid.uuid4()), "flag": str(flag.pk), "verdict": "confirmed"}
        for path, more in (
            ("decisions", {**saved, "comment": SECRET}),
            ("heartbeat", {}),
            ("submit", {"nothing_else_missed": True}),
            ("reclaim", {}),
        ):
            answer = api.post(
                f"/api/v1/slots/{lease.slot_id}/{path}", {**shown, **more}, format="json"
            )
            assert answer.status_code == 409, (path, answer.content)
            assert answer.json()["error"]["code"] == "withdrawn", path
        assert Decision.objects.count() == before and tables_with(SECRET) == {}

    def test_filling_a_queue_leaves_it_out(self, curator: User) -> None:
        gone, stays = make_audit(), make_audit()
        withdraw(client_of(curator), gone.case)
        queue = Queue.objects.create(name="filled later")
        client_of(curator).post(f"/api/v1/queues/{queue.pk}/fill")
        assert list(queue.items.values_list("audit", flat=True)) == [stays.pk]
        with pytest.raises(Conflict, match="withdrawn"):
            add_audit(queue=queue, audit=gone)


class TestComingBack:
    def test_the_same_pixels_are_refused_to_its_source(self, curator: User, api: APIClient) -> None:
        audit = started(seed=3)
        withdraw(client_of(curator), audit.case)
        sent = {"image": SimpleUploadedFile("again.png", picture(seed=3)), "draft": SECRET}
        answer = api.post("/api/v1/cases", sent, format="multipart")
        assert answer.status_code == 400
        assert "withdrawn" in answer.json()["error"]["fields"]["image"][0]
        assert tables_with(SECRET) == {}

    def test_files_that_another_source_shares_stay_until_it_goes_too(
        self, curator: User, stored_files: Files, django_capture_on_commit_callbacks: Run
    ) -> None:
        before = stored_files()
        image = picture(seed=4)
        one, two = (
            case_create(new=NewCase(image=image, source=slug), actor=None).draft.case
            for slug in ("upload", "open-i")
        )
        shared = stored_files()
        with django_capture_on_commit_callbacks(execute=True):
            body = withdraw(client_of(curator), one).json()
        assert [twin["id"] for twin in body["same_pixels"]] == [str(two.pk)]
        assert stored_files() == shared
        assert client_of(curator).get(f"/api/v1/cases/{two.pk}/image").status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(client_of(curator), two)
        assert stored_files() == before

    def test_a_batch_refuses_it_with_the_reason(self, curator: User) -> None:
        audit = make_audit()
        batch = batch_create(selection=Selection(), actor=curator)
        withdraw(client_of(curator), audit.case)
        batch_go_on(batch_id=batch.pk)
        assert Batch.objects.get().items.get().refusal_code == "withdrawn"

    def test_a_failed_audit_is_not_tried_again(self, curator: User) -> None:
        audit = started(order=11)
        work(audit)
        audit.refresh_from_db()
        assert audit.state == "failed"
        withdraw(client_of(curator), audit.case)
        with pytest.raises(Conflict, match="withdrawn"):
            audit_retry(audit=audit, actor=None)

    def test_work_under_way_is_cancelled_and_what_it_brings_is_dropped(self, curator: User) -> None:
        audit = started(Label.PNEUMOTHORAX, draft=DRAFT)
        withdraw(client_of(curator), audit.case)
        assert work(audit).state == "cancelled"
        assert tables_with(SECRET) == {}


class TestGuards:
    def test_the_database_refuses_what_would_bring_it_back(self, curator: User) -> None:
        audit = make_audit()
        withdraw(client_of(curator), audit.case)
        case = Case.objects.get(pk=audit.case_id)
        same = {name: getattr(audit, name) for name in ("case", "draft", "grounder", "parser")}
        for change in (
            lambda: Case.objects.filter(pk=case.pk).update(withdrawn_at=None, withdrawn_for=""),
            lambda: Case.objects.filter(pk=case.pk).update(patient_hash="x"),
            lambda: Case.objects.filter(pk=case.pk).update(image="back.png"),
            lambda: Draft.objects.create(case=case, text=SECRET, sha256="b" * 64),
            lambda: Audit.objects.create(**same, policy="2"),
            lambda: RecordedReading.objects.create(case=case, kind="annotated", digest="c" * 64),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_the_door_lets_nothing_else_through(self, curator: User, reader: User) -> None:
        """Of a case that stands nothing is emptied, of a withdrawn one only words."""
        audit = work(started(Label.PNEUMOTHORAX, draft=DRAFT, actor=reader))
        read_by(reader, audit)
        decisions = Decision.objects.filter(flag__audit=audit)
        missed = MissedFinding.objects.filter(read__reviewer=reader)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            decisions.update(comment="", seen={})
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Audit.objects.filter(pk=audit.pk).update(notes=[], failure_message="")
        withdraw(client_of(curator), audit.case)
        for change in (
            lambda: decisions.update(comment="other words"),
            lambda: decisions.update(comment="", seen={}, verdict="indeterminate"),
            lambda: decisions._raw_delete(decisions.db),
            lambda: missed.update(label="nodule_mass"),
            lambda: Audit.objects.filter(pk=audit.pk).update(notes=[], score=1),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestCutOff:
    def test_killed_after_the_mark_the_reconciler_purges(
        self, curator: User, reader: User, stored_files: Files
    ) -> None:
        before = stored_files()
        audit = told_everywhere(reader)
        _mark(audit.case_id, WithdrawalReason.OTHER, curator)
        assert client_of(curator).get(f"/api/v1/cases/{audit.case_id}").status_code == 404
        assert SECRET in Draft.objects.get(pk=audit.draft_id).text
        assert withdrawals_reconcile() >= 1
        assert tables_with(SECRET) == {} and stored_files() == before
        assert withdrawals_reconcile() == 0 and not case_purge(case_id=audit.case_id)

    def test_killed_before_the_files_are_gone_the_reconciler_deletes_them(
        self, curator: User, stored_files: Files
    ) -> None:
        before = stored_files()
        withdraw(client_of(curator), started(seed=5).case)  # on_commit never comes here
        assert stored_files() != before and FileToDelete.objects.exists()
        withdrawals_reconcile()
        assert stored_files() == before and not FileToDelete.objects.exists()

    def test_a_store_that_fails_is_counted_and_asked_again(
        self, curator: User, monkeypatch: pytest.MonkeyPatch, stored_files: Files
    ) -> None:
        before = stored_files()
        withdraw(client_of(curator), started(seed=6).case)
        with monkeypatch.context() as broken:

            def away(name: str) -> None:
                raise OSError("the disk is away")

            broken.setattr(files.default_storage, "delete", away)
            assert files_delete() == 0
        assert {note.failures for note in FileToDelete.objects.all()} == {1}
        assert files_delete() >= 2 and stored_files() == before

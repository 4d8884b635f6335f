"""What may name a person is replaced before it is stored, and stays here until it is cleared."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from audits.models import AuditLogEntry, Case, Draft, User
from audits.services.cases import NewCase, case_create
from audits.services.releases.build import request_release
from audits.services.releases.freeze import freeze
from inference.images import encode_png
from inference.vocabulary import Label
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.reviewing import make_audit, make_user
from tests.audits.stored import started, work
from tests.audits.test_releases import read_through
from tests.audits.test_withdrawals import tables_with
from tests.inference.test_burned_in import lettered, plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]

SAYS = "Findings called to Dr. Zebediah Quux on 01/31/2024. Large pneumothorax, MRN 12345678."
STORED = "Findings called to Dr. [name] on [date]. Large pneumothorax, MRN [id]."
COUNTS = {"name": 1, "date": 1, "id": 1}


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def clear(user: User, draft: Draft) -> Any:
    return client_of(user).post(f"/api/v1/drafts/{draft.pk}/clear")


class TestIntake:
    def test_no_word_of_it_is_stored_anywhere(self, curator: User) -> None:
        audit = work(started(Label.PNEUMOTHORAX, draft=SAYS, actor=curator))
        assert audit.state == "done" and audit.draft.text == STORED
        for word in ("Zebediah", "Quux", "01/31/2024", "12345678"):
            assert tables_with(word) == {}, word

    def test_offsets_are_those_of_what_is_stored(self, curator: User) -> None:
        audit = work(started(Label.PNEUMOTHORAX, draft=SAYS, actor=curator))
        mention = audit.mentions.get(label="pneumothorax")
        assert "pneumothorax" in STORED[mention.start : mention.end] == mention.text

    def test_what_was_found_is_shown_by_kind_alone(self, curator: User) -> None:
        draft = started(draft=SAYS, actor=curator).draft
        (shown,) = client_of(curator).get(f"/api/v1/cases/{draft.case_id}").json()["drafts"]
        assert shown["text"] == STORED
        assert (shown["scrubbed"], shown["scrub_state"]) == (COUNTS, "suspected")
        entry = AuditLogEntry.objects.get(action="draft.created", object_id=draft.pk)
        assert entry.data["scrubbed"] == COUNTS

    def test_a_clean_draft_is_stored_as_it_came(self, curator: User) -> None:
        text = "Swan-Ganz catheter. No pneumothorax in this 56-year-old man.\n"
        draft = started(draft=text, actor=curator).draft
        assert (draft.text, draft.scrubbed, draft.scrub_state) == (text, {}, None)

    def test_texts_that_differ_in_names_alone_are_one_draft(self) -> None:
        one, two = (
            case_create(new=NewCase(image=picture(), draft=f"Seen by Dr. {name}."), actor=None)
            for name in ("Smith", "Jones")
        )
        assert one.draft == two.draft and one.is_new_draft and not two.is_new_draft


class TestClearing:
    def test_a_curator_clears_once(self, curator: User, reader: User) -> None:
        draft = started(draft=SAYS, actor=reader).draft
        assert clear(reader, draft).status_code == 403
        for _ in range(2):
            answer = clear(curator, draft)
            assert answer.status_code == 200 and answer.json()["scrub_state"] == "cleared"
        assert AuditLogEntry.objects.filter(action="draft.cleared").count() == 1

    def test_nothing_found_is_nothing_to_clear(self, curator: User) -> None:
        answer = clear(curator, started(actor=curator).draft)
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "nothing_to_clear"

    def test_a_draft_that_is_not_there_is_not_found(self, curator: User) -> None:
        assert client_of(curator).post(f"/api/v1/drafts/{uuid4()}/clear").status_code == 404


class TestBurnedIn:
    def test_a_picture_with_a_line_of_text_is_suspected_and_cleared_once(
        self, curator: User, reader: User
    ) -> None:
        stored = case_create(new=NewCase(image=encode_png(lettered())), actor=reader)
        case = stored.draft.case
        address = f"/api/v1/cases/{case.pk}"
        assert client_of(reader).get(address).json()["burned_in"] == "suspected"
        assert client_of(reader).post(f"{address}/clear-burned-in").status_code == 403
        for _ in range(2):
            answer = client_of(curator).post(f"{address}/clear-burned-in")
            assert answer.status_code == 200 and answer.json()["burned_in"] == "cleared"
        entries = AuditLogEntry.objects.filter(action="case.burned_in_cleared")
        assert [entry.object_id for entry in entries] == [case.pk]

    def test_a_plain_picture_is_not(self, curator: User) -> None:
        case = case_create(new=NewCase(image=encode_png(plain())), actor=None).draft.case
        address = f"/api/v1/cases/{case.pk}"
        assert client_of(curator).get(address).json()["burned_in"] is None
        answer = client_of(curator).post(f"{address}/clear-burned-in")
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "nothing_to_clear"

    def test_a_case_that_is_not_there_is_not_found(self, curator: User) -> None:
        address = f"/api/v1/cases/{uuid4()}/clear-burned-in"
        assert client_of(curator).post(address).status_code == 404


class TestWorkList:
    """`cases?uncleared=`: what waits for a curator."""

    def listed(self, user: User, what: str) -> list[str]:
        answer = client_of(user).get(f"/api/v1/cases?uncleared={what}")
        return [row["id"] for row in answer.json()["results"]]

    def test_it_holds_what_waits_and_nothing_else(self, curator: User, reader: User) -> None:
        pictured = case_create(new=NewCase(image=encode_png(lettered())), actor=None).draft.case
        named = started(draft=SAYS, actor=reader, seed=1).draft
        started(actor=curator, seed=2)
        assert self.listed(curator, "picture") == [str(pictured.pk)]
        assert self.listed(curator, "draft") == [str(named.case_id)]
        assert self.listed(reader, "picture") == []
        assert self.listed(reader, "draft") == [str(named.case_id)]
        clear(curator, named)
        client_of(curator).post(f"/api/v1/cases/{pictured.pk}/clear-burned-in")
        assert self.listed(curator, "picture") == self.listed(curator, "draft") == []

    def test_what_nothing_ever_looked_at_waits_too(self, curator: User) -> None:
        case = started(actor=curator).draft.case
        Case.objects.update(burned_in=None)
        Draft.objects.update(scrubbed=None)
        assert self.listed(curator, "picture") == self.listed(curator, "draft") == [str(case.pk)]

    def test_another_word_is_refused_by_name(self, curator: User) -> None:
        answer = client_of(curator).get("/api/v1/cases?uncleared=all")
        assert answer.status_code == 400 and "uncleared" in answer.json()["error"]["fields"]


@pytest.mark.django_db(transaction=True)
class TestRelease:
    def frozen(self, curator: User) -> tuple[set[Any], dict[str, int]]:
        """The audits a release would hold now, and what it refuses whole, by reason."""
        release = request_release(actor=curator)
        freeze(release)
        held = set(release.audits.values_list("audit", flat=True))
        return held, {row["reason"]: row["count"] for row in release.refused}

    @pytest.mark.parametrize("scrubbed", [COUNTS, None])
    def test_a_marked_draft_leaves_only_cleared(
        self, curator: User, scrubbed: dict[str, int] | None
    ) -> None:
        """One that was never looked through (null) counts as marked."""
        marked, clean = make_audit(), make_audit()
        for number, audit in enumerate((marked, clean)):
            read_through(audit, make_user(f"reads {number}"))
        Draft.objects.filter(pk=marked.draft_id).update(scrubbed=scrubbed)
        assert self.frozen(curator) == ({clean.pk}, {"scrubbed_text": 1})
        assert clear(curator, marked.draft).status_code == 200
        assert self.frozen(curator) == ({marked.pk, clean.pk}, {})

    @pytest.mark.parametrize("burned_in", [True, None])
    def test_a_suspected_picture_leaves_only_cleared(
        self, curator: User, burned_in: bool | None
    ) -> None:
        """One that nothing ever looked at (null) counts as suspected."""
        audit = make_audit()
        read_through(audit, make_user("reads"))
        Case.objects.filter(pk=audit.case_id).update(burned_in=burned_in)
        assert self.frozen(curator) == (set(), {"burned_in_text": 1})
        address = f"/api/v1/cases/{audit.case_id}/clear-burned-in"
        assert client_of(curator).post(address).status_code == 200
        assert self.frozen(curator) == ({audit.pk}, {})

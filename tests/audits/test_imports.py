"""Bulk import through the API: upload, dry run, rows, errors, cancel; twice, and cut off."""

import csv
import hashlib
import io
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import (
    Audit,
    AuditLogEntry,
    Case,
    Draft,
    Import,
    ImportChunk,
    ImportRow,
    RecordedReading,
    Source,
    User,
)
from audits.services.imports import batches, states
from audits.services.imports import run as running
from audits.services.imports.reconcile import imports_reconcile
from inference.images import encode_png
from inference.vocabulary import Label
from tests.audits import archives
from tests.audits.archives import finished, jsonl, pairs, zipped
from tests.audits.conftest import client_of
from tests.audits.pictures import picture, pixels

pytestmark = pytest.mark.django_db

URL = "/api/v1/imports"


@pytest.fixture
def curator(administrator: User) -> APIClient:
    return client_of(administrator)


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message is sent: the test is the worker."""
    monkeypatch.setattr(states, "_publish", lambda *_: None)


def send(client: APIClient, address: str, data: bytes, offset: int) -> Any:
    return client.put(
        f"{address}/content",
        data,
        content_type="application/octet-stream",
        HTTP_UPLOAD_OFFSET=str(offset),
    )


def uploaded(client: APIClient, data: bytes, **options: Any) -> str:
    """The address of an import whose bytes are all there."""
    body = {"source": "nih-cxr14", "size": len(data), **options}
    made = client.post(URL, body)
    assert made.status_code == 201, made.content
    address = f"{URL}/{made.json()['id']}"
    assert send(client, address, data, 0).status_code == 200
    return address


def run(client: APIClient, address: str, **options: Any) -> dict[str, Any]:
    """Start it, be the worker, and look."""
    started = client.post(f"{address}/start", options)
    assert started.status_code == 202, started.content
    assert started.json()["state"] == "checking"
    finished(Import.objects.get(pk=started.json()["id"]))
    body: dict[str, Any] = client.get(address).json()
    return body


def imported(client: APIClient, data: bytes, **options: Any) -> dict[str, Any]:
    return run(client, uploaded(client, data, **options))


def counts(body: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in body["counts"].items() if count}


def rows(client: APIClient, body: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{URL}/{body['id']}/rows{query}").json()["results"]
    return found


class TestUpload:
    def test_chunks_resume_where_they_ended(self, curator: APIClient) -> None:
        data = zipped(pairs())
        body = {"source": "upload", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        address = f"{URL}/{curator.post(URL, body).json()['id']}"
        half = len(data) // 2
        assert send(curator, address, data[:half], 0).json() == {
            "received": half,
            "size": len(data),
        }
        again = send(curator, address, data[:half], 0)
        assert again.status_code == 409 and again.json()["error"]["code"] == "wrong_offset"
        assert again.json()["error"]["received"] == half
        early = curator.post(f"{address}/start", {})
        assert early.json()["error"]["code"] == "upload_incomplete"
        for start in range(half, len(data), 1000):
            assert send(curator, address, data[start : start + 1000], start).status_code == 200
        assert counts(run(curator, address)) == {"created": 3, "new_drafts": 3}
        assert {draft.text for draft in Draft.objects.all()} == {f"Draft {n}." for n in range(3)}

    @pytest.mark.parametrize(
        ("data", "offset", "status"),
        [(b"", 0, 400), (b"x" * 101, 0, 400), (b"x", 1, 409), (b"x" * (8 * 2**20 + 1), 0, 413)],
    )
    def test_refused_chunks_leave_nothing(
        self,
        curator: APIClient,
        stored_files: Callable[[], set[str]],
        data: bytes,
        offset: int,
        status: int,
    ) -> None:
        address = f"{URL}/{curator.post(URL, {'source': 'upload', 'size': 100}).json()['id']}"
        before = stored_files()
        assert send(curator, address, data, offset).status_code == status
        assert stored_files() == before and not ImportChunk.objects.exists()
        assert curator.get(address).json()["received"] == 0

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"source": "nowhere"}, "source"),
            ({"size": 0}, "size"),
            ({"size": 10**13}, "size"),
            ({"layout": "tar"}, "layout"),
            ({"sha256": "abc"}, "sha256"),
        ],
    )
    def test_announcement_is_checked(
        self, curator: APIClient, change: dict[str, Any], field: str
    ) -> None:
        answer = curator.post(URL, {"source": "upload", "size": 10, **change})
        assert answer.status_code == 400 and field in answer.json()["error"]["fields"]
        assert not Import.objects.exists()

    def test_other_bytes_than_announced(self, curator: APIClient) -> None:
        body = imported(curator, zipped(pairs()), sha256="0" * 64)
        assert body["state"] == "failed" and body["failure"]["code"] == "wrong_hash"
        assert not Case.objects.exists()

    def test_nothing_of_the_upload_stays(
        self,
        curator: APIClient,
        stored_files: Callable[[], set[str]],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            body = imported(curator, zipped(pairs()))
        assert not ImportChunk.objects.exists()
        assert not [name for name in stored_files() if body["id"] in name]


class TestLayouts:
    def test_folder_for_each_case(self, curator: APIClient) -> None:
        data = zipped(
            {
                "x/a/view.png": picture(seed=1),
                "x/a/report.txt": "One.",
                "x/b/view.png": picture(seed=2),
                "x/b/first.txt": "Two.",
                "x/b/second.txt": "Three.",
                "x/notes.pdf": "%PDF",
            }
        )
        body = imported(curator, data)
        assert body["layout"] == "folders"
        assert counts(body) == {"created": 2, "known": 1, "skipped": 1, "new_drafts": 3}
        assert sorted(Draft.objects.values_list("text", flat=True)) == ["One.", "Three.", "Two."]

    def test_manifest_with_recorded_findings(self, curator: APIClient) -> None:
        found = [
            {"label": "Pleural effusion", "box": [0.5, 0.1, 0.9, 0.4], "score": 0.8},
            {"label": "nodule_mass", "box": [0.5, 0.1, 3000, 0.4], "state": "uncertain"},
            {"label": "Atelectasis", "box": None},
        ]
        row = {
            "image": "a/0.png",
            "draft": "Effusion.",
            "patient": "p1",
            "view": "PA",
            "age": 61,
            "study": 2,
            "findings": found,
            "assessed": ["pleural_effusion", "nodule_mass", "pneumothorax"],
            "reader": "Dr Strangelove",
        }
        data = zipped({"top/manifest.jsonl": jsonl([row]), "top/a/0.png": picture()})
        body = imported(curator, data)
        assert body["layout"] == "manifest" and counts(body)["lost_findings"] == 2
        reading = RecordedReading.objects.get()
        assert [(each["label"], each["state"], each["box"]) for each in reading.findings] == [
            ("pleural_effusion", "present", [0.5, 0.1, 0.9, 0.4]),
            ("nodule_mass", "uncertain", None),
        ]
        assert reading.assessed == ["pleural_effusion", "pneumothorax", "nodule_mass"]
        assert {entry["reason"] for entry in reading.ledger} == {"bad_box", "unknown_label"}
        assert "Strangelove" not in str(RecordedReading.objects.values())
        assert reading.case.study_order == 2 and reading.case.age == 61

    def test_same_reading_is_stored_once(self, curator: APIClient) -> None:
        row = {"image": "0.png", "findings": [], "assessed": "all"}
        data = zipped({"manifest.jsonl": jsonl([row]), "0.png": picture()})
        for _ in range(2):
            imported(curator, data)
        assert RecordedReading.objects.count() == 1
        changed = {**row, "findings": [{"label": "pneumothorax"}]}
        imported(curator, zipped({"manifest.jsonl": jsonl([changed]), "0.png": picture()}))
        assert RecordedReading.objects.count() == 2 and Case.objects.count() == 1

    def test_dataset_is_known_by_its_table(self, curator: APIClient) -> None:
        table = (
            "Image Index,Finding Label,Bbox [x,y,w,h],,,\n"
            "1.png,Effusion,512,512,256,128,,,\n"
            "gone.png,Mass,1,1,9,9,,,\n"
        )
        files = {
            "BBox_List_2017.csv": table,
            "images/1.png": picture(),
            "images/2.png": picture(seed=5),
        }
        body = imported(curator, zipped(files))
        assert body["layout"] == "nih" and counts(body)["created"] == 2
        assert len(body["notes"]) == 2
        reading = RecordedReading.objects.get()
        assert reading.findings[0]["box"] == [0.5, 0.5, 0.625, 0.75]
        assert reading.assessed == ["pleural_effusion"]

    def test_training_s_own_shape_brings_its_split(self, curator: APIClient) -> None:
        files = {
            "images.csv": "image,split,nih_labels\n1.png,val,Effusion\n2.png,train,No Finding\n",
            "boxes.csv": (
                "image,label,native_label,y0,x0,y1,x1\n"
                "1.png,pleural_effusion,Effusion,0.5,0.5,0.625,0.75\n"
            ),
            "images/1.png": picture(),
            "images/2.png": picture(seed=5),
        }
        body = imported(curator, zipped(files))
        assert body["layout"] == "nih" and counts(body)["created"] == 2
        assert sorted(Case.objects.values_list("split", flat=True)) == ["train", "validation"]
        kinds = RecordedReading.objects.values_list("kind", flat=True)
        assert sorted(kinds) == ["annotated", "recorded", "recorded"]

    @pytest.mark.parametrize(
        ("files", "layout", "code"),
        [
            ({"1.png": b"x"}, "manifest", "no_manifest"),
            ({"1.png": b"x"}, "vindr", "no_annotations"),
            ({"a.json": '[{"syms": ["Mass"]}]'}, "auto", "bad_annotations"),
            ({}, "auto", "no_rows"),
        ],
    )
    def test_files_that_do_not_fit(
        self, curator: APIClient, files: dict[str, bytes | str], layout: str, code: str
    ) -> None:
        body = imported(curator, zipped(files), layout=layout)
        assert body["state"] == "failed" and body["failure"]["code"] == code
        assert body["failure"]["message"]


class TestHostile:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (zipped({"../0.png": picture()}), "hostile_archive"),
            (zipped({"/etc/0.png": picture()}), "hostile_archive"),
            (zipped({"C:\\0.png": picture()}), "hostile_archive"),
            (zipped({"a\\..\\..\\0.png": picture()}), "hostile_archive"),
            (archives.with_link(), "hostile_archive"),
            (archives.with_flag(1), "hostile_archive"),
            (archives.bomb(), "hostile_archive"),
            (archives.with_overlap(), "archive_bomb"),
            (archives.with_many_announced(), "too_many_entries"),
            (zipped(pairs())[:-30], "not_a_zip"),
            (b"PK\x05\x06" + bytes(18), "no_rows"),
            (b"no archive at all", "not_a_zip"),
            (picture(), "not_a_zip"),
        ],
    )
    def test_archive_is_refused_whole(
        self, curator: APIClient, stored_files: Callable[[], set[str]], data: bytes, code: str
    ) -> None:
        address = uploaded(curator, data)
        before = {name for name in stored_files() if not name.startswith("imports")}
        body = run(curator, address)
        assert body["state"] == "failed" and body["failure"]["code"] == code, body["failure"]
        assert not Case.objects.exists()
        assert {name for name in stored_files() if not name.startswith("imports")} == before

    def test_too_large_in_all(self, curator: APIClient, settings: Settings) -> None:
        data = zipped(pairs())
        address = uploaded(curator, data)
        settings.IMPORT_MAX_BYTES = 1000
        assert run(curator, address)["failure"]["code"] == "archive_bomb"

    def test_damaged_member_is_one_bad_row(self, curator: APIClient) -> None:
        data = bytearray(zipped(pairs()))
        data[data.find(b"PK\x03\x04") + 60] ^= 0xFF  # in the first picture's bytes
        body = imported(curator, bytes(data))
        assert body["state"] == "done"
        assert counts(body) == {"created": 2, "failed": 1, "new_drafts": 2}

    def test_names_and_patients_are_not_kept(self, curator: APIClient) -> None:
        row = {"image": "Johanna-Mustermann.png", "patient": "MRN-4711", "draft": "Clear."}
        files = {
            "manifest.jsonl": jsonl([row, {**row, "view": "Johanna-Mustermann"}]),
            "Johanna-Mustermann.png": picture(),
        }
        imported(curator, zipped(files))
        kept = [list(model.objects.values()) for model in (Case, Draft, Import, ImportRow)]
        kept.append(list(AuditLogEntry.objects.values()))
        assert Case.objects.count() == 1
        for word in ("Mustermann", "MRN-4711"):
            assert word not in str(kept)


class TestRows:
    def test_bad_rows_stop_nothing_and_are_told(self, curator: APIClient) -> None:
        manifest = [
            {"image": "0.png", "draft": "Fine."},
            {"image": "broken.png"},
            {"image": "away.png"},
            {"image": "1.png", "age": "old"},
            {"image": "1.png", "findings": "x"},
            {"image": "1.png", "colour": "red"},
            {"image": "1.png", "draft": "Fine too."},
        ]
        files = {**pairs(2), "manifest.jsonl": jsonl(manifest) + "\nnot json", "broken.png": b"x"}
        body = imported(curator, zipped(files))
        assert body["state"] == "done" and body["total"] == 8
        assert counts(body) == {"created": 2, "failed": 6, "new_drafts": 2}
        failed = rows(curator, body, "?outcome=failed")
        fields = ["image", "image", "age", "findings", "row", "row"]
        assert [row["field"] for row in failed] == fields
        assert [row["number"] for row in failed] == [2, 3, 4, 5, 6, 8]
        answer = curator.get(body["errors_url"])
        assert answer["Content-Type"].startswith("text/csv")
        lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert [line["row"] for line in lines] == ["2", "3", "4", "5", "6", "8"]
        assert all(line["reason"] for line in lines)
        assert curator.get(f"{URL}/{body['id']}/rows?outcome=lost").status_code == 400

    def test_again_imports_nothing_twice(self, curator: APIClient) -> None:
        data = zipped(pairs())
        imported(curator, data)
        before = [list(model.objects.order_by("pk").values()) for model in (Case, Draft)]
        body = imported(curator, data)
        assert counts(body) == {"known": 3}
        assert [list(model.objects.order_by("pk").values()) for model in (Case, Draft)] == before

    def test_audits_start_with_it(self, curator: APIClient) -> None:
        imported(curator, zipped(pairs()), start_audits=True)
        assert Audit.objects.count() == 3

    def test_polling_and_lists_cost_the_same_for_many(self, curator: APIClient) -> None:
        def queries(address: str) -> int:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert curator.get(address).status_code == 200
            return len(caught)

        first = imported(curator, zipped(pairs(1)))
        few = queries(URL), queries(f"{URL}/{first['id']}"), queries(f"{URL}/{first['id']}/rows")
        second = imported(curator, zipped(pairs(6)))
        address = f"{URL}/{second['id']}"
        assert few == (queries(URL), queries(address), queries(f"{address}/rows"))


class TestDryRun:
    def test_says_all_and_stores_nothing_then_imports_the_same_upload(
        self, curator: APIClient
    ) -> None:
        imported(curator, zipped({"old.png": picture(seed=0)}))
        image = pixels(seed=7)
        files = {
            "0.png": picture(seed=0),
            "1.png": encode_png(image),
            "2.png": encode_png(255 - (255 - image) // 2 * 2),
            "3.png": b"broken",
        }
        address = uploaded(curator, zipped(files))
        before = Case.objects.count()
        body = run(curator, address, dry_run=True)
        assert body["state"] == "checked" and body["dry_run"]
        assert counts(body) == {"valid": 2, "known": 1, "failed": 1, "duplicates": 1}
        [alike] = rows(curator, body, "?duplicates=1")
        assert (alike["number"], alike["duplicate_row"]) == (3, 2)
        assert Case.objects.count() == before
        body = run(curator, address)
        assert body["state"] == "done" and not body["dry_run"]
        assert counts(body) == {
            "created": 2,
            "known": 1,
            "failed": 1,
            "duplicates": 1,
            "new_drafts": 2,
        }
        [alike] = rows(curator, body, "?duplicates=1")
        assert alike["duplicate_of"] == rows(curator, body, "?outcome=created")[0]["case"]

    def test_near_duplicates_can_stay_out(self, curator: APIClient) -> None:
        image = pixels(seed=7)
        imported(curator, zipped({"a.png": encode_png(image)}))
        brighter = (image.astype(int) * 9 // 10).astype("uint8")
        again = {"b.png": encode_png(brighter), "c.png": picture(seed=8)}
        body = imported(curator, zipped(again), skip_duplicates=True)
        assert counts(body)["skipped"] == 1 and counts(body)["created"] == 1
        assert Case.objects.count() == 2


class TestCutOff:
    def test_a_dead_worker_is_followed_by_one_that_goes_on(
        self, curator: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "BATCH_ROWS", 2)
        address = uploaded(curator, zipped(pairs(5)))
        curator.post(f"{address}/start", {})
        run_ = Import.objects.get()
        stored = running.batch_store

        def die_in_the_third(**given: Any) -> Any:
            if ImportRow.objects.filter(outcome="created").count() == 4:
                raise KeyboardInterrupt
            return stored(**given)

        with (
            patch.object(running, "batch_store", die_in_the_third),
            pytest.raises(KeyboardInterrupt),
        ):
            running.import_run(import_id=run_.pk)
        body = curator.get(address).json()
        assert body["state"] == "importing" and counts(body)["waiting"] == 1
        finished(run_)
        body = curator.get(address).json()
        assert body["state"] == "done" and counts(body) == {"created": 5, "new_drafts": 5}
        assert AuditLogEntry.objects.filter(action="case.created").count() == 5

    def test_dead_in_the_middle_of_noting_rows(
        self, curator: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "NOTE_ROWS", 2)
        address = uploaded(curator, zipped(pairs(5)))
        curator.post(f"{address}/start", {})
        run_ = Import.objects.get()
        noted = running._note
        with patch.object(running, "_note", side_effect=[None, KeyboardInterrupt]) as note:
            note.side_effect = [noted, KeyboardInterrupt]
            with pytest.raises(KeyboardInterrupt):
                running.import_run(import_id=run_.pk)
        assert finished(run_).state == "done" and Case.objects.count() == 5

    def test_reconciler_sends_what_was_lost_and_ends_what_was_left(
        self, curator: APIClient, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        address = uploaded(curator, zipped(pairs(1)))
        curator.post(f"{address}/start", {})
        left = uploaded(curator, zipped(pairs(1)))
        sent: list[Any] = []
        monkeypatch.setattr(states, "import_send", lambda **given: None)
        monkeypatch.setattr(
            "audits.services.imports.reconcile.import_send", lambda run: sent.append(run.pk)
        )
        assert imports_reconcile() == 0 and not sent
        Import.objects.update(active_at="2020-01-01T00:00:00Z")
        assert imports_reconcile() == 3, "sent again, ended, and its upload removed"
        assert [str(pk) for pk in sent] == [address.rpartition("/")[2]]
        assert curator.get(left).json()["failure"]["code"] == "abandoned"
        assert ImportChunk.objects.count() == 1 and imports_reconcile() == 0

    def test_import_that_kills_its_workers_is_given_up(self, curator: APIClient) -> None:
        address = uploaded(curator, zipped(pairs(1)))
        curator.post(f"{address}/start", {})
        Import.objects.update(runs=running.MAX_RUNS)
        assert finished(Import.objects.get()).failure_code == "worker_lost"

    def test_row_that_breaks_a_batch_is_alone(
        self, curator: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stored = batches.case_store

        def broken(**given: Any) -> Any:
            if given["new"].draft == "Draft 1.":
                raise RuntimeError("nobody foresaw this")
            return stored(**given)

        monkeypatch.setattr(batches, "case_store", broken)
        body = imported(curator, zipped(pairs()))
        assert body["state"] == "done"
        assert counts(body) == {"created": 2, "failed": 1, "new_drafts": 2}

    def test_cancel_between_batches(
        self, curator: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "BATCH_ROWS", 2)
        address = uploaded(curator, zipped(pairs(5)))
        curator.post(f"{address}/start", {})
        stored = running.batch_store

        def then_cancel(**given: Any) -> Any:
            outcomes = stored(**given)
            assert curator.post(f"{address}/cancel").json()["state"] == "cancelled"
            return outcomes

        monkeypatch.setattr(running, "batch_store", then_cancel)
        finished(Import.objects.get())
        body = curator.get(address).json()
        assert body["state"] == "cancelled" and counts(body)["created"] == 2
        assert curator.post(f"{address}/cancel").status_code == 409
        assert curator.post(f"{address}/start", {}).status_code == 409

    def test_states_only_move_along(self, curator: APIClient) -> None:
        imported(curator, zipped(pairs(1)))
        for state in ("uploading", "checking", "importing"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Import.objects.update(state=state, finished_at=None)


class TestWho:
    def test_others_neither_see_nor_do(self, api: APIClient, curator: APIClient) -> None:
        address = uploaded(curator, zipped(pairs(1)))
        before = list(Import.objects.values())
        for answer in (
            api.get(URL),
            api.get(address),
            api.get(f"{address}/rows"),
            api.get(f"{address}/errors.csv"),
            api.post(URL, {"source": "upload", "size": 5}),
            api.post(f"{address}/start", {}),
            api.post(f"{address}/cancel"),
            send(api, address, b"x", 0),
        ):
            assert answer.status_code == 403
        assert list(Import.objects.values()) == before


def test_shared_patient_and_label_names(curator: APIClient) -> None:
    """Two sources may hold the same picture: two cases, told as alike."""
    assert Source.objects.filter(slug="jsrt").exists()
    data = zipped({"0.png": picture(Label.CARDIOMEGALY)})
    imported(curator, data)
    body = imported(curator, data, source="jsrt")
    assert counts(body) == {"created": 1, "duplicates": 1, "new_drafts": 1}

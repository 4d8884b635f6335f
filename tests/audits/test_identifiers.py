"""Files full of identifiers go all the way to a release; none of what was planted is kept."""

import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import (
    Audit,
    AuditState,
    Case,
    Draft,
    Import,
    Queue,
    RecordedReading,
    Release,
    User,
)
from audits.services.imports.states import IMPORT_ENDED
from tests.audits import identifiers as planted
from tests.audits import traces
from tests.audits.archives import zipped
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.test_permissions import NAMED, address
from tests.audits.waiting import until
from tests.audits.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

API = "/api/v1"
CHUNK = 4 * 2**20
UNREAD = {"audit-events", "batch-events"}
"""Streams of another process; what they carry is looked for in Valkey."""

Files = Callable[[], set[str]]


class Curation:
    """The whole way of the corpus through the API; ``heard`` holds every answer."""

    def __init__(self, curator: APIClient, reader: APIClient, worker: Worker) -> None:
        self.curator, self.reader, self.worker = curator, reader, worker
        self.heard: dict[str, bytes] = {}

    def ask(self, client: APIClient, method: str, path: str, *given: Any, **how: Any) -> Any:
        answer = getattr(client, method)(f"{API}/{path}", *given, **how)
        whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code < 500, (path, whole)
        name = f"answer {len(self.heard)} to {method} {path.partition('?')[0]}"
        self.heard |= traces.unpacked(name, whole)
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status_code, json.loads(whole) if is_json else whole

    def done(self, what: Callable[[], Any], name: str) -> Any:
        return until(what, name, or_say=self.worker.log)

    def make_source(self) -> None:
        switches = ("pixels_redistributable", "text_redistributable", "boxes_redistributable")
        body = {"slug": "open", "name": "Open", "licence": "CC0-1.0", **dict.fromkeys(switches, 1)}
        assert self.ask(self.curator, "post", "sources", body)[0] == 201

    def upload(self, data: bytes, draft: str, name: str = planted.FILE_NAME, **more: Any) -> int:
        form = {"image": SimpleUploadedFile(name, data), "draft": draft, "source": "open", **more}
        return int(self.ask(self.curator, "post", "cases", form, format="multipart")[0])

    def bring_in(self, data: bytes, **options: Any) -> dict[str, Any]:
        """One bulk import by the worker: looked at, then done, with its rows and its errors."""
        body = {"source": "open", "size": len(data)}
        if layout := options.pop("layout", None):
            body["layout"] = layout
        _, made = self.ask(self.curator, "post", "imports", body)
        path = f"imports/{made['id']}"
        for at in range(0, len(data), CHUNK):
            how = {"content_type": "application/octet-stream", "HTTP_UPLOAD_OFFSET": str(at)}
            chunk = data[at : at + CHUNK]
            assert self.ask(self.curator, "put", f"{path}/content", chunk, **how)[0] == 200
        ended = [*IMPORT_ENDED, "checked"]
        run = Import.objects.filter(pk=made["id"])
        for dry in (True, False):
            started = {"dry_run": dry, **options}
            if self.ask(self.curator, "post", f"{path}/start", started)[0] != 202:
                break  # it failed as a whole when it was looked at
            self.done(lambda: run.filter(state__in=ended).first(), "the import")
            for what in ("", "/rows", "/errors.csv"):
                self.ask(self.curator, "get", path + what)
        shown: dict[str, Any] = self.ask(self.curator, "get", path)[1]
        return shown

    def let_go(self) -> None:
        """Clear what the scrubber and the detector found, as a curator who has looked."""
        for draft in Draft.objects.exclude(scrubbed={}):
            assert self.ask(self.curator, "post", f"drafts/{draft.pk}/clear")[0] == 200
        for case in Case.objects.filter(burned_in=True):
            assert self.ask(self.curator, "post", f"cases/{case.pk}/clear-burned-in")[0] == 200

    def read_all(self) -> int:
        queue, reads = Queue.objects.get(), 0
        while slot := self.ask(self.reader, "post", f"queues/{queue.pk}/claim")[1]["slot"]:
            held = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
            for flag in self.ask(self.reader, "get", f"audits/{slot['audit']}")[1]["flags"]:
                said = {"id": str(uuid.uuid4()), "flag": flag["id"], "verdict": "confirmed"}
                path = f"slots/{slot['id']}/decisions"
                status, _ = self.ask(self.reader, "post", path, {**held, **said}, format="json")
                assert status == 201
            self.ask(self.reader, "get", f"slots/{slot['id']}")
            sent = {**held, "nothing_else_missed": True}
            path = f"slots/{slot['id']}/submit"
            assert self.ask(self.reader, "post", path, sent, format="json")[0] == 200
            reads += 1
        return reads

    def release(self) -> Release:
        _, made = self.ask(self.curator, "post", "releases", {"name": "all"})
        found = Release.objects.filter(pk=made["id"])
        states = (Release.State.READY, Release.State.FAILED)
        built: Release = self.done(lambda: found.filter(state__in=states).first(), "the release")
        assert built.state == Release.State.READY, built.failure
        assert self.ask(self.curator, "post", f"releases/{built.pk}/publish")[0] == 200
        return built

    def look_everywhere(self) -> None:
        """Every address that can be read, for each audit, case and import; with its exports."""
        for audit in Audit.objects.all():
            self._get(audit_id=audit.pk, case_id=audit.case_id)
        for run in Import.objects.all():
            self._get(import_id=run.pk)
        self._get(queue_id=Queue.objects.get().pk, release_id=Release.objects.get().pk)

    def _get(self, **ids: Any) -> None:
        for name, pattern in NAMED.items():
            if name not in UNREAD and ids.keys() & pattern.pattern.converters.keys():
                self.ask(self.curator, "get", address(name, ids).removeprefix(f"{API}/"))
        for name in ("cases", "audits", "audit-log", "audit-log-export", "imports", "stats"):
            self.ask(self.curator, "get", address(name, {}).removeprefix(f"{API}/"))


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def curation(administrator: User, reader: User, worker: Worker) -> Curation:
    return Curation(client_of(administrator), client_of(reader), worker)


def archive() -> bytes:
    """All pictures again (with other pixels beside them), under names of patients."""
    every = [*planted.dicoms(), *planted.pictures(), *planted.refused_dicoms()]
    names = [f"{planted.FILE_NAME} {at}/{kind}" for at, (kind, _) in enumerate(every)]
    held: dict[str, bytes | str] = dict(zip(names, (data for _, data in every), strict=True))
    alone = f"{planted.FILE_NAME}.png"
    held |= {alone: picture(seed=99), f"{planted.WORD}.pdf": b"%PDF"}
    return zipped({**held, "manifest.jsonl": planted.manifest([*names, alone])})


def wrong_archives() -> Iterator[tuple[str, bytes]]:
    """Imports that fail as a whole, each over something with a patient's words in it."""
    named = planted.FILE_NAME
    yield (
        "vindr",
        zipped(
            {
                f"{named}.csv": planted.vindr_table(sizes=True),
                "b.csv": planted.vindr_table(sizes=False),
            }
        ),
    )
    yield "coco", zipped({f"{named}.json": planted.coco_file()})
    yield "chestxdet", zipped({f"{named}.json": json.dumps([{"syms": planted.WORD}])})
    yield "auto", zipped({f"../{named}.png": picture()})
    torn = bytearray(zipped({f"{named}.png": picture(), "manifest.csv": "image\n"}))
    at = torn.index(planted.WORD.encode())
    yield "auto", bytes(torn[:at] + b"X" + torn[at + 1 :])
    head = torn.index(b"manifest.csv")
    yield "manifest", bytes(torn[:head] + planted.WORD[:1].encode() + torn[head + 1 :])


def test_nothing_that_was_planted_is_kept(
    curation: Curation,
    stored_files: Files,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    curation.make_source()
    for _, data in (*planted.dicoms(), *planted.pictures()):
        assert all(word.encode() in data for word in planted.SECRETS[:3])
        assert curation.upload(data, planted.NAMED_DRAFT, patient=planted.PATIENT) == 201
    for kind, data in planted.refused_dicoms():
        assert curation.upload(data, planted.NAMED_DRAFT) == 400, kind
    for field in ("source", "view", "age"):
        assert curation.upload(picture(), "", **{field: planted.FILE_NAME}) == 400
    taken = Case.objects.count()
    shown = curation.bring_in(archive(), start_audits=True)
    assert shown["counts"]["known"] >= taken and shown["counts"]["created"] >= 1
    assert shown["counts"]["failed"] >= 15 and RecordedReading.objects.count() > taken
    for layout, data in wrong_archives():
        shown = curation.bring_in(data, layout=layout)
        assert shown["state"] == "failed" or shown["counts"]["failed"], layout

    audits = Audit.objects.filter(state=AuditState.DONE)
    curation.done(lambda: audits.count() == Audit.objects.count(), "all audits")
    curation.let_go()
    assert curation.read_all() >= taken
    curation.release()
    curation.look_everywhere()

    kept = traces.database()
    in_files = traces.files(stored_files())
    said = "".join(capfd.readouterr()) + caplog.text + curation.worker.log()
    places = {**kept, **in_files, **traces.valkey(), **curation.heard, "the logs": said.encode()}
    assert traces.traces((*planted.SECRETS, planted.PATIENT), places) == []
    # What may be kept is found by the same search, in each kind of place.
    for where, seen in (("rows", kept), ("files", in_files), ("answers", curation.heard)):
        assert traces.traces((planted.WITNESS,), seen), where
    assert any("/fhir" in name for name in curation.heard)
    assert any(name.endswith(".parquet!rows") for name in in_files)
    assert "audits.tasks.run_import" in said


def test_the_search_finds_what_is_there() -> None:
    """Each spelling, in a row, a packed file, a message: else the test above would say nothing."""
    word = planted.WORD
    for way in traces.spellings(word):
        assert traces.traces((word,), {"a place": b"before " + way.upper() + b" after"})
    packed = traces.unpacked(
        "a.zip", zipped({"b.zip": zipped({"c.txt": word}, zipfile.ZIP_DEFLATED)})
    )
    assert traces.traces((word,), packed) == [f"{word} in a.zip!b.zip!c.txt"]

"""A release as a folder: it passes its own check, loads elsewhere, and shows what was broken."""

import json
import shutil
import uuid
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import datasets
import mlcroissant
import numpy as np
import pandas
import pyarrow.parquet as pq
import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pycocotools.coco import COCO

from audits.models import Adjudication, Audit, Case, QueueMembership, Release, Source, User
from audits.services.adjudication import (
    Chair,
    FlagRuling,
    LabelRuling,
    claim_adjudication,
    settle_adjudication,
)
from audits.services.leases import Claimed, claim_slot
from audits.services.reads import save_decision, save_missed_finding, submit_read
from audits.services.releases.build import build_release, publish_release, request_release
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path
from inference.__main__ import main
from inference.decisions import Reason, Verdict
from inference.release.checks import check_release
from inference.release.derived import write_views
from inference.release.diff import diff
from inference.vocabulary import Label
from tests.audits.conftest import client_of
from tests.audits.reviewing import answer_to, lease_of, make_queue, make_user
from tests.audits.stored import started, work

pytestmark = pytest.mark.django_db(transaction=True)

DRAFTS = (
    "No pneumothorax. Heart size normal.",
    "Small right pleural effusion.",
    "Cardiomegaly. No effusion.",
    "Lungs clear.",
)
PICTURES = ((Label.PNEUMOTHORAX,), (), (Label.CARDIOMEGALY,), (Label.NODULE_MASS,))


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path, nobody_else: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def readers() -> list[User]:
    return [make_user("one"), make_user("two")]


def reviewed(readers: list[User], count: int = 8, *, open_terms: bool = True) -> list[Audit]:
    """Audits by the real path, each read by both readers; the second dismisses what it can."""
    Source.objects.filter(slug="upload").update(
        licence="CC0-1.0" if open_terms else "",
        citation="Made for tests.",
        pixels_redistributable=open_terms,
        text_redistributable=open_terms,
        boxes_redistributable=open_terms,
    )
    audits = [
        work(started(*PICTURES[n % 4], draft=DRAFTS[n % 4], seed=100 + n)) for n in range(count)
    ]
    queue = make_queue(*audits, reads_per_item=len(readers))
    for number, reader in enumerate(readers):
        while isinstance(claimed := claim_slot(queue=queue, reviewer=reader), Claimed):
            _read(claimed, reader, dismisses=number == 1)
    return audits


def _read(claimed: Claimed, reader: User, *, dismisses: bool) -> None:
    lease = lease_of(claimed, reader)
    for flag in claimed.slot.item.audit.flags.all():
        no = dismisses and flag.kind == "MISSING"
        verdict, reason = (
            (Verdict.DISMISSED, Reason.NOT_ON_IMAGE) if no else (Verdict.CONFIRMED, None)
        )
        save_decision(lease=lease, answer=answer_to(flag, verdict, reason=reason))
    if not dismisses:
        box = (0.5, 0.5, 0.75, 0.75)
        save_missed_finding(
            lease=lease, finding_id=uuid.uuid4(), label=Label.PLEURAL_EFFUSION, box=box
        )
    submit_read(lease=lease, nothing_else_missed=True)


def built(actor: User, **asked: Any) -> Release:
    release = request_release(actor=actor, **asked)
    build_release(release_id=release.pk)
    release.refresh_from_db()
    return release


def unpacked(release: Release, folder: Path) -> Path:
    with default_storage.open(file_path(release, ARCHIVE)) as stream:
        zipfile.ZipFile(BytesIO(stream.read())).extractall(folder)
    return folder


def adjudicate(
    opened: Adjudication,
    verdict: Verdict = Verdict.CONFIRMED,
    reason: Reason | None = None,
    *,
    present: bool = True,
) -> User:
    """Rule on every difference alike, by a judge of its own."""
    judge = make_user(f"judge {opened.pk}")
    QueueMembership.objects.create(queue=opened.queue, user=judge, role="adjudicator")
    held = claim_adjudication(adjudication_id=opened.pk, adjudicator=judge)
    assert held.lease_token is not None
    flags = [
        FlagRuling(uuid.uuid4(), uuid.UUID(one["flag"]), verdict, reason)
        for one in opened.differs
        if one["flag"]
    ]
    labels = [
        LabelRuling(uuid.uuid4(), Label(one["label"]), present, (0.5, 0.5, 0.75, 0.75))
        if present
        else LabelRuling(uuid.uuid4(), Label(one["label"]), present)
        for one in opened.differs
        if not one["flag"]
    ]
    settle_adjudication(
        chair=Chair(opened.pk, judge, held.lease_token, held.fence),
        reason="Looked at it with Dr Judge.",
        flags=flags,
        labels=labels,
    )
    return judge


@pytest.fixture
def folder(readers: list[User], tmp_path: Path) -> Path:
    """Eight audits of two readers who differ; every second one is adjudicated."""
    for audit in reviewed(readers)[::2]:
        adjudicate(Adjudication.objects.get(item__audit=audit))
    return unpacked(built(readers[0]), tmp_path / "release")


def problems(folder: Path) -> dict[str, int]:
    return {one.name: one.count for one in check_release(folder) if one.count}


def test_a_release_passes_its_own_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-release", str(folder)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 11 and all(line["ok"] for line in lines)


def test_a_release_under_closed_terms_passes_and_holds_no_pixel_text_or_box(
    readers: list[User], tmp_path: Path
) -> None:
    audits = reviewed(readers, open_terms=False)
    folder = unpacked(built(readers[0]), tmp_path / "release")
    assert problems(folder) == {}
    whole = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    assert b"\x89PNG" not in whole and b"pneumothorax. Heart" not in whole
    for audit in audits:
        for piece in _pieces(audit.case):
            assert not any(spelt in whole for spelt in _spellings(piece))
    for path in (folder / "data").rglob("*.parquet"):
        table = pq.read_table(path)
        for name in {"text", "cue", "box", "image"} & set(table.column_names):
            assert table[name].null_count == table.num_rows, (path, name)
    assert len(audits) == pq.read_table(folder / "data" / "audits").num_rows
    assert not (folder / "images").exists()


def _pieces(case: Case) -> Iterator[bytes]:
    """Of the picture as it is stored, and of its liveliest row of pixels."""
    with default_storage.open(case.image) as stored:
        yield stored.read()[64:128]
        stored.seek(0)
        row = max(np.asarray(Image.open(stored)), key=np.ptp)
        yield row.tobytes()[:64]


def _spellings(piece: bytes) -> Iterator[bytes]:
    """As bytes, in hex and in base64, wherever in a longer text it begins."""
    yield piece
    yield piece.hex().encode()
    for start in range(3):
        yield b64encode(piece[start : start + 48])


def _flip_a_byte(folder: Path) -> None:
    path = next((folder / "images").iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def _rewrite(table: str, change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Path], None]:
    def broken(folder: Path) -> None:
        path = next((folder / "data" / table).glob("train-*.parquet"))
        held = pq.read_table(path)
        rows = held.to_pylist()
        change(rows)
        pq.write_table(held.from_pylist(rows, schema=held.schema), path)

    return broken


def _denied(rows: list[dict[str, Any]]) -> None:
    next(row for row in rows if row["kind"] == "MISSING")["kind"] = "UNSUPPORTED"


def _named(rows: list[dict[str, Any]]) -> None:
    rows[0]["text"] = "Seen by Dr. Smith on 12/03/2019."


BREAKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a changed byte": (_flip_a_byte, "every file is in the manifest with its hash"),
    "a changed flag": (_rewrite("flags", _denied), "the comparator raises the same flags again"),
    "a lost row": (_rewrite("drafts", lambda rows: rows.pop()), "every reference has its row"),
    "rows out of order": (
        _rewrite("audits", lambda rows: rows.reverse()),
        "ids are unique and in order",
    ),
    "a name and a date": (
        _rewrite("drafts", _named),
        "no text looks like a name, a date, an address or a number of a person",
    ),
    "terms that forbid boxes": (
        _rewrite("sources", lambda rows: rows[0].update(boxes_redistributable=False)),
        "no box where the terms forbid it",
    ),
    "terms that forbid text": (
        _rewrite("sources", lambda rows: rows[0].update(text_redistributable=False)),
        "no text where the terms forbid it",
    ),
    "a verdict": (
        _rewrite("decisions", lambda rows: rows[0].update(verdict="indeterminate")),
        "agreement is what the tables give",
    ),
    "a stray picture": (
        lambda folder: shutil.copy(next((folder / "images").iterdir()), folder / "data" / "x.bin"),
        "no pixels where the terms forbid them",
    ),
}


def test_every_break_is_found(folder: Path, tmp_path: Path) -> None:
    for name, (broken, check) in BREAKS.items():
        copy = tmp_path / "broken"
        shutil.copytree(folder, copy)
        broken(copy)
        assert check in problems(copy), name
        shutil.rmtree(copy)


def test_pycocotools_loads_the_settled_boxes(folder: Path) -> None:
    coco = COCO(str(folder / "views" / "coco" / "train.json"))
    boxes = coco.loadAnns(coco.getAnnIds())
    assert boxes and all(box["bbox"][2] > 0 and box["bbox"][3] > 0 for box in boxes)
    assert {coco.cats[box["category_id"]]["name"] for box in boxes} >= {"pleural_effusion"}
    # The readers differ: what no adjudicator ruled on is open, and nobody's negative.
    opened = [image for image in coco.imgs.values() if image["open_labels"]]
    assert opened and all(
        set(image["open_labels"]).isdisjoint(image["absent_labels"]) for image in opened
    )


def test_views_made_case_by_case_are_the_same_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def views() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in folder.glob("views/*/*")}

    at_once = views()
    shutil.rmtree(folder / "views")
    monkeypatch.setattr("inference.release.parts.PART_BYTES", 1)
    assert len(write_views(folder)) == len(at_once) and views() == at_once


def test_mlcroissant_validates_and_reads_every_record_set(folder: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    for records in dataset.metadata.record_sets:
        rows = list(dataset.records(records.uuid))
        assert len(rows) == pq.read_table(folder / "data" / records.uuid).num_rows


def test_datasets_loads_every_configuration_offline(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    rows = {
        lines.name: sum(1 for path in lines.iterdir() for _ in path.open())
        for lines in (folder / "jsonl").iterdir()
    }
    # A table without a row is none: `datasets` could not load it.
    names = datasets.get_dataset_config_names(str(folder))
    assert set(names) == {name for name, count in rows.items() if count}
    assert "decisions" in names and "takedowns" not in names
    for name in names:
        loaded = datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache"))
        assert sum(len(split) for split in loaded.values()) == rows[name]


def test_pandas_loads_every_table_and_view_as_the_manual_says(folder: Path) -> None:
    for table in (folder / "data").iterdir():
        loaded = pandas.read_parquet(table)
        assert len(loaded) == pq.read_table(table).num_rows and "id" in loaded.columns
        lines = sorted((folder / "jsonl" / table.name).iterdir())
        assert len(loaded) == sum(1 for path in lines for _ in path.open())
    boxes = [pandas.read_csv(path) for path in sorted((folder / "views" / "vindr").iterdir())]
    assert boxes and all((one["x_max"] > one["x_min"]).all() for one in boxes)


def test_no_section_of_card_and_datasheet_is_empty_and_their_counts_are_the_tables(
    folder: Path,
) -> None:
    card, sheet = ((folder / name).read_text() for name in ("README.md", "DATASHEET.md"))
    asked = (
        "Motivation",
        "Composition",
        "Collection process",
        "Preprocessing, cleaning, labelling",
    )
    titles = [line[3:] for line in sheet.splitlines() if line.startswith("## ")]
    assert titles == [*asked, "Uses", "Distribution", "Maintenance"]
    for text in (card, sheet):
        sections = text.split("\n## ")[1:]
        assert all(section.partition("\n")[2].strip() for section in sections)
    decisions = pandas.read_parquet(folder / "data" / "decisions")
    flags = pandas.read_parquet(folder / "data" / "flags")
    assert set(decisions.groupby("flag")["reader"].nunique()) == {2}
    ruled = pandas.read_parquet(folder / "data" / "settlements").query("rule == 'adjudicated'")
    limits = (
        f"- 0 of {len(flags)} flags were read by one person alone; {ruled['flag'].nunique()} were",
        f"- {len(decisions)} of {len(decisions)} decisions were made with the flags in sight",
    )
    for text in (card, sheet):
        assert all(limit in text for limit in limits)
    assert "2 readers and 4 adjudicators" in sheet


def test_views_leave_open_what_readers_left_open(folder: Path) -> None:
    flags = [
        json.loads(line)
        for path in sorted((folder / "views" / "flags").iterdir())
        for line in path.read_text().splitlines()
    ]
    missing = {(row["settled_by"], row["correct"]) for row in flags if row["kind"] == "MISSING"}
    assert missing == {(None, None), ("adjudicated", True)}
    assert all(row["readers"] == 2 for row in flags)


def test_a_second_release_says_what_changed(readers: list[User], tmp_path: Path) -> None:
    reviewed(readers, 4)
    first = built(readers[0])
    publish_release(release_id=first.pk, actor=readers[0])
    old = unpacked(first, tmp_path / "old")
    for number in range(2):
        audit = work(started(Label.CARDIOMEGALY, draft="Heart normal.", seed=900 + number))
        queue = make_queue(audit)
        claimed = claim_slot(queue=queue, reviewer=readers[0])
        assert isinstance(claimed, Claimed)
        _read(claimed, readers[0], dismisses=False)
    second = built(readers[0])
    new = unpacked(second, tmp_path / "new")
    said = diff(old, new)
    audits = {"before": 4, "after": 6, "added": 2, "removed": 0, "changed": 0}
    assert said["tables"]["audits"] == audits
    assert said["cases_moved"] == 0 and said["needs"] == "minor" and said["columns"] == []
    assert diff(old, old)["needs"] == "patch"
    api, address = client_of(readers[0]), f"/api/v1/releases/{second.pk}/diff"
    for query in ({}, {"against": str(first.pk)}, {}):  # the third time from what is kept
        shown = api.get(address, query).json()
        assert shown["against"] == {"id": str(first.pk), "name": first.name, "version": "1.0.0"}
        assert {"table": "audits", **audits} in shown["tables"]
        assert shown["needs"] == "minor"
    _older_release_without_settlements(old)
    said = diff(old, new)
    assert said["tables"]["settlements"]["before"] == 0 < said["tables"]["settlements"]["added"]
    assert {"table": "flags", "column": "rule", "change": "added"} in said["columns"]


def _older_release_without_settlements(folder: Path) -> None:
    shutil.rmtree(folder / "data" / "settlements")
    for path in (folder / "data" / "flags").iterdir():
        held = pq.read_table(path)
        pq.write_table(held.drop_columns(["rule"]), path)


def test_only_built_releases_are_compared(readers: list[User]) -> None:
    waiting, other = (request_release(actor=readers[0]) for _ in range(2))
    api, address = client_of(readers[0]), f"/api/v1/releases/{waiting.pk}/diff"
    answer = api.get(address, {"against": str(other.pk)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_ready")
    for wrong in ("", "x"):
        answer = api.get(address, {"against": wrong})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["against"])
    assert api.get(address, {"against": str(uuid.uuid4())}).status_code == 404


def test_a_release_is_curated_into_a_corpus_without_losing_a_case(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    assert main(["curate", str(folder), str(out), "--keep-near-duplicates"]) == 0
    report = json.loads((out / "report.json").read_text())
    images = report["images"]
    assert images["read"] == 8 == images["kept"] + sum(images["dropped"].values())
    assert not {"no_pixels", "image_missing", "image_unreadable"} & images["dropped"].keys()
    splits = {row["id"]: row["split"] for row in _cases(folder)}
    kept = {}
    for split in ("train", "validation", "test"):
        chats = [json.loads(line) for line in (out / "chats" / f"{split}.jsonl").open()]
        kept |= {chat["id"]: split for chat in chats}
    assert kept.items() <= splits.items()
    # One reader drew an effusion on every case: settled where adjudicated, and open elsewhere.
    drawn = sum(one["positive"]["pleural_effusion"] for one in report["splits"].values())
    unsettled = sum(one["open"]["pleural_effusion"] for one in report["splits"].values())
    assert drawn > 0
    assert drawn + unsettled == images["kept"]


def _cases(folder: Path) -> list[dict[str, Any]]:
    shards = sorted((folder / "data" / "cases").glob("*.parquet"))
    return [row for shard in shards for row in pq.read_table(shard).to_pylist()]

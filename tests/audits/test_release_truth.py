"""What is settled is what trains: adjudications, what stays open, what is true but not relevant."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from audits.models import Adjudication, Audit, Queue, Release, User
from audits.selectors.agreement import flag_right
from audits.services.leases import Claimed, claim_slot
from audits.services.reads import save_decision, save_missed_finding, submit_read
from inference.decisions import Reason, Verdict
from inference.release.parts import open_parts
from inference.release.query import open_tables
from inference.vocabulary import FlagKind, Label
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user
from tests.audits.test_release_folder import adjudicate, built, unpacked

pytestmark = pytest.mark.django_db(transaction=True)

MISSED_BOX = (0.5, 0.5, 0.75, 0.75)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path, nobody_else: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def read_by(
    queue: Queue, name: str, verdict: Verdict, reason: Reason | None = None, *, adds: bool = False
) -> None:
    reader = User.objects.filter(username=name).first() or make_user(name)
    claimed = claim_slot(queue=queue, reviewer=reader)
    assert isinstance(claimed, Claimed)
    lease = lease_of(claimed, reader)
    for flag in claimed.slot.item.audit.flags.all():
        save_decision(lease=lease, answer=answer_to(flag, verdict, reason=reason))
    if adds:
        for box in (MISSED_BOX, (0.1, 0.6, 0.2, 0.7)):
            save_missed_finding(
                lease=lease, finding_id=uuid.uuid4(), label=Label.NODULE_MASS, box=box
            )
    submit_read(lease=lease, nothing_else_missed=True)


def differing(audit: Audit, *, adds: bool = False) -> Adjudication:
    """Two reads that differ on each flag of the audit, and on an added nodule."""
    queue = make_queue(audit, reads_per_item=2)
    read_by(queue, "one", Verdict.CONFIRMED, adds=adds)
    read_by(queue, "two", Verdict.DISMISSED, Reason.NOT_ON_IMAGE)
    return Adjudication.objects.get(item__audit=audit)


def folder_of(reader: User, tmp_path: Path) -> tuple[Release, Path]:
    release = built(reader)
    return release, unpacked(release, tmp_path / release.version)


def view(folder: Path, name: str) -> list[dict[str, Any]]:
    paths = sorted((folder / "views" / name).glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.open()]


def truths(folder: Path) -> dict[tuple[str, str], bool]:
    rows = of_parts(folder, 'SELECT "case", label, finding_true AS is_true FROM truths')
    return {(row["case"], row["label"]): row["is_true"] for row in rows}


def open_labels(folder: Path) -> set[tuple[str, str]]:
    return {(row["case"], row["label"]) for row in of_parts(folder, "SELECT * FROM open_labels")}


def of_parts(folder: Path, sql: str) -> list[dict[str, Any]]:
    with open_parts(folder) as parts:
        return [row for part in parts for row in part.tables.rows(sql)]


def test_an_adjudication_settles_what_readers_left_open_and_names_nobody(tmp_path: Path) -> None:
    waiting, ruled = make_audit(), make_audit()
    differing(waiting, adds=True)
    judge = adjudicate(differing(ruled, adds=True))
    release, folder = folder_of(judge, tmp_path)
    nodule, effusion = "nodule_mass", "pleural_effusion"
    of_waiting, of_ruled = str(waiting.case_id), str(ruled.case_id)
    assert truths(folder) == {(of_ruled, nodule): True, (of_ruled, effusion): True}
    assert open_labels(folder) == {(of_waiting, nodule), (of_waiting, effusion)}
    with open_tables(folder) as tables:
        rulings = list(tables.rows("SELECT * FROM adjudications ORDER BY label"))
        named = {row["reader"] for row in tables.rows("SELECT reader FROM decisions")}
    boxes = [row["box"] for row in of_parts(folder, "SELECT box FROM true_boxes ORDER BY label")]
    assert [(row["label"], row["verdict"], row["present"]) for row in rulings] == [
        (nodule, None, True),
        (effusion, "confirmed", None),
    ]
    # Three people, three pseudonyms; the adjudicator's word is no rating of a reader.
    assert len(named) == 2 and {row["reader"] for row in rulings}.isdisjoint(named)
    assert boxes == [list(MISSED_BOX), [0.1, 0.1, 0.4, 0.4]]
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Dr Judge" not in whole and judge.username.encode() not in whole
    left = {(row["reason"], row["what"]): row["count"] for row in release.refused}
    assert left["marked_comment", "adjudications, comments"] == len(rulings)
    correct = {row["settled_by"]: row["correct"] for row in view(folder, "flags")}
    assert correct == {None: None, "adjudicated": True}


def test_an_adjudication_that_comes_later_is_in_the_next_release(tmp_path: Path) -> None:
    opened = differing(make_audit())
    reader = User.objects.get(username="one")
    _, before = folder_of(reader, tmp_path)
    adjudicate(opened, Verdict.DISMISSED, Reason.NOT_ON_IMAGE)
    _, after = folder_of(reader, tmp_path)
    assert truths(before) == {}
    assert list(truths(after).values()) == [False]


ANSWERS: tuple[tuple[Verdict, Reason | None, bool | None, bool | None], ...] = (
    # verdict, reason, is the finding true, was the flag right
    (Verdict.CONFIRMED, None, True, True),
    (Verdict.DISMISSED, Reason.NOT_ON_IMAGE, False, False),
    (Verdict.DISMISSED, Reason.TRUE_BUT_NOT_RELEVANT, True, True),
    (Verdict.DISMISSED, Reason.DRAFT_MISREAD, True, False),
    (Verdict.DISMISSED, Reason.DUPLICATE, None, None),
    (Verdict.INDETERMINATE, Reason.NEEDS_OTHER_VIEW, None, None),
)


def test_what_each_answer_trains(tmp_path: Path) -> None:
    audits = [make_audit() for _ in ANSWERS]
    for audit, (verdict, reason, _, _) in zip(audits, ANSWERS, strict=True):
        read_by(make_queue(audit), "one", verdict, reason)
    _, folder = folder_of(User.objects.get(username="one"), tmp_path)
    settled, left_open = truths(folder), open_labels(folder)
    flags = {row["flag"]: row["correct"] for row in view(folder, "flags")}
    for audit, (verdict, reason, truth, correct) in zip(audits, ANSWERS, strict=True):
        key = (str(audit.case_id), "pleural_effusion")
        assert settled.get(key) is truth, (verdict, reason)
        assert (key in left_open) is (truth is None), (verdict, reason)
        flag = audit.flags.get()
        assert flags[str(flag.pk)] is correct, (verdict, reason)
        row = flag.settlements.get()
        assert correct is flag_right(FlagKind.MISSING, row.finding_true, row.draft_read_right)


def test_an_adjudication_outweighs_what_another_queue_settled(tmp_path: Path) -> None:
    audit = make_audit()
    read_by(make_queue(audit), "three", Verdict.DISMISSED, Reason.NOT_ON_IMAGE)
    adjudicate(differing(audit))
    _, folder = folder_of(User.objects.get(username="one"), tmp_path)
    assert list(truths(folder).values()) == [True]
    (flag,) = view(folder, "flags")
    assert (flag["settled"], flag["settled_by"]) == ("confirmed", "adjudicated")


def test_two_queues_that_settle_otherwise_leave_a_label_open(tmp_path: Path) -> None:
    audit = make_audit()
    read_by(make_queue(audit), "one", Verdict.CONFIRMED, adds=True)
    read_by(make_queue(audit), "two", Verdict.DISMISSED, Reason.NOT_ON_IMAGE)
    _, folder = folder_of(User.objects.get(username="one"), tmp_path)
    case = str(audit.case_id)
    assert truths(folder) == {(case, "nodule_mass"): True}
    assert open_labels(folder) == {(case, "pleural_effusion")}
    assert len(of_parts(folder, "SELECT * FROM true_boxes")) == 2
    assert [row["correct"] for row in view(folder, "flags")] == [None]

"""First views of blind readers leave in a release as they were committed, within the terms."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from audits.models import Queue, Release, ReviewSlot, Source, User
from audits.services.releases.shards import file_path
from inference.release.checks import check_release
from inference.vocabulary import LABELS
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_user
from tests.audits.test_blind import STATES, blind_queue, claim, commit
from tests.audits.test_release_folder import unpacked
from tests.audits.test_releases import built, refused, rows
from tests.audits.test_review_api import decide, say

pytestmark = pytest.mark.django_db(transaction=True)

SEEN = {**STATES, "pleural_effusion": "uncertain"}
BOXES = [{"label": "pleural_effusion", "box": [0.1, 0.2, 0.3, 0.4]}]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path, nobody_else: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def read_blind(queue: Queue, reader: User, *, submit: bool = True, lose: bool = False) -> str:
    """One item through its steps; the id of the first view. ``lose``: under two leases."""
    api = client_of(reader)
    slot = claim(api, queue)
    made = commit(api, slot, "image", states=SEEN, boxes=BOXES, active_seconds=12.34).json()
    if lose:
        assert say(api, slot, "release").status_code == 204
        slot = claim(api, queue)
        assert slot["step"] == "draft"
    commit(api, slot, "draft")
    for flag in ReviewSlot.objects.get(pk=slot["id"]).item.audit.flags.all():
        assert decide(api, slot, flag).status_code == 201
    if submit:
        assert say(api, slot, "submit", nothing_else_missed=True).status_code == 200
    return str(made["id"])


def agreement_of(release: Release) -> Any:
    with default_storage.open(file_path(release, "agreement.json")) as stream:
        return json.load(stream)


def test_a_first_view_leaves_whichever_lease_it_was_committed_under(tmp_path: Path) -> None:
    audits = [make_audit() for _ in range(3)]
    queues = [blind_queue(audit) for audit in audits]
    one, two = make_user("one"), make_user("two")
    left = {read_blind(queues[0], one), read_blind(queues[1], two, lose=True)}
    read_blind(queues[2], one, submit=False)
    release = built(one)
    views = {row["id"]: row for row in rows(release, "first_views")}
    assert views.keys() == left
    reader = {row["audit"]: row["reader"] for row in rows(release, "decisions")}
    for row in views.values():
        assert (row["states"], row["boxes"], row["active_seconds"]) == (SEEN, BOXES, 12.3)
        assert row["reader"] == reader[row["audit"]]
    problems = {
        one.name for one in check_release(unpacked(release, tmp_path / "folder")) if one.count
    }
    assert problems <= {"the comparator raises the same flags again"}  # these flags are made up


def test_boxes_of_first_views_go_with_the_boxes() -> None:
    audit, reader = make_audit(source="upload"), make_user("one")
    assert not Source.objects.get(slug="upload").boxes_redistributable
    read_blind(blind_queue(audit), reader)
    release = built(reader)
    (row,) = rows(release, "first_views")
    assert (row["states"], row["boxes"]) == (SEEN, [])
    assert refused(release)["box_terms", "boxes of first views"] == 1


def test_agreement_counts_pairs_of_first_views() -> None:
    queue = blind_queue(make_audit(), reads_per_item=2)
    for name in ("one", "two"):
        read_blind(queue, make_user(name))
    said = agreement_of(built(User.objects.get(username="one")))
    whole, *each = said["first_views"]
    assert (whole["label"], whole["units"], whole["double_read"]) == (None, 5, 5)
    assert whole["ratings"] == {"present": 0, "uncertain": 2, "absent": 8}
    assert whole["pairs"]["absent"] == {"present": 0, "uncertain": 0, "absent": 4}
    assert [row["label"] for row in each] == sorted(label.value for label in LABELS)
    flags = next(row for row in said["flags"] if row["label"] is None)
    assert flags["pairs"]["confirmed"] == {"confirmed": 1, "dismissed": 0, "indeterminate": 0}

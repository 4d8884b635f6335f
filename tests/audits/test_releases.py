"""Releases: what was decided leaves, what may not stays and is counted, bytes repeat."""

import json
import re
import uuid
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError

from audits.errors import Conflict
from audits.models import Audit, Decision, Mention, Release, User
from audits.services.leases import Claimed, claim_slot
from audits.services.reads import save_decision, submit_read, undo_decision
from audits.services.releases.build import (
    STEPS,
    build_release,
    publish_release,
    request_release,
)
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path
from inference.decisions import Verdict
from tests.audits.conftest import client_of
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db(transaction=True)

PHRASE = "Massive tension pneumothorax"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def reader() -> User:
    return make_user("dr.who@example.org")


def read_through(
    audit: Audit,
    reader: User,
    *,
    submit: bool = True,
    comment: str = "Seen with Dr Smith on 12/03/2019.",
) -> list[Decision]:
    claimed = claim_slot(queue=make_queue(audit), reviewer=reader)
    assert isinstance(claimed, Claimed)
    lease = lease_of(claimed, reader)
    made = [
        save_decision(lease=lease, answer=answer_to(flag, comment=comment))[0]
        for flag in audit.flags.all()
    ]
    if submit:
        submit_read(lease=lease, nothing_else_missed=True)
    return made


def with_mention(audit: Audit) -> Audit:
    Mention.objects.create(
        audit=audit,
        position=0,
        label="pneumothorax",
        state="present",
        start=0,
        end=len(PHRASE),
        text=PHRASE,
        cue=PHRASE,
    )
    return audit


def built(reader: User, **asked: str) -> Release:
    release = request_release(actor=reader, **asked)
    build_release(release_id=release.pk)
    release.refresh_from_db()
    return release


def build_again(release: Release) -> None:
    """As after a crash: the shards that are whole stay."""
    Release.objects.filter(pk=release.pk).update(state="building")
    build_release(release_id=release.pk)
    release.refresh_from_db()


def rows(release: Release, table: str) -> list[dict[str, Any]]:
    lines: list[bytes] = []
    for kept in release.files:
        if kept["name"].startswith(f"jsonl/{table}/"):
            with default_storage.open(file_path(release, kept["name"])) as stream:
                lines += stream.read().splitlines()
    return sorted((json.loads(line) for line in lines), key=lambda row: str(row["id"]))


def every_byte(release: Release) -> bytes:
    whole = b""
    for kept in release.files:
        with default_storage.open(file_path(release, kept["name"])) as stream:
            whole += stream.read()
    return whole


def refused(release: Release) -> dict[tuple[str, str], int]:
    return {(row["reason"], row["what"]): row["count"] for row in release.refused}


def test_a_submitted_decision_leaves_and_an_unsubmitted_one_does_not(reader: User) -> None:
    kept = read_through(make_audit(), reader)
    read_through(make_audit(), reader, submit=False)
    release = built(reader)
    assert [row["id"] for row in rows(release, "decisions")] == [str(kept[0].pk)]
    assert release.counts["audits"] == 1


def test_only_what_stood_at_submit_leaves(reader: User) -> None:
    audit = make_audit()
    claimed = claim_slot(queue=make_queue(audit), reviewer=reader)
    assert isinstance(claimed, Claimed)
    lease = lease_of(claimed, reader)
    flag = audit.flags.get()
    save_decision(lease=lease, answer=answer_to(flag))
    standing, _ = save_decision(lease=lease, answer=answer_to(flag, Verdict.DISMISSED))
    save_decision(lease=lease, answer=answer_to(flag, Verdict.INDETERMINATE))
    undo_decision(lease=lease)
    submit_read(lease=lease, nothing_else_missed=True)
    assert [row["id"] for row in rows(built(reader), "decisions")] == [str(standing.pk)]


def test_the_same_database_and_seed_give_the_same_bytes(reader: User) -> None:
    for number in range(5):
        read_through(with_mention(make_audit(patient=str(number % 2))), reader)
    release = built(reader)
    first, archive = release.files, every_byte(release)
    build_again(release)
    assert release.files == first
    assert every_byte(release) == archive


def test_a_source_that_forbids_text_and_boxes_lets_neither_through(reader: User) -> None:
    audit = with_mention(make_audit(source="upload", draft=PHRASE + "."))
    read_through(audit, reader)
    release = built(reader)
    assert PHRASE.encode() not in every_byte(release)
    assert rows(release, "drafts")[0]["text"] is None
    assert rows(release, "flags")[0]["boxes"] == []
    mention = rows(release, "mentions")[0]
    assert (mention["label"], mention["start"], mention["text"]) == ("pneumothorax", 0, None)
    counted = refused(release)
    assert counted["text_terms", "drafts"] == 1
    assert counted["box_terms", "flag boxes"] == 1
    assert counted["pixel_terms", "images"] == 1
    assert not any(kept["name"].startswith("images/") for kept in release.files)


def test_pixels_leave_where_the_source_allows(reader: User) -> None:
    audit = make_audit()
    read_through(audit, reader)
    release = built(reader)
    image = rows(release, "cases")[0]["image"]
    with (
        default_storage.open(file_path(release, image)) as left,
        default_storage.open(audit.case.image) as stored,
    ):
        assert left.read() == stored.read()


def test_readers_never_leave_nor_a_comment_that_names_somebody(reader: User) -> None:
    read_through(make_audit(), reader)
    read_through(make_audit(), reader, comment="Blunted angle\non the left.")
    release = built(reader)
    whole = every_byte(release)
    for secret in (b"dr.who", str(reader.pk).encode(), b"Dr Smith", b"12/03/2019"):
        assert secret not in whole
    said = {row["comment"] for row in rows(release, "decisions")}
    assert said == {None, "Blunted angle\non the left."}
    counted = refused(release)
    assert counted["marked_comment", "decisions, comments"] == 1
    assert counted["marked_comment", "decisions, found: name"] == 1
    assert counted["marked_comment", "decisions, found: date"] == 1
    build_again(release)
    assert refused(release) == counted


def test_comments_go_with_the_text(reader: User) -> None:
    read_through(make_audit(source="upload"), reader, comment="Blunted angle.")
    release = built(reader)
    assert b"Blunted angle" not in every_byte(release)
    assert refused(release)["text_terms", "decision comments"] == 1


def test_output_of_a_model_whose_terms_forbid_it_stays(reader: User) -> None:
    read_through(make_audit(may_release_output=False), reader)
    release = built(reader)
    assert release.counts["audits"] == release.counts["decisions"] == 0
    assert refused(release) == {("model_terms", "audits"): 1}


def test_one_patient_is_in_one_split_in_every_release(reader: User) -> None:
    for number in range(12):
        read_through(make_audit(patient=str(number % 4)), reader)
    first = rows(built(reader), "cases")
    second = rows(built(reader), "cases")
    splits: dict[str, set[str]] = {}
    for row in first:
        splits.setdefault(row["patient"], set()).add(row["split"])
    assert len(splits) == 4
    assert all(len(found) == 1 for found in splits.values())
    assert [row["split"] for row in first] == [row["split"] for row in second]
    assert {row["patient"] for row in first}.isdisjoint({row["patient"] for row in second})


def test_the_manifest_and_the_archive_hold_every_file(reader: User) -> None:
    read_through(make_audit(), reader)
    release = built(reader)
    names = {kept["name"] for kept in release.files}
    with default_storage.open(file_path(release, "MANIFEST.sha256")) as stream:
        listed = dict(reversed(line.split("  ")) for line in stream.read().decode().splitlines())
    assert set(listed) == names - {"MANIFEST.sha256"}
    assert all(
        listed[kept["name"]] == kept["sha256"] for kept in release.files if kept["name"] in listed
    )
    with default_storage.open(file_path(release, ARCHIVE)) as stream:
        archive = zipfile.ZipFile(BytesIO(stream.read()))
    assert set(archive.namelist()) == names
    assert archive.testzip() is None


def test_the_card_says_what_it_is_for_and_what_stayed(reader: User) -> None:
    read_through(make_audit(source="upload"), reader)
    with default_storage.open(file_path(built(reader), "README.md")) as stream:
        card = stream.read().decode()
    assert "Research and education only. Not for patient care." in card
    assert re.search(r"\| text_terms \| drafts \| 1 \|", card)


def test_publishing_destroys_the_seed_and_freezes_the_release(reader: User) -> None:
    release = built(reader)
    published = publish_release(release_id=release.pk, actor=reader)
    assert publish_release(release_id=release.pk, actor=reader) == published
    assert published.seed == ""
    with pytest.raises(DatabaseError, match="never changes"):
        Release.objects.filter(pk=release.pk).update(name="other")
    build_release(release_id=release.pk)
    release.refresh_from_db()
    assert release.state == "published"


def test_a_release_says_how_far_it_is_and_what_changed_since_the_last(reader: User) -> None:
    read_through(make_audit(), reader)
    waiting = request_release(actor=reader)
    api = client_of(reader)
    shown = api.get(f"/api/v1/releases/{waiting.pk}").json()
    assert (shown["progress"], shown["changes"]) == ({"done": 0, "steps": len(STEPS)}, [])
    build_release(release_id=waiting.pk)
    first = publish_release(release_id=waiting.pk, actor=reader)
    assert first.changes == []
    read_through(make_audit(), reader)
    second = built(reader)
    shown = api.get(f"/api/v1/releases/{second.pk}").json()
    assert shown["progress"] == {"done": len(STEPS), "steps": len(STEPS)}
    before, after = first.counts["audits"], second.counts["audits"]
    assert after == before + 1
    assert {"what": "audits rows", "before": before, "after": after} in shown["changes"]
    assert f"| audits rows | {before} | {after} |".encode() in every_byte(second)


def test_a_release_that_is_not_ready_can_not_be_published(reader: User) -> None:
    release = request_release(actor=reader)
    with pytest.raises(Conflict) as wrong:
        publish_release(release_id=release.pk, actor=reader)
    assert wrong.value.code == "not_ready"


def test_a_lost_image_fails_the_release_with_its_reason(reader: User) -> None:
    audit = make_audit()
    read_through(audit, reader)
    default_storage.delete(audit.case.image)
    release = request_release(actor=reader)
    with pytest.raises(FileNotFoundError):
        build_release(release_id=release.pk)
    release.refresh_from_db()
    assert release.state == "failed"
    assert "FileNotFoundError" in release.failure
    assert not default_storage.exists(file_path(release, "README.md"))


def test_a_release_holds_only_the_queues_and_sources_it_was_narrowed_to(curator: User) -> None:
    audits = [make_audit(), make_audit(), make_audit(source="upload")]
    for audit in audits:
        read_through(audit, curator)
    queues = [str(audit.review_items.get().queue_id) for audit in audits]
    api, address = client_of(curator), "/api/v1/releases"
    asked = {"name": "narrow", "queues": queues[1:], "sources": ["phantom"]}
    made = api.post(address, asked, format="json").json()
    assert made["selection"] == {"queues": sorted(queues[1:]), "sources": ["phantom"]}
    build_release(release_id=made["id"])
    release = Release.objects.get(pk=made["id"])
    assert [row["id"] for row in rows(release, "audits")] == [str(audits[1].pk)]
    assert b"narrowed to reads of 2 queues and cases of sources phantom." in every_byte(release)
    for field, wrong in (("queues", [str(uuid.uuid4())]), ("sources", ["nowhere"])):
        answer = api.post(address, {field: wrong}, format="json")
        assert answer.status_code == 400 and list(answer.json()["error"]["fields"]) == [field]
        assert wrong[0] in answer.json()["error"]["fields"][field][0]


def test_versions_count_up_and_are_never_used_twice(reader: User) -> None:
    assert [request_release(actor=reader).version for _ in range(2)] == ["1.0.0", "1.1.0"]
    with pytest.raises(Conflict) as wrong:
        request_release(actor=reader, version="1.0.0")
    assert wrong.value.code == "version_taken"
    request_release(actor=reader, version="1.3.0")
    assert request_release(actor=reader).version == "1.4.0"


@pytest.mark.parametrize("version", ["1", "9999999.0.0", "\u0663.0.0", "1.0.0-a"])
def test_versions_are_three_plain_numbers(curator: User, version: str) -> None:
    answer = client_of(curator).post("/api/v1/releases", {"version": version})
    assert answer.status_code == 400 and list(answer.json()["error"]["fields"]) == ["version"]
    assert not Release.objects.exists()

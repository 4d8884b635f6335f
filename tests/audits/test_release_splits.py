"""Train, validation, test: by patient, for ever, protected first, no picture in two of them."""

import threading
import uuid
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from audits.models import Case, Release, ReleaseCase, User
from audits.services.releases.freeze import freeze
from audits.services.releases.splits import SPLITS, Assigned, Pictured, assign
from tests.audits.reviewing import make_audit, make_user
from tests.audits.test_releases import built, read_through, refused, rows

PEOPLE = [f"p{number}" for number in range(40)]


def one(person: str, *, official: str = "", picture: int | None = None) -> Pictured:
    key = uuid.uuid4()
    return Pictured(key, person, official, key.int if picture is None else picture)


def splits(pictured: list[Pictured], **earlier: str) -> dict[str, str]:
    return assign(pictured, earlier, ()).splits


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


# --- The rules -----------------------------------------------------------------------------------


def test_a_tenth_is_test_and_about_a_tenth_validation() -> None:
    found = Counter(splits([one(f"person {number}") for number in range(2000)]).values())
    assert found["test"] == 200
    assert 140 < found["validation"] < 260


def test_who_was_read_twice_is_taken_for_test_first() -> None:
    twice = {"p3", "p17", "p31"}
    found = assign([one(person) for person in PEOPLE], {}, twice).splits
    assert {person for person, split in found.items() if split == "test"} > twice
    many = set(PEOPLE[:20])
    found = assign([one(person) for person in PEOPLE], {}, many).splits
    assert {person for person, split in found.items() if split == "test"} < many


def test_an_earlier_split_stays_whatever_else_is_said() -> None:
    pictured = [one(person, official="train") for person in PEOPLE]
    assert splits(pictured, p1="test", p2="validation")["p1"] == "test"
    assert splits(pictured, p1="test", p2="validation")["p2"] == "validation"
    # Those who are in test already count: nobody is taken for it while it is full.
    full = assign([one(person) for person in PEOPLE], dict.fromkeys(PEOPLE[:4], "test"), ()).splits
    assert sum(split == "test" for split in full.values()) == 4


def test_the_source_s_own_split_is_kept_the_protected_one_first() -> None:
    pictured = [one("a", official="train"), one("a", official="test"), one("b", official="train")]
    assert splits(pictured) == {"a": "test", "b": "train"}


def test_people_who_share_a_picture_go_together() -> None:
    for _ in range(20):
        shared = [one("a", picture=1), one("b", picture=1), one("b", picture=2)]
        shared.append(one("c", picture=2))
        found = splits(shared + [one(person) for person in PEOPLE])
        assert len({found["a"], found["b"], found["c"]}) == 1
    tied = splits([one("a", picture=1, official="test"), one("b", picture=1)])
    assert tied == {"a": "test", "b": "test"}


def test_a_picture_that_was_put_apart_stays_where_it_is_protected() -> None:
    pictured = [one("a", picture=1), one("b", picture=1), one("b")]
    found = assign(pictured, {"a": "test", "b": "train"}, ())
    assert found.splits == {"a": "test", "b": "train"}
    assert found.left_out == {pictured[1].case}


@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE[:12]), st.sampled_from(["", *SPLITS]), st.integers(0, 9)),
        max_size=30,
    ),
    st.dictionaries(st.sampled_from(PEOPLE[:12]), st.sampled_from(SPLITS), max_size=5),
    st.sets(st.sampled_from(PEOPLE[:12])),
    st.randoms(),
)
def test_no_picture_is_in_two_splits_and_the_order_changes_nothing(
    made: list[tuple[str, str, int]], earlier: dict[str, str], twice: set[str], chance: Any
) -> None:
    pictured = [one(person, official=split, picture=at) for person, split, at in made]
    found = assign(pictured, earlier, twice)
    where: dict[int | None, set[str]] = {}
    for case in pictured:
        assert found.splits[case.person] == earlier.get(case.person, found.splits[case.person])
        if case.case not in found.left_out:
            where.setdefault(case.picture, set()).add(found.splits[case.person])
    assert all(len(held) == 1 for held in where.values())
    assert set(where) == {case.picture for case in pictured}
    often = Counter(case.picture for case in pictured)
    alone = [replace(case, picture=None) if often[case.picture] == 1 else case for case in pictured]
    assert assign(alone, earlier, twice) == found
    shuffled = list(pictured)
    chance.shuffle(shuffled)
    assert assign(shuffled, earlier, twice) == Assigned(found.splits, found.left_out)


# --- In the database -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_patient_stays_where_an_earlier_release_put_them(reader: User) -> None:
    for number in range(12):
        read_through(make_audit(patient=str(number)), reader)
    first = built(reader)
    before = dict(ReleaseCase.objects.filter(release=first).values_list("case", "split"))
    for number in range(12, 30):
        read_through(make_audit(patient=str(number)), reader)
    second = built(reader)
    after = dict(ReleaseCase.objects.filter(release=second).values_list("case", "split"))
    assert len(after) == 30 and before.items() <= after.items()
    assert Counter(after.values())["test"] == 3


@pytest.mark.django_db(transaction=True)
def test_what_was_read_twice_is_test(reader: User) -> None:
    second = make_user("second")
    audits = [make_audit(patient=str(number)) for number in range(10)]
    for audit in audits:
        read_through(audit, reader)
    read_through(audits[6], second)
    release = built(reader)
    held = ReleaseCase.objects.filter(release=release, split="test")
    assert list(held.values_list("case", flat=True)) == [audits[6].case_id]


@pytest.mark.django_db(transaction=True)
def test_nearly_the_same_picture_is_kept_out_of_two_splits_and_counted(reader: User) -> None:
    kept, copy = make_audit(patient="a"), make_audit(patient="b")
    Case.objects.filter(pk=kept.case_id).update(perceptual_hash=0b1011, split="test")
    Case.objects.filter(pk=copy.case_id).update(perceptual_hash=0b1010, split="train")
    for audit in (kept, copy):
        read_through(audit, reader)
    release = built(reader)
    assert [(row["split"], row["perceptual_hash"]) for row in rows(release, "cases")] == [
        ("test", "000000000000000b")
    ]
    assert refused(release)["picture_in_another_split", "cases"] == 1
    assert release.counts["audits"] == release.counts["decisions"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_releases_frozen_at_once_give_a_new_patient_one_split(reader: User) -> None:
    for number in range(30):
        read_through(make_audit(patient=str(number)), reader)
    releases = [
        Release.objects.create(
            name=f"release {number}", version="1.0.0", seed=f"{number}" * 32, created_by=reader
        )
        for number in range(2)
    ]
    ready = threading.Barrier(2)

    def run(release: Release) -> None:
        ready.wait()
        freeze(release)
        connections.close_all()

    threads = [threading.Thread(target=run, args=[release]) for release in releases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    one_way, other = (dict(release.cases.values_list("case", "split")) for release in releases)
    assert len(one_way) == 30 and one_way == other

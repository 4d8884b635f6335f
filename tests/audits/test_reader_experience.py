"""A reader's experience: said by themselves, and in a release only where enough share it."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.models import Experience, ReleaseRead, User
from audits.services.releases.build import publish_release
from audits.services.releases.experience import SHARED_BY, leaving_bands
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_user
from tests.audits.test_releases import built, read_through, rows

BANDS = st.sampled_from(["", *Experience.values])


@given(st.lists(BANDS, max_size=40))
def test_every_value_that_leaves_is_shared_by_enough_or_is_the_only_one(said: list[str]) -> None:
    people = {uuid.uuid4(): band for band in said}
    leaving = leaving_bands(people)
    assert leaving.keys() == people.keys()
    assert all(band in ("", people[person]) for person, band in leaving.items())
    sizes = [list(leaving.values()).count(band) for band in set(leaving.values())]
    assert all(size >= SHARED_BY for size in sizes) or len(sizes) == 1


@pytest.mark.parametrize(
    ("said", "leaving"),
    [
        ({"student": 4}, {"": 4}),
        ({"student": 5}, {"student": 5}),
        ({"student": 5, "": 5}, {"student": 5, "": 5}),
        # One without a band would be told by having none: the rarest band hides them.
        ({"student": 5, "in_training": 6, "": 1}, {"in_training": 6, "": 6}),
        ({"student": 4, "in_training": 6, "": 1}, {"in_training": 6, "": 5}),
    ],
)
def test_which_bands_leave(said: dict[str, int], leaving: dict[str, int]) -> None:
    people = {uuid.uuid4(): band for band, count in said.items() for _ in range(count)}
    found = list(leaving_bands(people).values())
    assert {band: found.count(band) for band in set(found)} == leaving


@pytest.mark.django_db(transaction=True)
def test_a_band_of_five_readers_leaves_and_is_gone_once_published(
    settings: Any, tmp_path: Path, nobody_else: None
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    readers = [make_user(f"reader {n}", experience="under_5_years") for n in range(SHARED_BY)]
    for reader in readers[1:]:
        read_through(make_audit(), reader)
    few = built(readers[0])
    assert {row["experience"] for row in rows(few, "decisions")} == {None}
    read_through(make_audit(), readers[0])
    enough = built(readers[0])
    assert {row["experience"] for row in rows(enough, "decisions")} == {"under_5_years"}
    publish_release(release_id=enough.pk, actor=readers[0])
    left = ReleaseRead.objects.filter(release=enough).values_list("reader", "experience")
    assert set(left) == {("", "")}


@pytest.mark.django_db
def test_everybody_says_their_own(reader: User) -> None:
    api, address = client_of(reader), "/api/v1/me/experience"
    assert api.get(address).json() == {"experience": ""}
    answer = api.put(address, {"experience": "student"})
    assert (answer.status_code, answer.json()) == (200, {"experience": "student"})
    assert api.get(address).json() == {"experience": "student"}
    wrong = api.put(address, {"experience": "eleven years"})
    assert wrong.status_code == 400 and list(wrong.json()["error"]["fields"]) == ["experience"]

"""Train, validation or test: by patient, for ever, and no picture in two of them.

1. A patient who was in an earlier release stays in the split they had there.
2. Else the split that the source gives them, the most protected one if it gives several.
3. Else chance, by a keyed hash: a tenth of all patients is the test split, of whom those are taken
   first whose audits were read twice or adjudicated; a tenth is validation, the rest train.

Patients whose pictures are the same, or nearly the same, go together. Where rule 1 or 2 puts them
apart, a picture stays in the most protected split alone and is left out of the others, counted.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from sys import intern
from uuid import UUID

import numpy as np
from django.db.models import Count, QuerySet

from audits.models import Adjudication, Case, Read, Release, ReleaseCase
from audits.selectors.reads import standing
from audits.services.releases.pseudonyms import keyed_share, person_of
from inference.fingerprints import near_groups

SPLITS = ("test", "validation", "train")
"""The most protected first."""
SHARE = 10
"""One patient in so many is in test, and one in validation."""


_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Pictured:
    """A case as far as its split goes. ``picture`` is the same number for pictures that are the
    same or nearly so, and none for one like no other: a hundred thousand of them are held."""

    case: UUID
    person: str
    official: str
    picture: int | None


@dataclass(slots=True)
class Assigned:
    """The split of each person, and the cases whose picture is in a more protected split."""

    splits: dict[str, str] = field(default_factory=dict)
    left_out: set[UUID] = field(default_factory=set)


def assigned_splits(release: Release, cases: QuerySet[Case]) -> tuple[list[Pictured], Assigned]:
    """The cases, and the splits of everybody in the release. The caller holds off other freezes,
    so that two releases made at once don't put a new patient into different splits."""
    pictured = _pictured(cases)
    people = {one.person: one.person for one in pictured}
    return pictured, assign(pictured, _earlier(release, people), _read_twice(people))


def assign(
    pictured: list[Pictured], earlier: Mapping[str, str], read_twice: Iterable[str]
) -> Assigned:
    """The rules at the head of this module; the same for the same input in any order."""
    found = Assigned({one.person: earlier[one.person] for one in pictured if one.person in earlier})
    officially: dict[str, set[str]] = defaultdict(set)
    for one in pictured:
        if one.official:
            officially[one.person].add(one.official)
    for person, given in officially.items():
        found.splits.setdefault(person, _most_protected(given))
    free = []
    for group in _together(pictured):
        known = {found.splits[person] for person in group if person in found.splits}
        if known:
            # Not as a difference to all the keys: that takes as many steps as there are people.
            others = [person for person in group if person not in found.splits]
            found.splits |= dict.fromkeys(others, _most_protected(known))
        else:
            free.append(group)
    people = len(found.splits) + sum(map(len, free))
    _by_chance(found.splits, free, people, set(read_twice))
    found.left_out = _left_out(pictured, found.splits)
    return found


def _by_chance(
    splits: dict[str, str], free: list[tuple[str, ...]], people: int, read_twice: set[str]
) -> None:
    room = round(people / SHARE) - sum(split == "test" for split in splits.values())

    def order(group: tuple[str, ...]) -> tuple[bool, int, str]:
        return read_twice.isdisjoint(group), keyed_share(min(group)), min(group)

    for group in sorted(free, key=order):
        if room > 0:
            room -= len(group)
            split = "test"
        else:
            # A tenth of all is a ninth of those that are not in test.
            split = "validation" if keyed_share(min(group)) % (SHARE - 1) == 0 else "train"
        splits |= dict.fromkeys(group, split)


def _together(pictured: list[Pictured]) -> Iterator[tuple[str, ...]]:
    """People joined by a picture that they share, and each of the others alone."""
    group_of: dict[str, set[str]] = {}
    first: dict[int, str] = {}
    for one in pictured:
        if one.picture is not None:
            mine = group_of.setdefault(one.person, {one.person})
            other = group_of[first.setdefault(one.picture, one.person)]
            if other is not mine:
                small, large = sorted((mine, other), key=len)
                large |= small
                group_of.update(dict.fromkeys(small, large))
    for group in {id(group): group for group in group_of.values()}.values():
        yield tuple(group)
    for person in {one.person for one in pictured} - group_of.keys():
        yield (person,)


def _left_out(pictured: list[Pictured], splits: Mapping[str, str]) -> set[UUID]:
    held: dict[int | None, set[str]] = defaultdict(set)
    shared = [one for one in pictured if one.picture is not None]
    for one in shared:
        held[one.picture].add(splits[one.person])
    return {one.case for one in shared if splits[one.person] != _most_protected(held[one.picture])}


def _most_protected(splits: Iterable[str]) -> str:
    return min(splits, key=SPLITS.index)


def _pictured(cases: QuerySet[Case]) -> list[Pictured]:
    """Read one by one: of a hundred thousand cases the texts alone would be fifty megabytes."""
    rows = cases.order_by("pk").values_list(
        "pk", "patient_hash", "pixels_sha256", "split", "perceptual_hash"
    )
    known: dict[str, str] = {}  # one text a person, however many cases
    found: list[Pictured] = []
    hashed, hashes = array("q"), array("q")
    for at, (pk, patient, pixels, official, look) in enumerate(rows.iterator(chunk_size=_BATCH)):
        person = person_of(patient, pixels)
        found.append(Pictured(pk, known.setdefault(person, person), intern(official), None))
        if look is not None:
            hashed.append(at)
            hashes.append(look)
    groups = np.array(near_groups(hashes), dtype=np.int64)
    for at in np.flatnonzero(np.bincount(groups)[groups] > 1).tolist():
        found[hashed[at]] = replace(found[hashed[at]], picture=int(groups[at]))
    return found


def _earlier(release: Release, people: Mapping[str, str]) -> dict[str, str]:
    """Where each was in other releases: in the first one published, else the first one made."""
    members = ReleaseCase.objects.exclude(release=release)
    unpublished = members.filter(release__published_at=None).order_by("-release__created_at")
    published = members.exclude(release__published_at=None).order_by("-release__published_at")
    found: dict[str, str] = {}
    for some in (unpublished, published):
        rows = some.values_list("case__patient_hash", "case__pixels_sha256", "split")
        for patient, pixels, split in rows.iterator():
            person = person_of(patient, pixels)
            if person in people:
                found[person] = split  # the oldest comes last and stays
    return found


def _read_twice(people: Mapping[str, str]) -> set[str]:
    """People of whom an audit was read by two or more, or adjudicated."""
    case = "slot__item__audit__case"
    twice = (
        Read.objects.filter(standing())
        .order_by()
        .values("slot__item__audit", f"{case}__patient_hash", f"{case}__pixels_sha256")
        .annotate(n=Count("slot__reviewer", distinct=True))
        .filter(n__gte=2)
        .values_list(f"{case}__patient_hash", f"{case}__pixels_sha256")
    )
    ruled = Adjudication.objects.filter(state=Adjudication.State.SETTLED).values_list(
        "item__audit__case__patient_hash", "item__audit__case__pixels_sha256"
    )
    both = chain(twice.iterator(chunk_size=_BATCH), ruled.iterator(chunk_size=_BATCH))
    # Of each the text that is held already.
    return {people[person] for one in both if (person := person_of(*one)) in people}

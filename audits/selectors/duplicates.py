"""Near-duplicates: cases whose pictures are nearly the same, found by their perceptual hashes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from audits.models import Case
from audits.models.cases import hash_band
from inference.fingerprints import BANDS, NEAR, bands, distance, near_groups


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture that is nearly the same: a stored case, or (before anything is stored) a row."""

    distance: int
    case: UUID | None = None
    row: int | None = None


@dataclass(slots=True)
class Neighbours:
    """Hashes seen so far, found again by the parts that near hashes share."""

    _by_band: dict[tuple[int, int], list[tuple[int, UUID | int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, value: int, who: UUID | int) -> None:
        for key in enumerate(bands(value)):
            self._by_band[key].append((value, who))

    def nearest(self, value: int, *, but: UUID | None = None) -> Neighbour | None:
        """The nearest within ``NEAR`` bits, the first added of equals; never the case ``but``."""
        best: tuple[int, UUID | int] | None = None
        for key in enumerate(bands(value)):
            for other, who in self._by_band.get(key, ()):
                bits = distance(value, other)
                if bits <= NEAR and who != but and (best is None or bits < best[0]):
                    best = bits, who
        if best is None:
            return None
        bits, who = best
        return Neighbour(bits, row=who) if isinstance(who, int) else Neighbour(bits, case=who)


def stored_neighbours(hashes: Iterable[int]) -> Neighbours:
    """The cases that may be near any of these hashes: one query for a batch."""
    found = Neighbours()
    for value, case_id in _candidates(set(hashes)):
        found.add(value, case_id)
    return found


def _candidates(hashes: set[int]) -> Iterator[tuple[int, UUID]]:
    if not hashes:
        return
    names = [f"band_{band}" for band in range(BANDS)]
    parts = zip(*(bands(value) for value in sorted(hashes)), strict=True)
    shares = (Q(**{f"{name}__in": set(part)}) for name, part in zip(names, parts, strict=True))
    cases = Case.objects.alias(**{name: hash_band(at) for at, name in enumerate(names)})
    rows = cases.filter(reduce(or_, shares)).order_by("created_at", "id")
    yield from rows.values_list("perceptual_hash", "id").iterator(chunk_size=2000)  # type: ignore[misc]


def duplicate_groups(cases: QuerySet[Case]) -> dict[UUID, UUID]:
    """For each case the first case of its group of near-duplicates (itself if it is alone).

    A split that keeps groups whole keeps near-duplicates out of two splits. A case without a
    hash is alone.
    """
    rows = list(cases.order_by("created_at", "id").values_list("id", "perceptual_hash"))
    hashed = [(case_id, value) for case_id, value in rows if value is not None]
    groups = {case_id: case_id for case_id, _ in rows}
    for (case_id, _), first in zip(
        hashed, near_groups([value for _, value in hashed]), strict=True
    ):
        groups[case_id] = hashed[first][0]
    return groups

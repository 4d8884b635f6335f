"""Which examples make the corpus: one of each near-duplicate, patients whole, normals in measure.

Every choice is by a hash of the seed and the example's id, so that it depends on neither the
order of the input nor the machine.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inference.curation.examples import Example, Tally
from inference.fingerprints import near_groups
from inference.release.tables import SPLITS, Split
from inference.vocabulary import LABELS, Label


@dataclass(frozen=True, slots=True)
class Selection:
    """``normals`` is how many normals go with each positive, split by split. ``most`` caps the
    positives of a split (0: no cap); labels on fewer than ``rare`` of the split's positives are
    rare, and their images are all kept, over the cap if need be. ``shares`` divide patients whose
    source names no split."""

    seed: int = 0
    normals: float = 1.0
    most: int = 0
    rare: float = 0.1
    near_duplicates: bool = False
    shares: tuple[float, float] = (0.8, 0.1)


def select(examples: Sequence[Example], asked: Selection, tally: Tally) -> list[Example]:
    """The corpus's examples, sorted by id; every other one is counted in ``tally``."""
    usable = [each for each in examples if each.present or each.normal]
    tally.drop("nothing_known", len(examples) - len(usable))
    distinct = usable if asked.near_duplicates else _distinct(usable, tally)
    whole = _by_patient(distinct, asked, tally)
    kept = [
        each
        for split in SPLITS
        for each in _measured([one for one in whole if one.split == split], asked, tally)
    ]
    tally.kept = len(kept)
    return sorted(kept, key=lambda each: each.id)


def chance(seed: int, *words: str) -> float:
    """A number in 0..1 that depends on the seed and the words alone."""
    digest = hashlib.sha256("\n".join((str(seed), *words)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _distinct(examples: Iterable[Example], tally: Tally) -> list[Example]:
    """One of each group of near-duplicates: the one with the rarest label, then the fullest."""
    ordered = sorted(examples, key=lambda each: each.id)
    often = Counter(label for each in ordered for label in each.present)
    groups: dict[int, list[Example]] = defaultdict(list)
    near = near_groups([each.fingerprint for each in ordered])
    for first, each in zip(near, ordered, strict=True):
        groups[first].append(each)
    kept = []
    for group in groups.values():
        best = min(group, key=lambda each: _worth(each, often))
        kept.append(best)
        tally.drop("near_duplicate", len(group) - 1)
        if len(group) > 1:
            tally.near_duplicates.append(
                [best.id, *(each.id for each in group if each is not best)]
            )
    return kept


def _worth(example: Example, often: Counter[Label]) -> tuple[float, int, int, str]:
    rarest = min((often[label] for label in example.present), default=float("inf"))
    return rarest, len(example.open), -len(example.settled), example.id


def _by_patient(examples: Sequence[Example], asked: Selection, tally: Tally) -> list[Example]:
    """A patient in two splits moves, whole, to the one that is held back the most."""
    held: dict[str, Split] = {}
    for each in examples:
        split = each.split or _drawn(each.patient, asked)
        held[each.patient] = max(held.get(each.patient, split), split, key=SPLITS.index)
    tally.moved_with_their_patient = sum(
        bool(each.split) and each.split != held[each.patient] for each in examples
    )
    return [replace(each, split=held[each.patient]) for each in examples]


def _drawn(patient: str, asked: Selection) -> Split:
    at = chance(asked.seed, "split", patient)
    train, validation = asked.shares
    if at < train:
        return "train"
    return "validation" if at < train + validation else "test"


def _measured(examples: Sequence[Example], asked: Selection, tally: Tally) -> list[Example]:
    """One split: its positives up to the cap, and normals in proportion to them."""
    ordered = sorted(examples, key=lambda each: (chance(asked.seed, each.id), each.id))
    positives = _capped([each for each in ordered if each.present], asked, tally)
    normals = [each for each in ordered if each.normal]
    wanted = min(len(normals), round(len(positives) * asked.normals))
    tally.drop("normal_beyond_the_ratio", len(normals) - wanted)
    return positives + normals[:wanted]


def _capped(positives: list[Example], asked: Selection, tally: Tally) -> list[Example]:
    if not asked.most or len(positives) <= asked.most:
        return positives
    rare = rare_labels(positives, asked.rare)
    kept = [each for each in positives if each.present & rare]
    others = [each for each in positives if not each.present & rare]
    kept += others[: max(0, asked.most - len(kept))]
    tally.drop("positive_beyond_the_cap", len(positives) - len(kept))
    return kept


def rare_labels(positives: Sequence[Example], share: float) -> frozenset[Label]:
    """Labels that are present on some, and on fewer than ``share`` of, ``positives``."""
    often = Counter(label for each in positives for label in each.present)
    return frozenset(label for label in LABELS if 0 < often[label] < share * len(positives))

"""Draws cases evenly over kinds and labels, from images whose findings are known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from inference.synthesis.chance import seeded
from inference.synthesis.corruption import Corrupted, Subject, corrupt, labels_for
from inference.synthesis.truth import Kind
from inference.vocabulary import LABELS, Label

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Case:
    """One synthetic draft of one image, by the image's key."""

    id: str
    image: str
    case: Corrupted


@dataclass(frozen=True, slots=True)
class Plenty:
    """Which images can give which kind and label, in the order of the images.

    A control's ``None`` holds the images without a finding, its labels those that show it, so
    that controls too are spread evenly.
    """

    images: dict[Kind, dict[Label | None, list[str]]]

    def lacking(self) -> list[Kind]:
        """The kinds that no image can give."""
        return [kind for kind, pools in self.images.items() if not pools]

    def missing_labels(self, kind: Kind) -> list[Label]:
        """The labels that no image can give for ``kind``."""
        return [label for label in LABELS if label not in self.images[kind]]


def survey(subjects: Mapping[str, Subject], kinds: Sequence[Kind]) -> Plenty:
    """Find the images of every kind and label."""
    images: dict[Kind, dict[Label | None, list[str]]] = {kind: {} for kind in kinds}
    for kind, pools in images.items():
        for image, subject in subjects.items():
            for label in _places(kind, subject):
                pools.setdefault(label, []).append(image)
    return Plenty(images)


def draw_cases(
    subjects: Mapping[str, Subject], kinds: Sequence[Kind], count: int, seed: int
) -> Iterator[Case]:
    """``count`` cases, the same for the same arguments: kinds in equal parts, and within each
    kind the labels in equal parts, then any image that has one (again, if they are few).

    Raises ValueError if no image can give one of the kinds.
    """
    plenty = survey(subjects, kinds)
    if plenty.lacking():
        raise ValueError(f"no image can give the kinds {', '.join(plenty.lacking())}")
    rng = seeded(seed)
    turns = {kind: _turns(list(pools), rng) for kind, pools in plenty.images.items()}
    for number, kind in zip(range(count), _turns(list(kinds), rng), strict=False):
        label = next(turns[kind])
        image = _pick(plenty.images[kind][label], subjects, kind, rng)
        case = corrupt(kind, None if kind == "control" else label, subjects[image], rng)
        yield Case(f"synthetic-{seed}-{number:06d}", image, case)


def _places(kind: Kind, subject: Subject) -> Sequence[Label | None]:
    if kind != "control":
        return labels_for(kind, subject)
    present = {finding.label for finding in subject.findings}
    return [label for label in LABELS if label in present] or [None]


def _turns(choices: list[_T], rng: Random) -> Iterator[_T]:
    """All choices in random order, again and again: counts never differ by more than one."""
    while True:
        yield from rng.sample(choices, len(choices))


def _pick(images: Sequence[str], subjects: Mapping[str, Subject], kind: Kind, rng: Random) -> str:
    """Any of the images; an ``add`` goes to one with findings of its own every other time."""
    if kind == "add":
        wanted = rng.random() < 0.5
        images = [x for x in images if bool(subjects[x].findings) == wanted] or images
    return rng.choice(images)

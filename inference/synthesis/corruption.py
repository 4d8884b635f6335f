"""Corrupts a faithful draft in exactly one way, with the flags that the result deserves.

The kinds are those of ReXErr (Rao et al., Pacific Symposium on Biocomputing 2025) that five labels
can express: false prediction (``add``), false negation (``deny``), omission (``drop``), change of
location (``swap_side``, ``change_location``) and of severity, repetition, contradiction, typing
error; and beyond it ``hedge`` and the uncorrupted ``control``. Devices and measurements are not
among the labels, and have no known truth here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import get_args

from inference.schema import Box, Finding, Side
from inference.synthesis.drafts import (
    Intent,
    Plan,
    boxes_by_label,
    plan_draft,
    severity_named,
    side_named,
    write_plan,
    zone_named,
)
from inference.synthesis.phrases import NO_WORDS, Size, Words, Zone, lexicon_of
from inference.synthesis.truth import ExpectedFlag, Kind, expected_flags
from inference.vocabulary import LABELS, Label, State

KINDS: tuple[Kind, ...] = get_args(Kind)
_ZONES: tuple[Zone, ...] = ("upper", "mid", "lower")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of one image: ``absent`` are the labels that may be denied.

    ``normal`` is true if nobody marked anything at all; ``sides`` is false where the boxes' frame
    is unknown, so that no draft may name a side or a zone.
    """

    findings: tuple[Finding, ...]
    absent: frozenset[Label]
    normal: bool = False
    sides: bool = True


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A draft and the flags it deserves; ``label`` is the corrupted one, None for a control."""

    kind: Kind
    label: Label | None
    draft: str
    expected_flags: tuple[ExpectedFlag, ...]


def labels_for(kind: Kind, subject: Subject) -> tuple[Label, ...]:
    """The labels of ``subject`` that ``kind`` can corrupt (none for a control)."""
    boxes = boxes_by_label(subject.findings)
    if kind == "control":
        return ()
    if kind == "add":
        return tuple(label for label in LABELS if label in subject.absent and label not in boxes)
    present = tuple(label for label in LABELS if label in boxes)
    if kind == "change_severity":
        return tuple(label for label in present if boxes[label])
    if kind in ("swap_side", "change_location"):
        fits = _has_one_side if kind == "swap_side" else _has_zone
        lateral = [x for x in present if subject.sides and not lexicon_of(x).sideless]
        return tuple(label for label in lateral if fits(label, boxes[label]))
    return present


def corrupt(kind: Kind, label: Label | None, subject: Subject, rng: Random) -> Corrupted:
    """A draft of ``subject`` with one corruption of ``kind`` at ``label`` (None for a control).

    The same ``rng`` state gives the same words around the corruption for every kind. Raises
    ValueError where :func:`labels_for` does not offer the label.
    """
    if label is None if kind != "control" else label is not None:
        raise ValueError(f"{kind} takes {'no' if kind == 'control' else 'a'} label")
    if label is not None and label not in labels_for(kind, subject):
        raise ValueError(f"{kind} cannot be done to {label} here")
    plan = plan_draft(
        subject.findings, subject.absent, rng, normal=subject.normal, sides=subject.sides
    )
    if label is not None:
        plan = _corrupted(plan, kind, label, subject, rng)
    present = [each.label for each in subject.findings if not each.below]
    return Corrupted(kind, label, write_plan(plan), expected_flags(kind, label, present))


def _has_one_side(_: Label, boxes: Sequence[Box]) -> bool:
    return side_named(boxes) in ("left", "right")


def _has_zone(label: Label, boxes: Sequence[Box]) -> bool:
    known = side_named(boxes) is not None and zone_named(boxes) is not None
    return known and lexicon_of(label).zones


def _corrupted(plan: Plan, kind: Kind, label: Label, subject: Subject, rng: Random) -> Plan:
    others = tuple(each for each in plan.intents if each.label != label)
    own = next((each for each in plan.intents if each.label == label), None)
    if kind == "add" or own is None:
        added = _invented(label, subject, rng)
        return replace(plan, intents=(*others, added), deniable=plan.deniable - {label})
    changed = _changed(kind, own, subject, rng)
    one_section = kind in ("repeat", "contradict", "typo")
    return replace(plan, intents=(*others, *changed), one_section=one_section)


def _invented(label: Label, subject: Subject, rng: Random) -> Intent:
    lexicon = lexicon_of(label)
    sides: tuple[Side | None, ...] = ("left", "right", None)
    side = rng.choice(sides) if subject.sides and not lexicon.sideless else None
    severity = rng.choice((None, *lexicon.severities))
    sizes: tuple[Size, ...] = ("nodule", "mass")
    size = rng.choice(sizes)
    words = Words(severity, side, side_first=rng.random() < 0.5)
    return Intent(label, State.PRESENT, words, size, rng.getrandbits(32), rng.random())


def _changed(kind: Kind, own: Intent, subject: Subject, rng: Random) -> tuple[Intent, ...]:
    """What the draft says of the label instead."""
    changes: dict[Kind, tuple[Intent, ...]] = {
        "drop": (),
        "deny": (_denial(own),),
        "hedge": (replace(own, state=State.UNCERTAIN, words=replace(own.words, severity=None)),),
        "repeat": (own, replace(own, seed=rng.getrandbits(32), rank=rng.random())),
        "contradict": (own, replace(_denial(own), rank=1 + rng.random())),
        "typo": (replace(own, misspelt=True),),
    }
    if kind in changes:
        return changes[kind]
    return (replace(own, words=_wrong_words(kind, own, subject, rng)),)


def _denial(own: Intent) -> Intent:
    return replace(own, state=State.ABSENT, words=NO_WORDS, size=None, alone=True)


def _wrong_words(kind: Kind, own: Intent, subject: Subject, rng: Random) -> Words:
    boxes = boxes_by_label(subject.findings)[own.label]
    side, zone = side_named(boxes), zone_named(boxes)
    if kind == "swap_side":
        wrong: Side = "left" if side == "right" else "right"
        return replace(own.words, side=wrong, several=False)
    if kind == "change_location":
        return replace(own.words, side=side, zone=rng.choice([z for z in _ZONES if z != zone]))
    lexicon = lexicon_of(own.label)
    wrong_grades = [x for x in lexicon.severities if x != severity_named(lexicon, boxes)]
    return replace(own.words, severity=rng.choice(wrong_grades))

"""From what is true of an image to a draft that says it, in one of many ways."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from inference.boxes import side_of
from inference.schema import Box, Finding, Side
from inference.synthesis.chance import seeded
from inference.synthesis.phrases import (
    NO_WORDS,
    Lexicon,
    Phrasing,
    Severity,
    Size,
    Words,
    Zone,
    denial_lists,
    lexicon_of,
    lines,
    noun_phrase,
    phrasings,
    say,
)
from inference.vocabulary import LABELS, Label, State

MASS_SIDE = 0.09
"""A box longer than this part of the image's side holds a mass, not a nodule: about 3 cm (the
Fleischner Society's limit) of a 35 cm field."""

READABLE = 8
"""Letters a word needs for a slip of two of them to leave it readable."""

_ZONES: tuple[tuple[float, Zone], ...] = ((0.37, "upper"), (0.55, "mid"), (1.0, "lower"))


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a draft will say: a label's state, and what is named with it.

    ``seed`` decides its wording and ``rank`` its place, drawn before any corruption, so that a
    corrupted draft differs from the faithful one of the same seed in the corrupted thing alone.
    ``alone`` keeps a denial out of the lists.
    """

    label: Label
    state: State
    words: Words = NO_WORDS
    size: Size | None = None
    seed: int = 0
    rank: float = 0.0
    alone: bool = False
    misspelt: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft before it is worded. ``deniable`` are the labels that a wording may deny.

    ``one_section`` keeps an impression from overruling what the findings say; ``normal`` says
    that nobody marked anything at all, so that a global normal is true.
    """

    intents: tuple[Intent, ...]
    deniable: frozenset[Label]
    seed: int
    normal: bool = False
    one_section: bool = False


@dataclass(slots=True)
class _Sections:
    findings: list[str] = field(default_factory=list)
    impression: list[str] = field(default_factory=list)


def plan_draft(
    findings: Iterable[Finding],
    absent_labels: Collection[Label],
    rng: Random,
    *,
    normal: bool = False,
    sides: bool = True,
) -> Plan:
    """Decide what a faithful draft says: every finding, and some of what may be denied.

    ``absent_labels`` are those that may be denied (nobody marked them); a label in neither stays
    unmentioned. ``normal`` allows a global normal, which denies everything: pass it only for an
    image on which nobody marked anything. Without ``sides`` nothing that depends on the frame is
    named (side, zone).
    """
    boxes = boxes_by_label(findings)
    drawn = {label: (rng.getrandbits(32), rng.random(), rng.random()) for label in LABELS}
    intents = [
        _present(label, boxes[label], *drawn[label][:2], sides)
        for label in LABELS
        if label in boxes
    ]
    intents += [
        Intent(label, State.ABSENT, seed=drawn[label][0], rank=1 + drawn[label][1])
        for label in LABELS
        if label in absent_labels and label not in boxes and drawn[label][2] < 0.6
    ]
    deniable = frozenset(absent_labels) - set(boxes)
    return Plan(tuple(intents), deniable, rng.getrandbits(32), normal and not boxes)


def write_plan(plan: Plan) -> str:
    """The draft of a plan; the same plan always reads the same."""
    rng = seeded(plan.seed)
    intents = _ordered(plan.intents, positives_first=rng.random() < 0.7)
    opener, closer = rng.choice(lines("openers")), rng.choice(lines("closers"))
    said = _Sections()
    if rng.random() < 0.3 or not intents:
        said.findings.append(opener)
    split = rng.random() < 0.5 and not plan.one_section
    said.findings += _sentences(intents, plan.deniable, rng)
    if split:
        said.impression += _impression(intents, plan, rng)
    elif _is_normal(plan) and (rng.random() < 0.5 or not intents):
        said.findings.append(rng.choice(lines("normals")))
    if rng.random() < 0.15:
        (said.impression or said.findings).append(closer)
    return _layout(said, rng)


def write_draft(
    findings: Iterable[Finding],
    absent_labels: Collection[Label],
    rng: Random,
    *,
    normal: bool = False,
    sides: bool = True,
) -> str:
    """A faithful draft of an image: says each finding, and denies only ``absent_labels``."""
    return write_plan(plan_draft(findings, absent_labels, rng, normal=normal, sides=sides))


def _present(label: Label, boxes: Sequence[Box], seed: int, rank: float, sides: bool) -> Intent:
    rng, lexicon = seeded(seed), lexicon_of(label)
    lateral = sides and not lexicon.sideless
    side = side_named(boxes) if lateral and rng.random() < 0.8 else None
    zone = zone_named(boxes) if lateral and lexicon.zones and side and rng.random() < 0.4 else None
    severity = severity_named(lexicon, boxes) if rng.random() < 0.5 else None
    several = len(boxes) > 1 and side != "bilateral" and zone is None and rng.random() < 0.5
    words = Words(severity, side, zone, several, side_first=rng.random() < 0.5)
    return Intent(label, State.PRESENT, words, _size(boxes, rng), rng.getrandbits(32), rank)


def boxes_by_label(findings: Iterable[Finding]) -> dict[Label, list[Box]]:
    boxes: dict[Label, list[Box]] = {}
    for finding in findings:
        if not finding.below:
            boxes.setdefault(finding.label, []).extend([finding.box] if finding.box else [])
    return boxes


def side_named(boxes: Sequence[Box]) -> Side | None:
    """The side all boxes lie on, ``bilateral`` for both, ``None`` if any has none."""
    found = {side_of(box) for box in boxes}
    if len(found) == 1:
        return found.pop()
    return "bilateral" if found == {"left", "right"} else None


def zone_named(boxes: Sequence[Box]) -> Zone | None:
    """The third of the lungs that the centres of all boxes lie in."""
    centres = [(box[0] + box[2]) / 2 for box in boxes]
    found = {next(zone for limit, zone in _ZONES if centre <= limit) for centre in centres}
    return found.pop() if len(found) == 1 else None


def severity_named(lexicon: Lexicon, boxes: Sequence[Box]) -> Severity | None:
    """The grade of the area that all boxes cover; ``None`` without a box."""
    if not boxes:
        return None
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes)
    return lexicon.severities[sum(area >= limit for limit in lexicon.areas)]


def _size(boxes: Sequence[Box], rng: Random) -> Size:
    if not boxes:
        return rng.choice(("nodule", "mass"))
    longest = max(max(box[2] - box[0], box[3] - box[1]) for box in boxes)
    return "mass" if longest > MASS_SIDE else "nodule"


def _ordered(intents: Iterable[Intent], positives_first: bool) -> list[Intent]:
    """Most drafts begin with what is there; the others mix it with what is not."""
    return sorted(intents, key=lambda intent: intent.rank if positives_first else intent.rank % 1)


def _is_normal(plan: Plan) -> bool:
    return plan.normal and all(intent.state is State.ABSENT for intent in plan.intents)


def _sentences(intents: Sequence[Intent], deniable: frozenset[Label], rng: Random) -> list[str]:
    listed = [each for each in intents if each.state is State.ABSENT and not each.alone]
    together = len(listed) > 1 and rng.random() < 0.5
    own = [each for each in intents if not (together and each in listed)]
    said = [_sentence(each, deniable) for each in own]
    return [*said, _denial_list(listed, deniable, rng)] if together else said


def _impression(intents: Sequence[Intent], plan: Plan, rng: Random) -> list[str]:
    """The conclusion: what is there, in other words than before; or that nothing is."""
    notable = [each for each in intents if each.state is not State.ABSENT]
    if notable:
        fresh = [replace(each, seed=each.seed ^ 0x5BD1E995) for each in notable]
        return [_sentence(each, plan.deniable) for each in fresh]
    if _is_normal(plan):
        return [rng.choice(lines("normals"))]
    return []


def _sentence(intent: Intent, deniable: frozenset[Label]) -> str:
    rng = seeded(intent.seed)
    usable = _usable(intent, deniable)
    chosen = rng.choices(usable, [each.weight for each in usable])[0]
    sentence = say(chosen, intent.words)
    if intent.misspelt and chosen.noun:
        bare = replace(intent.words, severity=None, side_first=False)
        return _misspell(sentence, noun_phrase(chosen.noun, bare))
    return sentence


def _usable(intent: Intent, deniable: frozenset[Label]) -> list[Phrasing]:
    """The phrasings that have a slot for all that is to be named, and deny nothing they may not."""
    words = intent.words
    return [
        each
        for each in phrasings(intent.label, intent.state)
        if (each.noun is None or intent.size is None or each.noun.size in (None, intent.size))
        and (intent.state is not State.ABSENT or each.also <= deniable)
        and (words.side is None or each.can_name("side"))
        and (words.severity is None or each.can_name("severity"))
        and (not intent.misspelt or (each.noun is not None and _long_word(each.noun.one)))
    ]


def _denial_list(listed: Sequence[Intent], deniable: frozenset[Label], rng: Random) -> str:
    names = []
    for intent in listed:
        nouns = [noun for noun in lexicon_of(intent.label).nouns if noun.also <= deniable]
        names.append(noun_phrase(seeded(intent.seed).choice(nouns), NO_WORDS))
    joined = f"{', '.join(names[:-1])} or {names[-1]}"
    sentence = rng.choice(denial_lists()).format(nps=joined)
    return sentence[0].upper() + sentence[1:]


def _long_word(words: str) -> bool:
    """Whether a slip leaves a word that can still be read: "msas" and "TPX" can't."""
    return any(len(word) >= READABLE for word in words.split())


def _misspell(sentence: str, within: str) -> str:
    """Swap two neighbouring letters in the longest word of a part, as hurried typing does."""
    word = max(within.rstrip(".").split(), key=len)
    at = len(word) // 2
    while word[at] == word[at - 1]:
        at -= 1
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    slipped = re.sub(re.escape(word), swapped, sentence, count=1, flags=re.IGNORECASE)
    return slipped[0].upper() + slipped[1:]


def _layout(said: _Sections, rng: Random) -> str:
    glue = rng.choice((" ", " ", "\n"))
    if said.impression:
        titles = rng.choice((("FINDINGS:", "IMPRESSION:"), ("Findings:", "Impression:")))
        end = _numbered(said.impression) if rng.random() < 0.4 else " " + " ".join(said.impression)
        between = rng.choice(("\n", "\n\n"))
        return f"{titles[0]} {glue.join(said.findings)}{between}{titles[1]}{end}"
    title = rng.choice(("", "", "", "FINDINGS: ", "IMPRESSION: ", "Impression: "))
    return title + glue.join(said.findings)


def _numbered(sentences: Sequence[str]) -> str:
    return "\n" + "\n".join(f"{at}. {each}" for at, each in enumerate(sentences, 1))

"""The only judge: what the image shows against what the draft says, by policy 1.

A pure function over closed vocabularies: no model, no clock, no chance. It answers for every
input, and the same inputs in any order give the same flags and notes byte for byte. The tables it
reads are in :mod:`inference.policies`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from inference.boxes import side_of
from inference.heights import height_notes
from inference.policies import PLAIN, POLICY, POLICY_TABLE, SIDED, URGENCY, Reason
from inference.schema import Box, Comparison, Finding, Flag, Mention, Side, Span
from inference.states import draft_labels, judged_labels
from inference.vocabulary import LABELS, DraftState, FlagKind, ImageState, Label, State

_ASSERTED: Final = (State.PRESENT, State.UNCERTAIN)
_PLACES: Final[dict[Side, str]] = {
    "left": "on the left",
    "right": "on the right",
    "bilateral": "on both sides",
}
_FAILED: Final = "The model could not read the image, so nothing was compared."
_PARTIAL: Final = (
    "Part of what the model said of the image could not be used,"
    " so no label counts as absent from it."
)
_UNREAD: Final[dict[DraftState, str]] = {
    DraftState.EMPTY: "The draft is empty, so nothing was compared with it.",
    DraftState.UNPARSED: "The draft could not be read, so nothing was compared with it.",
}


class _Raised(NamedTuple):
    kind: FlagKind
    reason: Reason | None
    reported: bool | None
    rule: str


def compare(
    *,
    image_state: ImageState,
    image_labels: Mapping[Label, State | None],
    findings: Sequence[Finding],
    draft_state: DraftState,
    mentions: Sequence[Mention],
) -> Comparison:
    """Judge one audit.

    ``image_labels`` may leave a label out (not assessed). A finding counts as present whatever
    ``image_labels`` says of it, with a note; one marked ``below`` never counts. Overruled
    mentions, and all mentions of a draft that was not parsed, never count.
    """
    if image_state == ImageState.FAILED:
        return Comparison(POLICY, (), (_FAILED,))
    read = draft_state == DraftState.PARSED
    seen = [finding for finding in findings if not finding.below]
    said = [mention for mention in mentions if read and not mention.overruled]
    image = judged_labels(image_state, image_labels, seen)
    draft = draft_labels(said)
    sides = _sides(seen, said)
    flags = [
        Flag(
            raised.kind,
            label,
            raised.reason,
            raised.reported,
            sides[label].agree if label in sides else None,
            _boxes(seen, label),
            _spans(said, label, _states_behind(raised.kind, draft[label])),
            raised.rule,
        )
        for label in LABELS
        for raised in _raised(label, image[label], draft[label], read)
    ]
    notes = [*_state_notes(image_state, draft_state, image), *_overrides(image_labels, seen)]
    notes += [sides[label].note(label) for label in LABELS if label in sides]
    notes += height_notes(seen, said)
    return Comparison(POLICY, tuple(flags), tuple(filter(None, notes)))


@cache
def _raised(
    label: Label, image: State | None, draft: State | None, read: bool
) -> tuple[_Raised, ...]:
    raised = []
    cell = POLICY_TABLE[image][draft]
    if read and cell.flag is not None:
        rule = f"policy {POLICY}: image {image}, draft {draft or 'silent'}"
        raised.append(_Raised(cell.flag, cell.reason, None, rule))
    if image == State.PRESENT and label in URGENCY:
        rule = f"policy {POLICY}: urgent, tier {URGENCY[label].tier}"
        reported = draft in _ASSERTED if read else None
        raised.append(_Raised(FlagKind.URGENT, None, reported, rule))
    return tuple(raised)


def _states_behind(kind: FlagKind, draft: State | None) -> tuple[State, ...]:
    """The states of the mentions that a flag rests on."""
    if kind == FlagKind.UNSUPPORTED:
        return (State.PRESENT,)
    return _ASSERTED if draft in _ASSERTED else (State.ABSENT,)


def _boxes(seen: Iterable[Finding], label: Label) -> tuple[Box, ...]:
    return tuple(sorted({f.box for f in seen if f.label == label and f.box is not None}))


def _spans(said: Iterable[Mention], label: Label, states: tuple[State, ...]) -> tuple[Span, ...]:
    return tuple(sorted({(m.start, m.end) for m in said if m.label == label and m.state in states}))


class _Sides(NamedTuple):
    """Where the draft and the image put one label, both known."""

    draft: Side
    image: Side

    @property
    def agree(self) -> bool:
        return self.draft == self.image

    def note(self, label: Label) -> str:
        if self.agree:
            return ""
        return (
            f"The draft puts {PLAIN[label]} {_PLACES[self.draft]};"
            f" on the image it lies {_PLACES[self.image]}."
        )


def _sides(seen: Sequence[Finding], said: Sequence[Mention]) -> dict[Label, _Sides]:
    """Sides of each label that the draft asserts on a side and the image surely has on one.

    One finding without a box, or with a box across the midline, leaves its label out.
    """
    drafted: dict[Label, set[Side | None]] = {}
    for mention in said:
        if mention.side and mention.state in _ASSERTED and mention.label in SIDED:
            drafted.setdefault(mention.label, set()).add(mention.side)
    known = {}
    for label, sides in drafted.items():
        draft = _one_side(sides)
        image = _one_side({f.box and side_of(f.box) for f in seen if f.label == label})
        if draft and image:
            known[label] = _Sides(draft, image)
    return known


def _one_side(sides: set[Side | None]) -> Side | None:
    """One word for several sides; ``None`` if there is none, or one of them is unknown."""
    if not sides or None in sides:
        return None
    return next(iter(sides)) if len(sides) == 1 else "bilateral"


def _state_notes(
    image_state: ImageState, draft_state: DraftState, image: Mapping[Label, State | None]
) -> Iterator[str]:
    if image_state == ImageState.PARTIAL:
        yield _PARTIAL
    if draft_state in _UNREAD:
        shown = [PLAIN[label] for label in LABELS if image[label] == State.PRESENT]
        yield _UNREAD[draft_state]
        if shown:
            yield f"The image shows {'; '.join(shown)}, which no draft could be checked for."


def _overrides(
    image_labels: Mapping[Label, State | None], seen: Iterable[Finding]
) -> Iterator[str]:
    doubted = (State.UNCERTAIN, State.ABSENT)
    found = {finding.label for finding in seen if image_labels.get(finding.label) in doubted}
    for label in LABELS:
        if label in found:
            yield (
                f"The model calls {PLAIN[label]} {image_labels[label]} and gives a finding of it"
                " all the same: it counts as present."
            )

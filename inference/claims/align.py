"""Each statement of the draft, judged by the comparator's own table.

A claim takes the worst alignment of its mentions. A claim about a label needs review exactly
when the label has a MISSING ``denied`` or an UNSUPPORTED flag and the claim is what raised it.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from inference.claims.split import Piece, split_draft
from inference.claims.wording import hedged, overconfident_spans
from inference.policies import ELSEWHERE, PENALTIES, PLAIN, POLICY_TABLE, Cell
from inference.schema import Alignment, Claim, ClaimType, Mention
from inference.states import draft_labels, judged_labels
from inference.vocabulary import LABELS, DraftState, ImageState, Label, State

_RECOMMENDS: Final = re.compile(
    r"\b(?:recommend\w*|advis(?:e|ed|able)|follow[- ]?up|correlat(?:e|ion)|further evaluation"
    r"|(?:please|consider|repeat|obtain) (?:an? )?(?:chest )?(?:ct|mri|radiograph|film|x-?ray))\b",
    re.IGNORECASE,
)
_DENIES: Final = re.compile(r"(?:there (?:is|are) )?(?:no|without|negative for|absence of)\b", re.I)
_MEASURES: Final = re.compile(r"\d\s?(?:mm|cm)\b|\bratio\b[^.\d]{0,20}\d", re.IGNORECASE)


def align_claims(
    text: str,
    *,
    image_state: ImageState,
    image_labels: Mapping[Label, State | None],
    draft_state: DraftState,
    mentions: Sequence[Mention],
) -> tuple[Claim, ...]:
    """The draft's statements in order, each aligned with the image where a label is named.

    ``image_labels`` are those of the audit, findings already counted as present. A draft that was
    not parsed makes no claims; against a failed image claims stand, and none is aligned.
    """
    if draft_state != DraftState.PARSED:
        return ()
    image = judged_labels(image_state, image_labels)
    draft = draft_labels(mentions)
    cells = {
        mention: _cell(mention.state, image[mention.label], draft[mention.label])
        for mention in mentions
        if not mention.overruled and image_state != ImageState.FAILED
    }
    ordered = sorted(mentions, key=_order)
    starts = [mention.start for mention in ordered]
    return tuple(
        _claim(
            text,
            piece,
            ordered[bisect_left(starts, piece.start) : bisect_left(starts, piece.end)],
            cells,
        )
        for piece in split_draft(text, mentions)
    )


def _order(mention: Mention) -> tuple[int, int, int, str, bool]:
    place = LABELS.index(mention.label)
    return mention.start, mention.end, place, mention.state, mention.overruled


def _cell(said: State, image: State | None, draft: State | None) -> Cell:
    cell = POLICY_TABLE[image][said]
    if said == State.ABSENT and draft != State.ABSENT and cell.alignment == "needs_review":
        return ELSEWHERE
    return cell


def _claim(
    text: str, piece: Piece, mentions: Sequence[Mention], cells: Mapping[Mention, Cell]
) -> Claim:
    judged = [mention for mention in mentions if mention in cells]
    worst = _worst([cells[mention].alignment for mention in judged])
    behind = [mention for mention in judged if cells[mention].alignment == worst]
    return Claim(
        start=piece.start,
        end=piece.end,
        text=text[piece.start : piece.end],
        type=_type(text[piece.start : piece.end], piece.section, mentions),
        labels=tuple(label for label in LABELS if any(m.label == label for m in mentions)),
        alignment=worst,
        penalty=PENALTIES[worst] if worst else 0,
        cause=_cause(behind, cells),
        overconfident=overconfident_spans(text, piece.start, piece.end),
        suggestion=hedged(behind) if worst == "needs_review" else None,
    )


def _worst(alignments: Sequence[Alignment | None]) -> Alignment | None:
    named = [alignment for alignment in alignments if alignment is not None]
    return max(named, key=PENALTIES.__getitem__, default=None)


def _cause(behind: Sequence[Mention], cells: Mapping[Mention, Cell]) -> str:
    sentences = [
        cells[mention].cause.format(PLAIN[mention.label])
        for mention in sorted(behind, key=lambda m: LABELS.index(m.label))
    ]
    return " ".join(dict.fromkeys(sentences))


def _type(statement: str, section: str, mentions: Sequence[Mention]) -> ClaimType:
    """The first that fits: advice, denial, number, impression, finding.

    A statement that names a label is never mere advice ("2 cm nodule, CT recommended").
    """
    states = {mention.state for mention in mentions}
    if not states and (section == "recommendation" or _RECOMMENDS.search(statement)):
        return "recommendation"
    if states == {State.ABSENT} or (not states and _DENIES.match(statement)):
        return "absence"
    if _MEASURES.search(statement):
        return "measurement"
    if section == "impression":
        return "impression"
    return "finding" if states else "other"

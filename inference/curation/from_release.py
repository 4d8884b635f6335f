"""A release folder's cases as examples.

A label that readers settled is what they settled, with their boxes (inference.release.parts). One
that they left open (indeterminate, or readers who differ) is open. One that nobody spoke of, on a
case that somebody read through, is absent only where every audit of it says absent and no draft
says otherwise; present, with the model's boxes, where every audit and every draft say present (no
flag could be raised on it, so no reader was asked); and open else. "True but not relevant" is
settled as true by the release's own layers.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from inference.curation.examples import Example, Tally
from inference.release.parts import Part, open_parts
from inference.release.tables import Row, Split
from inference.schema import Box, Finding
from inference.vocabulary import LABELS, Label, State

_CASES = """
SELECT c.id, c.patient, c.image, s.boxes_redistributable,
    (SELECT list({'label': t.label, 'is': t.finding_true} ORDER BY t.label)
     FROM truths t WHERE t."case" = c.id) AS truths,
    (SELECT list(o.label ORDER BY o.label) FROM open_labels o WHERE o."case" = c.id) AS left_open,
    (SELECT list({'label': b.label, 'box': b.box} ORDER BY b.label, b.box)
     FROM true_boxes b WHERE b."case" = c.id) AS true_boxes,
    (SELECT list({'image': a.image_labels, 'draft': a.draft_labels} ORDER BY a.id)
     FROM audits a WHERE a."case" = c.id) AS audits,
    (SELECT list({'label': f.label, 'box': f.box} ORDER BY f.label, f.box)
     FROM findings f JOIN audits a ON a.id = f.audit
     WHERE a."case" = c.id AND NOT f.below) AS findings
FROM cases c JOIN sources s ON s.id = c.source ORDER BY c.id
"""


def read_release(root: Path, tally: Tally) -> Iterator[Example]:
    """The cases that can teach, by split and in the order of their ids; the rest counted by reason.

    Raises ``ValueError`` for a folder whose tables are not a release's.
    """
    try:
        with open_parts(root) as parts:
            for part in parts:
                yield from _examples(part, root, tally)
    except duckdb.Error as error:
        raise ValueError(f"{root} is no whole release: {error}") from error


def _examples(part: Part, root: Path, tally: Tally) -> Iterator[Example]:
    for row in part.tables.rows(_CASES):
        tally.read += 1
        reason = _unusable(row)
        if reason:
            tally.drop(reason)
        else:
            yield _example(row, part.split, root)


def _unusable(row: Row) -> str:
    if row["image"] is None:
        return "no_pixels"
    if not row["boxes_redistributable"]:
        return "boxes_kept_back"
    return "" if row["truths"] else "nobody_settled_it"


def _example(row: Row, split: Split, root: Path) -> Example:
    truths = {Label(one["label"]): bool(one["is"]) for one in row["truths"]}
    left_open = {Label(name) for name in row["left_open"] or []}
    states = {
        label: _settled(truths[label]) if label in truths
        else None if label in left_open
        else _unspoken(label, row["audits"] or [])
        for label in LABELS
    }  # fmt: skip
    modelled = [one for one in row["findings"] or [] if Label(one["label"]) not in truths]
    return Example(
        id=row["id"],
        patient=row["patient"],
        picture=root / row["image"],
        states=states,
        settled=tuple(_finding(one) for one in row["true_boxes"] or []),
        modelled=tuple(_finding(one) for one in modelled),
        split=split,
    )


def _settled(true: bool) -> State:
    return State.PRESENT if true else State.ABSENT


def _unspoken(label: Label, audits: list[Row]) -> State | None:
    images = {audit["image"][label] for audit in audits}
    drafts = {audit["draft"][label] for audit in audits}
    if images == {State.ABSENT} and drafts <= {State.ABSENT, None}:
        return State.ABSENT
    if images == {State.PRESENT} and drafts == {State.PRESENT}:
        return State.PRESENT
    return None


def _finding(one: Row) -> Finding:
    box: Box | None = None
    if one["box"] is not None:
        y0, x0, y1, x1 = one["box"]
        box = (y0, x0, y1, x1)
    return Finding(Label(one["label"]), box)

"""Meaning: the comparator and the agreement, computed again."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from inference.comparator import compare
from inference.policies import POLICY
from inference.release.agreement import measure
from inference.release.parts import open_parts
from inference.release.query import open_tables
from inference.release.tables import Row
from inference.schema import Finding, Flag, Mention
from inference.vocabulary import DraftState, ImageState, Label, State

_AUDITS = """
SELECT a.id, a.policy, a.image_state, a.draft_state, a.image_labels, s.boxes_redistributable,
    (SELECT list({'label': f.label, 'box': f.box, 'score': f.score})
     FROM findings f WHERE f.audit = a.id AND NOT f.below) AS findings,
    (SELECT list({'label': m.label, 'state': m.state, 'start': m.start, 'end': m."end",
                  'overruled': m.overruled, 'side': m.side})
     FROM mentions m WHERE m.audit = a.id) AS mentions,
    (SELECT list({'kind': g.kind, 'label': g.label, 'reason': g.reason, 'reported': g.reported,
                  'side_agrees': g.side_agrees, 'boxes': g.boxes, 'spans': g.spans}
                 ORDER BY g.position)
     FROM flags g WHERE g.audit = a.id) AS flags
FROM audits a JOIN cases c ON c.id = a."case" JOIN sources s ON s.id = c.source
ORDER BY a.id
"""


def check_flags(root: Path) -> Iterator[str]:
    """Where boxes were kept back, what rests on them (boxes, sides) is not compared."""
    with open_parts(root) as parts:
        for row in chain.from_iterable(part.tables.rows(_AUDITS) for part in parts):
            if row["policy"] != POLICY:
                yield f"audit {row['id']}: policy {row['policy']} is unknown here"
                continue
            with_boxes = row["boxes_redistributable"]
            said = [_comparable(flag, with_boxes) for flag in row["flags"] or []]
            again = [_comparable(_as_row(flag), with_boxes) for flag in _judged(row)]
            if said != again:
                yield f"audit {row['id']}: the comparator raises {again}, the table says {said}"


def _judged(row: Row) -> tuple[Flag, ...]:
    return compare(
        image_state=ImageState(row["image_state"]),
        image_labels={
            Label(label): None if state is None else State(state)
            for label, state in row["image_labels"].items()
        },
        findings=[
            Finding(Label(one["label"]), None if one["box"] is None else tuple(one["box"]))
            for one in row["findings"] or []
        ],
        draft_state=DraftState(row["draft_state"]),
        mentions=[
            Mention(
                Label(one["label"]),
                State(one["state"]),
                one["start"],
                one["end"],
                overruled=one["overruled"],
                side=one["side"],
            )
            for one in row["mentions"] or []
        ],
    ).flags


def _as_row(flag: Flag) -> Row:
    return {
        "kind": flag.kind.value,
        "label": flag.label.value,
        "reason": flag.reason,
        "reported": flag.reported,
        "side_agrees": flag.side_agrees,
        "boxes": [list(box) for box in flag.boxes],
        "spans": [list(span) for span in flag.spans],
    }


def _comparable(flag: Row, with_boxes: bool) -> dict[str, Any]:
    return {
        key: value
        for key, value in flag.items()
        if with_boxes or key not in ("boxes", "side_agrees")
    }


def check_agreement(root: Path) -> Iterator[str]:
    said = json.loads((root / "agreement.json").read_text(encoding="ascii"))
    with open_tables(root) as asked:
        again = json.loads(json.dumps(measure(asked)))
    for units, rows in again.items():
        given = said.get(units, [])
        if len(given) != len(rows):
            yield f"{units}: {len(rows)} groups in the tables, {len(given)} in agreement.json"
        for one, other in zip(given, rows, strict=False):
            if one != other:
                yield f"{units}: agreement.json has {one}, the tables give {other}"

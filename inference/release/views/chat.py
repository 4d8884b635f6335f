"""Chats for vision-language models, and pairs of what a model said and what readers settled on.

``views/medgemma``: one image, one question, the settled findings as the JSON that the grounder's
schema forces. ``views/preferences``: the same question with the settled answer chosen and the
model's rejected. ``views/conversations``: an image and a draft without a fault: each flag on it
is settled as dismissed, and no reader added what holds.
Boxes are ``[y0, x0, y1, x1]`` in 0..1; curation converts them to a checkpoint's own scale.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inference.release.query import Tables
from inference.release.tables import Row
from inference.release.views.write import Lines, View, rounded

QUESTION = (
    "Find pleural effusion, pneumothorax, lung opacity or consolidation, nodule or mass and "
    "cardiomegaly on this chest X-ray. Answer with a JSON list of "
    '{"label", "box_2d": [y0, x0, y1, x1] in 0..1 or null}.'
)
_ASK_DRAFT = "<image>\nWrite the impression of this chest X-ray."

# An image with a label that readers left open is no example: its answer would be a guess.
_SETTLED = """
SELECT c.id, c.image, c.pixels_sha256, s.licence,
    (SELECT list({'label': t.label, 'boxes': (
        SELECT list(b.box ORDER BY b.box) FROM true_boxes b
        WHERE b."case" = c.id AND b.label = t.label
     )} ORDER BY t.label)
     FROM truths t WHERE t."case" = c.id AND t.finding_true) AS truth
FROM cases c JOIN sources s ON s.id = c.source
WHERE c.image IS NOT NULL
  AND EXISTS (SELECT 1 FROM truths t WHERE t."case" = c.id)
  AND NOT EXISTS (SELECT 1 FROM open_labels o WHERE o."case" = c.id)
  AND s.boxes_redistributable
ORDER BY c.id
"""
_SAID = """
SELECT a.id AS audit, a."case", a.grounder,
    list({'label': f.label, 'box': f.box} ORDER BY f.label, f.box) AS said
FROM audits a JOIN findings f ON f.audit = a.id JOIN cases c ON c.id = a."case"
WHERE c.image IS NOT NULL AND NOT f.below
GROUP BY a.id, a."case", a.grounder ORDER BY a."case", a.id
"""
_FAULTLESS = """
SELECT c.id, c.image, d.id AS draft, d.text, d.origin, s.licence
FROM drafts d JOIN cases c ON c.id = d."case" JOIN sources s ON s.id = c.source
WHERE c.image IS NOT NULL AND d.text IS NOT NULL AND d.text <> ''
  AND d.origin IN ('human', 'edited')
  AND EXISTS (
    SELECT 1 FROM audits a WHERE a.draft = d.id AND (
        EXISTS (SELECT 1 FROM decisions x WHERE x.audit = a.id)
        OR EXISTS (SELECT 1 FROM settlements z WHERE z.audit = a.id)))
  AND NOT EXISTS (
    SELECT 1 FROM audits a JOIN flags f ON f.audit = a.id
    LEFT JOIN settled_flags z ON z.flag = f.id
    WHERE a.draft = d.id AND f.kind <> 'URGENT' AND coalesce(z.verdict, '') <> 'dismissed')
  AND NOT EXISTS (
    SELECT 1 FROM audits a JOIN missed_findings m ON m.audit = a.id
    LEFT JOIN truths t ON t."case" = a."case" AND t.label = m.label
    WHERE a.draft = d.id AND coalesce(t.finding_true, true))
ORDER BY c.id, d.id
"""


def medgemma(folder: Path) -> View:
    return Lines(folder / "medgemma", _chats)


def preferences(folder: Path) -> View:
    return Lines(folder / "preferences", _pairs)


def conversations(folder: Path) -> View:
    return Lines(folder / "conversations", _conversations)


def _chats(tables: Tables) -> Iterator[Row]:
    for row in tables.rows(_SETTLED):
        yield {
            "case": row["id"],
            "licence": row["licence"],
            "images": [row["image"]],
            "messages": [_question(), _says(_settled(row))],
        }


def _pairs(tables: Tables) -> Iterator[Row]:
    of_case: dict[str, list[Row]] = defaultdict(list)
    for said in tables.rows(_SAID):
        of_case[said["case"]].append(said)
    for row in tables.rows(_SETTLED):
        chosen = _settled(row)
        for said in of_case[row["id"]]:
            rejected = [_item(one["label"], one["box"]) for one in said["said"]]
            if rejected != chosen:
                yield {
                    "case": row["id"],
                    "licence": row["licence"],
                    "model": said["grounder"],
                    "images": [row["image"]],
                    "prompt": [_question()],
                    "chosen": [_says(chosen)],
                    "rejected": [_says(rejected)],
                }


def _conversations(tables: Tables) -> Iterator[Row]:
    for row in tables.rows(_FAULTLESS):
        yield {
            "id": row["draft"],
            "licence": row["licence"],
            "image": row["image"],
            "conversations": [
                {"from": "human", "value": _ASK_DRAFT},
                {"from": "gpt", "value": row["text"]},
            ],
        }


def _settled(row: Row) -> list[dict[str, Any]]:
    return [
        _item(one["label"], box) for one in row["truth"] or [] for box in (one["boxes"] or [None])
    ]


def _item(label: str, box: list[float] | None) -> dict[str, Any]:
    return {"label": label, "box_2d": None if box is None else rounded(box)}


def _question() -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": QUESTION}]}


def _says(answer: list[dict[str, Any]]) -> dict[str, Any]:
    text = json.dumps(answer, separators=(",", ":"))
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}

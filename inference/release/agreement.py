"""``agreement.json``: how far readers agree, from the tables alone, and the command to redo it.

A unit is a flag, a rating its reader's verdict (modified boxes count as confirmed). Per mode, kind
and label: n, percent, Gwet's AC1, Krippendorff's alpha, each with a 95% interval by patient.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from inference.metrics.agreement import agreement
from inference.release.query import Tables, open_tables
from inference.release.tables import Row

CATEGORIES = ("confirmed", "dismissed", "indeterminate")
FEWEST = 30
"""Below this many doubly read units there is no interval, and the file says so."""

_RATINGS = """
SELECT x.mode, f.kind, f.label, c.patient, f.id,
    list(replace(x.verdict, '_modified', '') ORDER BY x.reader) AS verdicts
FROM decisions x JOIN flags f ON f.id = x.flag
JOIN audits a ON a.id = f.audit JOIN cases c ON c.id = a."case"
GROUP BY ALL ORDER BY x.mode, f.kind, f.label, f.id
"""


def measure(tables: Tables) -> list[dict[str, Any]]:
    """One row per mode, kind and label, and one per mode for all flags together."""
    rows = list(tables.rows(_RATINGS))
    measured = []
    for mode, in_mode in _grouped(rows, "mode"):
        measured.append(_row(in_mode, mode=mode, kind=None, label=None))
        for kind, of_kind in _grouped(in_mode, "kind"):
            for label, of_label in _grouped(of_kind, "label"):
                measured.append(_row(of_label, mode=mode, kind=kind, label=label))
    return measured


def write_agreement(root: Path, about: Any) -> list[Path]:
    path = root / "agreement.json"
    with open_tables(root) as tables:
        path.write_text(json.dumps(measure(tables), indent=1) + "\n", encoding="ascii")
    return [path]


def _grouped(rows: Iterable[Row], key: str) -> list[tuple[str, list[Row]]]:
    return [(name, list(group)) for name, group in groupby(rows, key=lambda row: row[key])]


def _row(rows: list[Row], **group: str | None) -> dict[str, Any]:
    verdicts = [row["verdicts"] for row in rows]
    counts = {name: sum(one.count(name) for one in verdicts) for name in CATEGORIES}
    twice = [row for row in rows if len(row["verdicts"]) > 1]
    base = {**group, "flags": len(rows), "verdicts": counts, "double_read": len(twice)}
    if len(twice) < FEWEST:
        return {**base, "agreement": None, "why": f"fewer than {FEWEST} flags were read twice"}
    most = max(len(row["verdicts"]) for row in twice)
    ratings = [row["verdicts"] + [None] * (most - len(row["verdicts"])) for row in twice]
    said = agreement(ratings, [row["patient"] for row in twice], categories=CATEGORIES)
    return {
        **base,
        "agreement": {
            "percent": said.percent.as_dict(),
            "gwet_ac1": said.gwet_ac1.as_dict(),
            "krippendorff_alpha": said.krippendorff_alpha.as_dict(),
        },
    }

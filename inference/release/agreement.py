"""``agreement.json``: how far readers agree, from the tables alone, and the command to redo it.

A unit is a flag, a rating its reader's verdict (modified boxes count as confirmed). Per mode, kind
and label: n, percent, Gwet's AC1, Krippendorff's alpha, each with a 95% interval by patient.
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from inference.metrics.agreement import agreement_of_counts
from inference.release.query import Tables, open_tables
from inference.release.tables import Row

CATEGORIES = ("confirmed", "dismissed", "indeterminate")
FEWEST = 30
"""Below this many doubly read units there is no interval, and the file says so."""

# One row per group and kind of patient: its flags, each as [confirmed, dismissed, indeterminate],
# and how many patients are of that kind. A million decisions are of a few hundred kinds.
_KINDS = """
WITH flags_read AS (
    SELECT x.mode, f.kind, f.label, c.patient, [
        count(*) FILTER (x.verdict LIKE 'confirmed%'),
        count(*) FILTER (x.verdict = 'dismissed'),
        count(*) FILTER (x.verdict = 'indeterminate')] AS verdicts
    FROM decisions x JOIN flags f ON f.id = x.flag
    JOIN audits a ON a.id = f.audit JOIN cases c ON c.id = a."case"
    GROUP BY x.mode, f.kind, f.label, c.patient, f.id
), of_patients AS (
    SELECT mode, kind, label, patient, list(verdicts ORDER BY verdicts) AS flags
    FROM flags_read GROUP BY GROUPING SETS ((mode, patient), (mode, kind, label, patient))
)
SELECT mode, kind, label, flags, count(*) AS patients FROM of_patients
GROUP BY ALL ORDER BY mode, kind NULLS FIRST, label NULLS FIRST, flags
"""


def measure(tables: Tables) -> list[dict[str, Any]]:
    """One row per mode, kind and label, and one per mode for all flags together."""
    return [
        _row(list(kinds), mode=mode, kind=kind, label=label)
        for (mode, kind, label), kinds in groupby(tables.rows(_KINDS), key=_group)
    ]


def _group(row: Row) -> tuple[str, str | None, str | None]:
    return row["mode"], row["kind"], row["label"]


def write_agreement(root: Path, about: Any) -> list[Path]:
    path = root / "agreement.json"
    with open_tables(root) as tables:
        path.write_text(json.dumps(measure(tables), indent=1) + "\n", encoding="ascii")
    return [path]


def _row(kinds: list[Row], **group: str | None) -> dict[str, Any]:
    counts = np.zeros(len(CATEGORIES), dtype=np.int64)
    flags = double = 0
    twice: list[list[int]] = []
    patients: list[str] = []
    times: list[int] = []
    for number, kind in enumerate(kinds):
        of_kind = [verdicts for verdicts in kind["flags"] if sum(verdicts) > 1]
        counts += np.sum(kind["flags"], axis=0) * kind["patients"]
        flags += len(kind["flags"]) * kind["patients"]
        double += len(of_kind) * kind["patients"]
        twice += of_kind
        patients += [str(number)] * len(of_kind)
        times += [kind["patients"]] if of_kind else []
    verdicts = dict(zip(CATEGORIES, counts.tolist(), strict=True))
    base = {**group, "flags": flags, "verdicts": verdicts, "double_read": double}
    if double < FEWEST:
        return {**base, "agreement": None, "why": f"fewer than {FEWEST} flags were read twice"}
    said = agreement_of_counts(np.array(twice, dtype=np.float64), patients, times)
    return {
        **base,
        "agreement": {
            "percent": said.percent.as_dict(),
            "gwet_ac1": said.gwet_ac1.as_dict(),
            "krippendorff_alpha": said.krippendorff_alpha.as_dict(),
        },
    }

"""``agreement.json``: how far readers agree, from the tables alone, and the command to redo it.

Two kinds of units: a flag, rated by its readers' verdicts (modified boxes count as confirmed), per
mode, kind and label; and a label of an image, rated by the states that readers of blind queues
gave it before draft and flags. Each with counts, pairs of ratings of the same unit (the confusion
between readers, who have no order), percent, Gwet's AC1 and Krippendorff's alpha with 95% intervals
by patient.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.metrics.agreement import agreement_of_counts
from inference.release.query import Tables, open_tables
from inference.release.tables import Row
from inference.vocabulary import LABELS, State

VERDICTS = ("confirmed", "dismissed", "indeterminate")
STATES = tuple(state.value for state in State)
FEWEST = 30
"""Below this many units that two people rated there is no interval, and the file says so."""

_PARTS = 8
"""Patients are counted a part at a time: lists, as the units of each, are held in memory."""

# One row per group and kind of patient: its units, each as its ratings per category, and how many
# patients are of that kind. A million decisions are of a few hundred kinds.
_KINDS = """
WITH of_patients AS (
    SELECT {group}, patient, list(ratings ORDER BY ratings) AS units
    FROM {rated} WHERE hash(patient) % $parts = $part
    GROUP BY GROUPING SETS (({whole}patient), ({group}, patient))
)
SELECT {group}, units, count(*) AS patients FROM of_patients GROUP BY ALL
"""
_ALL_KINDS = """
SELECT {group}, units, sum(patients)::BIGINT AS patients FROM {kinds}
GROUP BY ALL ORDER BY {order}, units
"""
_RATED_FLAGS = """
SELECT x.mode, f.kind, f.label, c.patient, x.ratings
FROM (
    SELECT mode, flag, [
        count(*) FILTER (verdict LIKE 'confirmed%'),
        count(*) FILTER (verdict = 'dismissed'),
        count(*) FILTER (verdict = 'indeterminate')] AS ratings
    FROM decisions GROUP BY mode, flag
) x JOIN flags f ON f.id = x.flag
JOIN audits a ON a.id = f.audit JOIN cases c ON c.id = a."case"
"""
_EACH_LABEL = ", ".join(f"{{'label': '{one}', 'state': v.states.{one}}}" for one in LABELS)
_EACH_STATE = ", ".join(f"count(*) FILTER (said.state = '{state}')" for state in STATES)
_RATED_VIEWS = f"""
SELECT said.label AS label, patient, [{_EACH_STATE}] AS ratings
FROM (
    SELECT a."case", c.patient, unnest([{_EACH_LABEL}]) AS said
    FROM first_views v JOIN audits a ON a.id = v.audit JOIN cases c ON c.id = a."case"
) GROUP BY said.label, patient, "case"
"""  # noqa: S608 - our own words


def measure(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """``flags``: a row per mode, kind and label, and one per mode for all of them together;
    ``first_views``: a row per label, and one for all."""
    flags = _groups(tables, "flags", _RATED_FLAGS, ("mode", "kind", "label"), whole=("mode",))
    views = _groups(tables, "first_views", _RATED_VIEWS, ("label",), whole=())
    return {
        "flags": [{**group, **_measured(kinds, VERDICTS)} for group, kinds in flags],
        "first_views": [{**group, **_measured(kinds, STATES)} for group, kinds in views],
    }


def _groups(
    tables: Tables, name: str, rated: str, group: tuple[str, ...], *, whole: tuple[str, ...]
) -> Iterator[tuple[Row, list[Row]]]:
    """Each ``group`` of the units that ``rated`` gives, those of ``whole`` too, with its kinds of
    patients."""
    words = {
        "rated": f"rated_{name}",
        "kinds": f"kinds_{name}",
        "group": ", ".join(group),
        "whole": "".join(f"{one}, " for one in whole),
        "order": ", ".join(f"{one} NULLS FIRST" for one in group),
    }
    tables.keep(words["rated"], rated)
    for part in range(_PARTS):
        tables.keep(words["kinds"], _KINDS.format_map(words), {"parts": _PARTS, "part": part})
    found = tables.rows(_ALL_KINDS.format_map(words))
    for _, some in groupby(found, key=itemgetter(*group)):
        kinds = list(some)
        yield {one: kinds[0][one] for one in group}, kinds


def write_agreement(root: Path, about: Any) -> list[Path]:
    path = root / "agreement.json"
    with open_tables(root, scratch=about.scratch) as tables:
        path.write_text(json.dumps(measure(tables), indent=1) + "\n", encoding="ascii")
    return [path]


def _measured(kinds: list[Row], categories: tuple[str, ...]) -> dict[str, Any]:
    counts = np.zeros(len(categories), dtype=np.int64)
    pairs = np.zeros((len(categories), len(categories)), dtype=np.int64)
    units = double = 0
    twice: list[list[int]] = []
    patients: list[str] = []
    times: list[int] = []
    for number, kind in enumerate(kinds):
        of_kind = [ratings for ratings in kind["units"] if sum(ratings) > 1]
        counts += np.sum(kind["units"], axis=0) * kind["patients"]
        pairs += (
            sum((_pairs(ratings) for ratings in of_kind), np.zeros_like(pairs)) * (kind["patients"])
        )
        units += len(kind["units"]) * kind["patients"]
        double += len(of_kind) * kind["patients"]
        twice += of_kind
        patients += [str(number)] * len(of_kind)
        times += [kind["patients"]] if of_kind else []
    base = {
        "units": units,
        "ratings": dict(zip(categories, counts.tolist(), strict=True)),
        "double_read": double,
        "pairs": {
            one: dict(zip(categories, row, strict=True))
            for one, row in zip(categories, pairs.tolist(), strict=True)
        },
    }
    if double < FEWEST:
        return {**base, "agreement": None, "why": f"fewer than {FEWEST} were read twice"}
    said = agreement_of_counts(np.array(twice, dtype=np.float64), patients, times)
    return {
        **base,
        "agreement": {
            "percent": said.percent.as_dict(),
            "gwet_ac1": said.gwet_ac1.as_dict(),
            "krippendorff_alpha": said.krippendorff_alpha.as_dict(),
        },
    }


def _pairs(ratings: list[int]) -> NDArray[np.int64]:
    """Pairs of ratings of one unit by their two categories; a pair that differs stands in both
    of its cells, so the matrix is symmetric and its diagonal counts the pairs that agree."""
    given = np.array(ratings, dtype=np.int64)
    found = np.outer(given, given)
    np.fill_diagonal(found, given * (given - 1) // 2)
    return found

"""A shift of three readers and an adjudicator over HTTP, and what others compute from its rows.

`make bench-shift` does the same on 200 audits against irrCAC, which pins an old scipy.
"""

from typing import Any
from urllib.parse import urlsplit

import krippendorff
import numpy as np
import pytest

from benchmarks.shift import checked_chain, differences, ratings, release_rows, shift
from tests.audits.reviewing import make_audit

AUDITS = 12
FLAGS = (
    ("MISSING", "pleural_effusion"),
    ("URGENT", "pneumothorax"),
    ("UNSUPPORTED", "nodule_mass"),
)


def by_definition(group: dict[str, Any]) -> dict[str, Any]:
    """Percent and Gwet's AC1 as he defines them (2008), pair by pair; alpha by its package."""
    table, categories = group["table"], group["categories"]
    pairs = [tuple(word for word in unit if word is not None) for unit in table]
    observed = float(np.mean([one == other for one, other in pairs]))
    words = [word for pair in pairs for word in pair]
    shares = [words.count(category) / len(words) for category in categories]
    by_chance = sum(share * (1 - share) for share in shares) / (len(categories) - 1)
    alpha = None
    if len(set(words)) > 1:
        codes = {None: np.nan, **{word: place for place, word in enumerate(categories)}}
        alpha = krippendorff.alpha(
            np.array([[codes[word] for word in unit] for unit in table]).T,
            level_of_measurement="nominal",
            value_domain=list(range(len(categories))),
        )
    values = {
        "percent": observed,
        "gwet_ac1": (observed - by_chance) / (1 - by_chance),
        "krippendorff_alpha": alpha,
    }
    return {**group, "n": len(table), "values": values}


@pytest.mark.django_db(transaction=True)
def test_a_shift_agrees_as_its_exported_rows_do(live_server: Any) -> None:
    for number in range(AUDITS):
        make_audit(flags=FLAGS[: number % 4], patient=str(number // 2))
    port = urlsplit(live_server.url).port
    assert port is not None

    did, told = shift(port, AUDITS, seed=7)

    assert sum(did["reads"].values()) == 2 * AUDITS + did["reopened"]
    assert did["adjudicated"] > 0 and did["reopened"] == 2
    groups = [
        by_definition(group) for group in ratings(release_rows(did["queue"])) if group["table"]
    ]
    assert {(row["blind"], row["kind"]) for row in told} == {
        (True, None), (False, None), (False, "MISSING"), (False, "URGENT"), (False, "UNSUPPORTED"),
    }  # fmt: skip
    assert differences(told, groups) == []
    assert "unsealed 0, breaks 0" in checked_chain()
    # The comparison itself finds a number that is off.
    groups[0]["values"]["gwet_ac1"] += 0.01
    assert len(differences(told, groups)) == 1

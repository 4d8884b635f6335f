"""Agreement as irrCAC and krippendorff compute it: tables of ratings in, coefficients out.

Run by `benchmarks.shift` with the Python of an environment that has both.
"""

import json
import sys
from typing import Any

import krippendorff
import pandas as pd
from irrCAC.raw import CAC


def coefficients(group: dict[str, Any]) -> dict[str, float | None]:
    table, categories = group["table"], list(group["categories"])
    rated = {word for unit in table for word in unit if word is not None}
    cac = CAC(pd.DataFrame(table), weights="identity", categories=categories)
    gwet = cac.gwet()["est"]
    codes = {word: float(place) for place, word in enumerate(categories)}
    by_rater = [
        [float("nan") if unit[rater] is None else codes[unit[rater]] for unit in table]
        for rater in range(len(table[0]))
    ]
    alpha = None  # with one word alone there is no disagreement to expect
    if len(rated) > 1:
        alpha = krippendorff.alpha(
            by_rater, value_domain=list(codes.values()), level_of_measurement="nominal"
        )
    return {
        "percent": gwet["pa"],
        "gwet_ac1": gwet["coefficient_value"],
        "krippendorff_alpha": alpha,
    }


def main() -> None:
    answer = []
    for group in json.load(sys.stdin):
        table = group.pop("table")
        if table:
            values = coefficients({**group, "table": table})
            answer.append({**group, "n": len(table), "values": values})
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

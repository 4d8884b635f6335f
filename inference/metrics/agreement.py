"""How far raters agree: percent, Cohen's kappa, Gwet's AC1 and Krippendorff's alpha.

Ratings are a table [units, raters] of categories, ``None`` where a rater did not rate a unit.
Definitions: Cohen, Educ Psychol Meas 20:37 (1960); Gwet, Br J Math Stat Psychol 61:29 (2008), with
missing ratings as in his Handbook of Inter-Rater Reliability, 4th ed. (2014); Krippendorff,
"Computing Krippendorff's alpha-reliability" (2011), nominal.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from inference.metrics.intervals import Array, Bootstrap, Measure, Statistic, divide

Ratings = Sequence[Sequence[Hashable | None]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Four coefficients over the same units; ``cohen`` is ``None`` unless there are two raters.

    Each ``n`` counts the units that at least two raters rated (for Cohen: both).
    """

    percent: Measure
    cohen: Measure | None
    gwet_ac1: Measure
    krippendorff_alpha: Measure


def agreement(
    ratings: Ratings,
    patients: Sequence[str] | None = None,
    *,
    categories: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Agreement:
    """Agreement of independent raters, with intervals by patient (each unit its own if not given).

    ``categories`` lists every possible category; without it, those that occur. AC1 depends on
    their number. Raises ValueError for a rating outside ``categories`` or rows of unequal length.
    """
    names = _categories(ratings, categories)
    counts = _counts(ratings, names)
    patients = patients or [str(unit) for unit in range(len(ratings))]
    bootstrap = Bootstrap(patients, seed)
    rated = int((counts.sum(axis=1) >= 2).sum())
    pairs = bool(ratings) and len(ratings[0]) == 2
    cohen = bootstrap.measure(_cohen(ratings, names), rated) if pairs else None
    return _measured(counts, bootstrap, rated, cohen)


def agreement_of_counts(
    counts: Array, patients: Sequence[str], times: Sequence[int], *, seed: int = 0
) -> Agreement:
    """As `agreement`, from how many raters put each unit in each category [units, categories].

    Each patient stands for ``times`` patients with the same units (`Bootstrap`), so that a million
    units take the memory of their few kinds. Without Cohen's kappa, which needs to know who rated.
    """
    bootstrap = Bootstrap(patients, seed, times=times)
    index = {name: at for at, name in enumerate(dict.fromkeys(patients))}
    stands_for = np.array([times[index[name]] for name in patients], dtype=np.int64)
    rated = int(stands_for[counts.sum(axis=1) >= 2].sum())
    return _measured(counts, bootstrap, rated, None)


def _measured(counts: Array, bootstrap: Bootstrap, rated: int, cohen: Measure | None) -> Agreement:
    return Agreement(
        percent=bootstrap.measure(_percent(counts), rated),
        cohen=cohen,
        gwet_ac1=bootstrap.measure(_gwet(counts), rated),
        krippendorff_alpha=bootstrap.measure(_krippendorff(counts), rated),
    )


def _categories(ratings: Ratings, declared: Sequence[Hashable] | None) -> list[Hashable]:
    if len({len(unit) for unit in ratings}) > 1:
        raise ValueError("every unit needs one rating, or None, for each rater")
    found = dict.fromkeys(each for unit in ratings for each in unit if each is not None)
    unknown = [each for each in found if declared is not None and each not in declared]
    if unknown:
        raise ValueError(f"the rating {unknown[0]!r} is none of the categories")
    return list(found if declared is None else declared)


def _counts(ratings: Ratings, names: Sequence[Hashable]) -> Array:
    """How many raters put each unit in each category: [units, categories]."""
    counts = np.zeros((len(ratings), len(names)))
    place = {name: index for index, name in enumerate(names)}
    for row, unit in enumerate(ratings):
        for each in unit:
            if each is not None:
                counts[row, place[each]] += 1
    return counts


def _pair_agreement(counts: Array) -> tuple[Array, Array]:
    """For each unit: the share of its pairs of raters that agree, and 1 if it has a pair."""
    raters = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    share = divide(agreeing, raters * (raters - 1))
    return np.nan_to_num(share), (raters >= 2).astype(np.float64)


def _percent(counts: Array) -> Statistic:
    share, paired = _pair_agreement(counts)
    return lambda weights: divide(weights @ share, weights @ paired)


def _gwet(counts: Array) -> Statistic:
    share, paired = _pair_agreement(counts)
    raters = counts.sum(axis=1, keepdims=True)
    propensity, rated = np.nan_to_num(divide(counts, raters)), (raters[:, 0] > 0).astype(float)
    categories = max(counts.shape[1] - 1, 1)

    def ac1(weights: Array) -> Array:
        observed = divide(weights @ share, weights @ paired)
        prevalence = divide(weights @ propensity, (weights @ rated)[:, None])
        by_chance = (prevalence * (1 - prevalence)).sum(axis=1) / categories
        return divide(observed - by_chance, 1 - by_chance)

    return ac1


def _krippendorff(counts: Array) -> Statistic:
    """Alpha = 1 - observed / expected disagreement, over the units that have a pair."""
    raters = counts.sum(axis=1)
    paired = np.where((raters >= 2)[:, None], counts, 0.0)
    disagreeing = np.where(raters >= 2, raters**2 - (counts**2).sum(axis=1), 0.0)
    observed_by_unit = np.nan_to_num(divide(disagreeing, raters - 1))

    def alpha(weights: Array) -> Array:
        totals = weights @ paired
        values = totals.sum(axis=1)
        expected = divide(values**2 - (totals**2).sum(axis=1), values - 1)
        return 1 - divide(weights @ observed_by_unit, expected)

    return alpha


def _cohen(ratings: Ratings, names: Sequence[Hashable]) -> Statistic:
    place = {name: index for index, name in enumerate(names)}
    first, second = np.zeros((2, len(ratings), len(names)))
    for row, (one, other) in enumerate(ratings):
        if one is not None and other is not None:
            first[row, place[one]] = second[row, place[other]] = 1
    same, both = (first * second).sum(axis=1), first.sum(axis=1)

    def kappa(weights: Array) -> Array:
        units = weights @ both
        observed = divide(weights @ same, units)
        margins = (weights @ first) * (weights @ second)
        by_chance = divide(margins.sum(axis=1), units**2)
        return divide(observed - by_chance, 1 - by_chance)

    return kappa

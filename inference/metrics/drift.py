"""Whether a rate or a mean has moved: by intervals, never by two bare numbers."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
LEAST = 20
"""Fewer things than this on either side say nothing, whatever their intervals."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` of ``n`` things, with Wilson's 95% interval (Wilson, JASA 22, 1927), which holds
    near 0 and 1 and for few things too. All three are None where ``n`` is 0."""

    count: int
    n: int
    value: float | None
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        return {"value": self.value, "n": self.n, "low": self.low, "high": self.high}


def rate(count: int, n: int) -> Rate:
    """The share ``count / n``; raises ``ValueError`` where it is no share."""
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share")
    if n == 0:
        return Rate(0, 0, None, None, None)
    share, squared = count / n, Z95 * Z95
    centre = (share + squared / (2 * n)) / (1 + squared / n)
    half = Z95 / (1 + squared / n) * sqrt(share * (1 - share) / n + squared / (4 * n * n))
    # At 0 and n the ends are 0 and 1 exactly; floats would miss them by a hair.
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == n else min(1.0, centre + half)
    return Rate(count, n, share, low, high)


def pooled(rates: list[Rate]) -> Rate:
    return rate(sum(each.count for each in rates), sum(each.n for each in rates))


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of ``n`` things, with its normal 95% interval, which one thing alone does not give.
    ``squares`` is the sum of squared distances from it."""

    n: int
    value: float
    squares: float
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        return {"value": self.value, "n": self.n, "low": self.low, "high": self.high}


def mean(value: float | None, deviation: float | None, n: int, *, per: float = 1) -> Mean | None:
    """From a mean and the sample's standard deviation, both in units of 1 / ``per``."""
    if value is None or n == 0:
        return None
    squares = (deviation or 0.0) ** 2 * (n - 1) / per**2
    return _mean(value / per, squares, n)


def pooled_means(means: list[Mean | None]) -> Mean | None:
    """The mean of all things together; nothing where there are none."""
    known = [each for each in means if each is not None]
    n = sum(each.n for each in known)
    if not n:
        return None
    value = sum(each.value * each.n for each in known) / n
    apart = sum(each.squares + each.n * (each.value - value) ** 2 for each in known)
    return _mean(value, apart, n)


def _mean(value: float, squares: float, n: int) -> Mean:
    if n < 2:
        return Mean(n, value, squares, None, None)
    half = Z95 * sqrt(squares / (n - 1) / n)
    return Mean(n, value, squares, value - half, value + half)


def has_moved(before: Rate | Mean, now: Rate | Mean) -> bool:
    """Whether the two intervals lie apart, each resting on at least ``LEAST`` things.

    Stricter than a 5% test: of rates that did not move, well under one in a hundred seems to.
    """
    if min(before.n, now.n) < LEAST:
        return False
    if before.low is None or before.high is None or now.low is None or now.high is None:
        return False
    return now.low > before.high or now.high < before.low

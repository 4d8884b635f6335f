"""Every number with its n and a 95% interval: a percentile bootstrap over patients.

Efron & Tibshirani, An Introduction to the Bootstrap (1993), ch. 13. Patients are drawn with
replacement, and all images of a drawn patient count as often as it was drawn: images of one
patient are not independent, and drawing images would make intervals too narrow. Statistics are
written over weights, so that all rounds are computed at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Statistic = Callable[[Array], Array]
"""From weights [rounds, rows] to one value a round [rounds]; NaN where it is undefined."""

ROUNDS = 1000
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Measure:
    """A value, the number ``n`` of things it rests on, and its 95% interval.

    ``value`` is ``None`` where it is undefined (nothing to divide by); ``low`` and ``high`` are
    ``None`` also where a single patient leaves no interval to estimate.
    """

    value: float | None
    n: int
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        return {"value": self.value, "n": self.n, "low": self.low, "high": self.high}


class Bootstrap:
    """Draws patients again and again; the same seed draws the same ones.

    ``patients`` names the patient of each row of the data, in the rows' order. Where many patients
    have the same rows, one may stand for all of them: ``times`` says how many each stands for, in
    the order in which they are first named. That is the same draw, made by kind of patient.
    """

    def __init__(
        self,
        patients: Sequence[str],
        seed: int = 0,
        rounds: int = ROUNDS,
        *,
        times: Sequence[int] | None = None,
    ) -> None:
        names = {name: index for index, name in enumerate(dict.fromkeys(patients))}
        self._row_patient = np.array([names[name] for name in patients], dtype=np.intp)
        self._times = np.array([1] * len(names) if times is None else times, dtype=np.int64)
        self._seed = seed
        self._rounds = rounds

    def measure(self, statistic: Statistic, n: int) -> Measure:
        """The statistic of the data as they are, with its interval; ``n`` is passed through."""
        once = self._times[self._row_patient].astype(np.float64)
        value = _finite(statistic(once[None, :])[0])
        if value is None or self._times.sum() < 2:
            return Measure(value, n, None, None)
        drawn = np.concatenate([statistic(weights) for weights in self._weights()])
        drawn = drawn[np.isfinite(drawn)]
        low, high = np.percentile(drawn, (2.5, 97.5)) if len(drawn) else (np.nan, np.nan)
        return Measure(value, n, _finite(low), _finite(high))

    @cached_property
    def _drawn(self) -> npt.NDArray[np.unsignedinteger]:
        """How often each round draws each patient: [rounds, patients]."""
        rng = np.random.default_rng(self._seed)
        total = int(self._times.sum())
        share = self._times / total
        kept = np.empty((self._rounds, len(share)), dtype=np.min_scalar_type(total))
        for one in range(self._rounds):  # round by round: all at once are eight bytes each
            kept[one] = rng.multinomial(total, share)
        return kept

    def _weights(self) -> Iterator[Array]:
        """Weights [some rounds, rows], in pieces that fit in memory whatever the data's size."""
        step = max(1, _CELLS // max(1, len(self._row_patient)))
        for start in range(0, self._rounds, step):
            yield self._drawn[start : start + step, self._row_patient].astype(np.float64)


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Statistic:
    """The statistic sum(numerator) / sum(denominator), over rows [rows] of each."""
    top, bottom = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    return lambda weights: divide(weights @ top, weights @ bottom)


def mean_of(statistics: Sequence[Statistic]) -> Statistic:
    """The mean of several statistics, over those that are defined in a round."""

    def mean(weights: Array) -> Array:
        values = np.stack([statistic(weights) for statistic in statistics])
        known = np.isfinite(values)
        return divide(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0))

    return mean


def difference(after: Statistic, before: Statistic) -> Statistic:
    """After - before in the same rounds: paired by whoever was drawn."""
    return lambda weights: np.asarray(after(weights) - before(weights), np.float64)


def divide(top: npt.ArrayLike, bottom: npt.ArrayLike) -> Array:
    """Element by element, NaN where the divisor is 0."""
    above, below = np.asarray(top, np.float64), np.asarray(bottom, np.float64)
    blank = np.full(np.broadcast(above, below).shape, np.nan)
    return np.asarray(np.divide(above, below, out=blank, where=below != 0), np.float64)


def _finite(value: np.floating | float) -> float | None:
    return float(value) if np.isfinite(value) else None

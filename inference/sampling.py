"""How much reading an audit may teach, as the chance with which it is drawn.

Three things, each in 0..1: versions that disagree on the image, a score near the threshold that
decides its label, and labels that are rarely seen. Their mean, with a floor, multiplies the share
that a queue draws. The floor keeps every audit's chance above 0, so that what was read can stand
for all of them: weights of 1 / chance (Horvitz and Thompson, JASA 47, 1952), here as weighted
shares (Hájek), whose intervals are bootstrapped by patient (`inference.metrics.intervals`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inference.vocabulary import LABELS

LEAST = 0.05
"""The chance of the dullest audit, of that of the most interesting one."""

_DEGREE = {"absent": 0.0, "uncertain": 0.5, "present": 1.0}


@dataclass(frozen=True, slots=True)
class Seen:
    """One version's states and scores of one image, by label; a label may be missing or None."""

    version: str
    states: Mapping[str, str | None]
    scores: Mapping[str, float | None]


@dataclass(slots=True)
class Population:
    """What all audits that could be drawn say together: thresholds by version, labels by share."""

    audits: int = 0
    present: Counter[str] = field(default_factory=Counter)
    # By (version, label): the greatest score that was not called present, the least that was.
    below: dict[tuple[str, str], float] = field(default_factory=dict)
    above: dict[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def of(cls, images: Iterable[Seen]) -> "Population":
        found = cls()
        for seen in images:
            found._add(seen)
        return found

    def _add(self, seen: Seen) -> None:
        self.audits += 1
        for label in LABELS:
            state, score = seen.states.get(label), seen.scores.get(label)
            is_present = state == "present"
            self.present[label] += is_present
            if state is None or score is None:
                continue
            key = seen.version, label.value
            if is_present:
                self.above[key] = min(score, self.above.get(key, 1.0))
            else:
                self.below[key] = max(score, self.below.get(key, 0.0))

    def threshold(self, version: str, label: str) -> float:
        """The middle between what was not called present and what was; 0.5 where nothing tells."""
        key = version, label
        if key not in self.below or key not in self.above:
            return self.above.get(key, self.below.get(key, 0.5))
        return (self.below[key] + self.above[key]) / 2

    def closeness(self, seen: Seen) -> float:
        """1 at the threshold of any label, 0 where every score is as far from it as can be."""
        return max((self._near(seen, label) for label in LABELS), default=0.0)

    def rarity(self, seen: Seen) -> float:
        """1 - the share of audits with the rarest label that is present here; 0 without any."""
        shares = [
            self.present[label] / max(1, self.audits)
            for label in LABELS
            if seen.states.get(label) == "present"
        ]
        return 1 - min(shares) if shares else 0.0

    def interest(self, seen: Seen, others: Sequence[Seen]) -> float:
        """``LEAST``..1; ``others`` are what all versions, this one too, see in the same image."""
        parts = disagreement(others), self.closeness(seen), self.rarity(seen)
        return LEAST + (1 - LEAST) * sum(parts) / len(parts)

    def _near(self, seen: Seen, label: str) -> float:
        score = seen.scores.get(label)
        if score is None:
            return 0.0
        threshold = self.threshold(seen.version, label)
        room = threshold if score < threshold else 1 - threshold
        return 1 - abs(score - threshold) / room if room > 0 else 1.0


def disagreement(images: Sequence[Seen]) -> float:
    """How far apart versions call any label: 0 the same, 0.5 uncertain, 1 present and absent."""
    degrees: dict[str, list[float]] = defaultdict(list)
    for seen in images:
        for label in LABELS:
            state = seen.states.get(label)
            if state is not None:
                degrees[label].append(_DEGREE[state])
    return max((max(said) - min(said) for said in degrees.values()), default=0.0)

"""What became of everything a model said: nothing is dropped without a row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """Counts of statements: ``emitted = used + recovered + ledger``, always.

    ``emitted`` is counted while reading, the other three when a statement is settled. A statement
    is one element of the model's list, a stretch that no element could be read from, or a box
    that its element (kept as a finding) had to give up. ``used`` were taken as they stood in
    valid JSON; ``recovered`` needed a repair; ``ledger`` is the number of ledger rows.
    """

    emitted: int
    used: int
    recovered: int
    ledger: int

    @property
    def balanced(self) -> bool:
        return self.emitted == self.used + self.recovered + self.ledger

"""What may leave: a source's switches govern every column derived from its cases.

Text off leaves offsets and labels only: no phrase, cue, claim or raw output. Boxes off leaves no
box, whoever drew it. Whatever stays behind is counted with its reason.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from audits.models import Source


@dataclass(slots=True)
class Refusals:
    """Counts what stayed behind, per reason and kind of thing."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, reason: str, what: str) -> None:
        self.counts[reason, what] += 1

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"reason": reason, "what": what, "count": count}
            for (reason, what), count in sorted(self.counts.items())
        ]


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a value of one source through, or counts it as refused and gives ``withheld``."""

    source: Source
    refusals: Refusals

    def text(self, value: Any, what: str, *, withheld: Any = None) -> Any:
        return self._pass(self.source.text_redistributable, "text_terms", value, what, withheld)

    def box(self, value: Any, what: str, *, withheld: Any = None) -> Any:
        return self._pass(self.source.boxes_redistributable, "box_terms", value, what, withheld)

    def _pass(self, allowed: bool, reason: str, value: Any, what: str, withheld: Any) -> Any:
        if allowed or not value:
            return value if allowed else withheld
        self.refusals.add(reason, what)
        return withheld

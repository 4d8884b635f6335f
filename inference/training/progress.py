"""One line that moves on a terminal, one line an epoch in a log."""

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(slots=True)
class Bar:
    """Draws ``step / steps`` with the loss and the time left; silent where nobody watches."""

    stream: TextIO = sys.stderr
    started: float = field(default_factory=time.monotonic)
    first: int | None = None

    def __call__(self, step: int, steps: int, losses: dict[str, float]) -> None:
        if self.first is None:
            self.first = step - 1
        if not self.stream.isatty():
            return
        spent = time.monotonic() - self.started
        left = spent / (step - self.first) * (steps - step)
        share = int(30 * step / steps)
        bar = "#" * share + "." * (30 - share)
        total = sum(losses.values())
        self.stream.write(f"\r[{bar}] {step}/{steps}  loss {total:.3f}  {left / 60:.0f} min left ")
        self.stream.write("\n" if step == steps else "")
        self.stream.flush()

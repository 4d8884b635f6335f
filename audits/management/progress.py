"""A progress bar on standard error for the commands; plain lines where nobody watches."""

import sys
import time

WIDTH = 30


class ProgressBar:
    """Counts towards ``total`` (0 if unknown) and says how long the rest will take."""

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._started = time.monotonic()
        self._shown = -1

    def show(self, done: int, note: str = "") -> None:
        share = done / self._total if self._total else 0.0
        if sys.stderr.isatty():
            bar = ("#" * round(share * WIDTH)).ljust(WIDTH, ".")
            sys.stderr.write(f"\r{self._title} [{bar}] {self._counts(done, share)} {note}\033[K")
            sys.stderr.flush()
        elif int(share * 10) > self._shown:
            # One line a tenth keeps a log readable.
            self._shown = int(share * 10)
            sys.stderr.write(f"{self._title} {self._counts(done, share)} {note}\n")

    def end(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")

    def _counts(self, done: int, share: float) -> str:
        if not 0 < share < 1:
            return f"{done}/{self._total}"
        left = (time.monotonic() - self._started) * (1 - share) / share
        return f"{done}/{self._total}, {left:.0f} s left"

"""A circuit breaker: a server that is down is left alone for a while, not asked by every audit."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after ``failures`` calls in a row failed; ``seconds`` later lets one call try.

    Safe between threads; each process has its own. ``clock`` gives seconds that never go back.
    """

    def __init__(
        self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._seconds, self._clock = failures, seconds, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._shut_until = 0.0

    def wait(self) -> float:
        """Seconds until the server may be asked; 0 lets the caller ask now.

        While it is open, whoever is let through is the only one until its call has ended or
        another ``seconds`` have passed.
        """
        with self._lock:
            if self._failed < self._limit:
                return 0.0
            left = self._shut_until - self._clock()
            if left <= 0:
                self._shut_until = self._clock() + self._seconds
                return 0.0
            return left

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            self._shut_until = self._clock() + self._seconds

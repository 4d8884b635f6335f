"""The retry ladder: an answer that can't be read is asked for again under other conditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, NamedTuple, TypeVar

from inference.prompts import Prompt
from inference.schema import Attempt

Value = TypeVar("Value")


class Rung(NamedTuple):
    """``correct`` adds the prompt's correction; a ``temperature`` of 0 is greedy."""

    correct: bool = False
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0


def rungs(samples: int) -> tuple[Rung, ...]:
    """Greedy, greedy with the correction, then ``samples`` mild samplings, each of its own seed."""
    mild = tuple(Rung(True, 0.4, 0.9, seed) for seed in range(1, samples + 1))
    return (Rung(), Rung(correct=True), *mild)


def asked_words(prompt: Prompt, rung: Rung) -> str:
    """The user's message on this rung."""
    words = prompt.user + ("\n\n" + prompt.correction.strip() if rung.correct else "")
    return words.strip()


class Verdict(NamedTuple, Generic[Value]):
    """What recovery made of an answer. ``whole`` answers end the ladder; of others the first
    ``usable`` one is taken if none is whole. ``as_it_was``: valid, nothing repaired or lost."""

    value: Value
    whole: bool
    usable: bool
    as_it_was: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Climb(Generic[Value]):
    """``verdict`` is the answer taken, ``None`` if there is none; ``problem`` then says why.
    ``silent``: the model gave no answer at the last, so that nothing is known of the question."""

    verdict: Verdict[Value] | None
    attempts: tuple[Attempt, ...]
    problem: str = ""
    silent: bool = False


@dataclass(slots=True)
class Ascent(Generic[Value]):
    """One question on its way up ``steps``. Keeps every answer.

    Ask for what ``rung`` says until it is ``None``, telling each time what came of it; then
    ``climb`` has the outcome.
    """

    steps: Sequence[Rung]
    judge: Callable[[str], Verdict[Value]]
    _attempts: list[Attempt] = field(default_factory=list)
    _asked: int = 0
    _taken: tuple[int, Verdict[Value]] | None = None
    _ended: bool = False
    _silence: str = ""

    @property
    def rung(self) -> Rung | None:
        return None if self._ended or self._asked == len(self.steps) else self.steps[self._asked]

    def lost(self, attempts: Sequence[Attempt]) -> None:
        """Sendings that came to nothing, before another one on the same rung."""
        self._attempts += attempts

    def answered(self, attempt: Attempt) -> None:
        """The rung's answer is ``attempt.raw``."""
        verdict = self.judge(attempt.raw)
        self._attempts.append(replace(attempt, detail=verdict.detail))
        self._asked += 1
        if verdict.whole or (verdict.usable and self._taken is None):
            self._taken = len(self._attempts) - 1, verdict
        self._ended = verdict.whole

    def fell_silent(self, problem: str, attempts: Sequence[Attempt] = ()) -> None:
        """No answer, and none to be had on a later rung either."""
        self._attempts += attempts
        self._silence, self._ended = problem, True

    def climb(self) -> Climb[Value]:
        attempts = list(self._attempts)
        if self._taken is None:
            problem = self._silence or "No answer of the model could be read."
            return Climb(None, tuple(attempts), problem, silent=bool(self._silence))
        at, verdict = self._taken
        attempts[at] = replace(attempts[at], outcome="used" if verdict.as_it_was else "recovered")
        return Climb(verdict, tuple(attempts))

"""The retry ladder: an answer that can't be read is asked for again under other conditions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar

from inference.grounders.base import BackendUnavailable
from inference.prompts import Prompt, answer_schema
from inference.remote.settings import RemoteSettings
from inference.remote.transport import Reply, Server
from inference.schema import Attempt

Value = TypeVar("Value")
Content = str | list[dict[str, Any]]

SERVER_SILENT = "The model's server gave no answer: "


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
    """``verdict`` is the answer taken, ``None`` if there is none; ``problem`` then says why."""

    verdict: Verdict[Value] | None
    attempts: tuple[Attempt, ...]
    problem: str = ""


@dataclass(slots=True)
class Ladder(Generic[Value]):
    """Asks ``server`` rung by rung until ``judge`` finds an answer whole. Keeps every answer."""

    server: Server
    settings: RemoteSettings
    prompt: Prompt
    steps: tuple[Rung, ...]

    def climb(
        self, content: Callable[[str], Content], judge: Callable[[str], Verdict[Value]]
    ) -> Climb[Value]:
        """``content`` makes the user's message from the template's words.

        Raises ``BackendUnavailable`` if the server may not be asked before anything was.
        """
        attempts: list[Attempt] = []
        fallback: tuple[int, Verdict[Value]] | None = None
        problem = "No answer of the model could be read."
        for rung in self.steps:
            try:
                *failed, reply = self.server.ask(self._body(rung, content))
            except BackendUnavailable as error:
                if not attempts:
                    raise
                problem = f"{SERVER_SILENT}{error}"  # others opened the breaker meanwhile
                break
            attempts += [_attempt(each, rung, each.problem) for each in failed]
            attempts.append(_attempt(reply, rung, reply.problem))
            if reply.problem:
                problem = f"{SERVER_SILENT}{reply.problem}"
                break
            verdict = judge(reply.text)
            attempts[-1] = replace(attempts[-1], detail=verdict.detail)
            if verdict.whole:
                return _taken(attempts, len(attempts) - 1, verdict)
            if verdict.usable and fallback is None:
                fallback = len(attempts) - 1, verdict
        if fallback is not None:
            return _taken(attempts, *fallback)
        return Climb(None, tuple(attempts), problem)

    def _body(self, rung: Rung, content: Callable[[str], Content]) -> dict[str, Any]:
        prompt = self.prompt
        words = prompt.user + ("\n\n" + prompt.correction.strip() if rung.correct else "")
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": [
                {"role": "system", "content": prompt.system.strip()},
                {"role": "user", "content": content(words.strip())},
            ],
            "max_completion_tokens": self.settings.max_tokens,
            "temperature": rung.temperature,
            "top_p": rung.top_p,
            "seed": rung.seed,
            "stream": False,
        }
        if self.settings.force_schema:
            schema = {"name": prompt.answer, "schema": answer_schema(prompt), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body


def _attempt(reply: Reply, rung: Rung, detail: str) -> Attempt:
    told = {"finish": reply.finish, "served_by": reply.served_by}
    return Attempt(
        outcome="failed",
        raw=reply.text,
        ms=reply.ms,
        settings={**rung._asdict(), **{name: value for name, value in told.items() if value}},
        tokens_in=reply.tokens_in,
        tokens_out=reply.tokens_out,
        detail=detail,
    )


def _taken(attempts: list[Attempt], at: int, verdict: Verdict[Value]) -> Climb[Value]:
    outcome = "used" if verdict.as_it_was else "recovered"
    attempts[at] = replace(attempts[at], outcome=outcome)  # type: ignore[arg-type]
    return Climb(verdict, tuple(attempts))

"""The retry ladder against a server: one question, rung by rung."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inference.generation.ladder import Ascent, Climb, Rung, Value, Verdict, asked_words
from inference.grounders.base import BackendUnavailable
from inference.prompts import Prompt, answer_schema
from inference.remote.settings import RemoteSettings
from inference.remote.transport import Reply, Server
from inference.schema import Attempt

Content = str | list[dict[str, Any]]

_SILENT = "The model's server gave no answer: "


@dataclass(slots=True)
class Ladder:
    """Asks ``server`` rung by rung until an answer is whole."""

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
        ascent = Ascent[Value](self.steps, judge)
        while (rung := ascent.rung) is not None:
            try:
                *lost, reply = self.server.ask(self._body(rung, content))
            except BackendUnavailable as error:
                if not ascent.climb().attempts:
                    raise
                ascent.fell_silent(f"{_SILENT}{error}")  # others opened the breaker meanwhile
                break
            ascent.lost([_attempt(each, rung) for each in lost])
            if reply.problem:
                ascent.fell_silent(f"{_SILENT}{reply.problem}", [_attempt(reply, rung)])
            else:
                ascent.answered(_attempt(reply, rung))
        return ascent.climb()

    def _body(self, rung: Rung, content: Callable[[str], Content]) -> dict[str, Any]:
        prompt = self.prompt
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": [
                {"role": "system", "content": prompt.system.strip()},
                {"role": "user", "content": content(asked_words(prompt, rung))},
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


def _attempt(reply: Reply, rung: Rung) -> Attempt:
    told = {"finish": reply.finish, "served_by": reply.served_by}
    return Attempt(
        outcome="failed",
        raw=reply.text,
        ms=reply.ms,
        settings={**rung._asdict(), **{name: value for name, value in told.items() if value}},
        tokens_in=reply.tokens_in,
        tokens_out=reply.tokens_out,
        detail=reply.problem,
    )

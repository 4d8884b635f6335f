"""The retry ladder in this process: questions climb together, each rung one batch."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, Protocol

from inference.generation.ladder import Ascent, Climb, Rung, Value, Verdict, asked_words
from inference.prompts import Prompt
from inference.schema import Attempt

Message = list[dict[str, Any]]
"""A chat of one question, as transformers' chat templates take it."""

NO_ROOM = "The model's memory ran out on this one alone."


class Answers(Protocol):
    """Whatever answers messages: an attempt each, in order; ``None`` where memory ran out."""

    def answers(self, messages: Sequence[Message], rung: Rung) -> Iterator[Attempt | None]: ...


class Question(NamedTuple, Generic[Value]):
    """``content`` makes the user's message from the template's words."""

    content: Callable[[str], str | list[dict[str, Any]]]
    judge: Callable[[str], Verdict[Value]]


def climb_together(
    model: Answers, prompt: Prompt, steps: Sequence[Rung], questions: Sequence[Question[Value]]
) -> list[Climb[Value]]:
    """The outcome of each question, in order; those answered whole are not asked again."""
    ascents = [Ascent(steps, each.judge) for each in questions]
    for rung in steps:
        asked = [at for at, ascent in enumerate(ascents) if ascent.rung == rung]
        messages = [_message(prompt, rung, questions[at]) for at in asked]
        for at, attempt in zip(asked, model.answers(messages, rung), strict=True):
            if attempt is None:
                ascents[at].fell_silent(NO_ROOM)
            else:
                ascents[at].answered(attempt)
    return [ascent.climb() for ascent in ascents]


def _message(prompt: Prompt, rung: Rung, question: Question[Value]) -> Message:
    return [
        {"role": "system", "content": prompt.system.strip()},
        {"role": "user", "content": question.content(asked_words(prompt, rung))},
    ]

"""The ``nemotron`` parser: a language model in this process that thinks shortly, then answers.

Any causal checkpoint with a chat template; made for nemotron_h. Needs requirements-models.txt.
"""

import os
from functools import cached_property

from inference.generation.answers import MENTIONS_SAMPLES, judge_mentions, parsing_of, unasked
from inference.generation.ladder import rungs
from inference.grounders.base import BackendUnavailable
from inference.local.ladder import Answers, Question, climb_together
from inference.local.settings import LocalSettings, local_settings
from inference.local.version import check_packages, local_version
from inference.prompts import answer_schema, load_prompt
from inference.schema import Parsing

NAME = "nemotron"
THINKING_TOKENS = 512


class Nemotron:
    """Loaded with its first draft and kept. Raises ``BackendUnavailable`` for settings that don't
    hold, packages that are missing, or a checkpoint that is not there.

    An attempt's raw text is all the model wrote, its thoughts included; mentions are read from
    what follows them.
    """

    def __init__(self, settings: LocalSettings) -> None:
        check_packages(settings)
        try:
            self._prompt = load_prompt(settings.prompt, "mentions")
        except ValueError as unknown:
            raise BackendUnavailable(f"NEMOTRON_PROMPT: {unknown}") from unknown
        self._settings, self._steps = settings, rungs(MENTIONS_SAMPLES)
        self.version = local_version(NAME, settings, self._prompt, self._steps)

    def parse(self, text: str) -> Parsing:
        """Never raises for what a draft holds; ``BackendUnavailable`` if the model can't be
        loaded. A draft no answer about which could be read is unparsed, with the reason."""
        known = unasked(text)
        if known is not None:
            return known
        question = Question(
            lambda words: words.replace("{draft}", text), lambda raw: judge_mentions(raw, text)
        )
        (climb,) = climb_together(self._generator, self._prompt, self._steps, [question])
        return parsing_of(climb)

    @cached_property
    def _generator(self) -> Answers:
        from inference.local.generating import Generator  # noqa: PLC0415 - brings torch
        from inference.local.loading import load  # noqa: PLC0415

        schema = answer_schema(self._prompt) if self._settings.force_schema else None
        return Generator(load(self._settings, sees=False), self._settings, schema)


def build() -> Nemotron:
    """The parser that the environment's ``NEMOTRON_*`` describe."""
    return Nemotron(local_settings(os.environ, "NEMOTRON", "mentions", THINKING_TOKENS))

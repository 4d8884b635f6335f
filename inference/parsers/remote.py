"""The ``remote`` parser: a language model behind an OpenAI-compatible server such as vLLM."""

import os

from inference.generation.answers import (
    MENTIONS_SAMPLES,
    judge_mentions,
    parsing_of,
    unasked,
    unparsed,
)
from inference.generation.ladder import rungs
from inference.grounders.base import BackendUnavailable
from inference.prompts import load_prompt
from inference.remote.ladder import Ladder
from inference.remote.settings import RemoteSettings, remote_settings
from inference.remote.transport import Server
from inference.remote.version import remote_version
from inference.schema import Parsing


class RemoteParser:
    """Raises ``BackendUnavailable`` for settings that don't hold; the server is first spoken to
    when a draft is read."""

    def __init__(self, settings: RemoteSettings) -> None:
        try:
            self._prompt = load_prompt(settings.prompt, "mentions")
        except ValueError as unknown:
            raise BackendUnavailable(f"REMOTE_PARSER_PROMPT: {unknown}") from unknown
        steps = rungs(MENTIONS_SAMPLES)
        self.version = remote_version(settings, self._prompt, steps)
        self._ladder = Ladder(Server(settings), settings, self._prompt, steps)

    def parse(self, text: str) -> Parsing:
        """Never raises: a server that gives no answer, or none that can be read, leaves the draft
        ``unparsed`` with the reason, so that the image is still judged and silence never is."""
        known = unasked(text)
        if known is not None:
            return known
        try:
            climb = self._ladder.climb(
                lambda words: words.replace("{draft}", text), lambda raw: judge_mentions(raw, text)
            )
        except BackendUnavailable as error:
            return unparsed(str(error))
        return parsing_of(climb)


def build() -> RemoteParser:
    """The parser that the environment's ``REMOTE_PARSER_*`` describe."""
    return RemoteParser(remote_settings(os.environ, "PARSER"))

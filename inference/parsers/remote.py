"""The ``remote`` parser: a language model behind an OpenAI-compatible server such as vLLM."""

import os

from inference.grounders.base import BackendUnavailable
from inference.prompts import load_prompt
from inference.recovery import MentionRecovery, recover_mentions
from inference.remote.ladder import Ladder, Verdict, rungs
from inference.remote.settings import RemoteSettings, remote_settings
from inference.remote.transport import Server
from inference.remote.version import remote_version
from inference.schema import Attempt, Parsing
from inference.states import draft_labels
from inference.vocabulary import LABELS, DraftState

_SAMPLES = 1
MAX_CHARACTERS = 20_000


class RemoteParser:
    """Raises ``BackendUnavailable`` for settings that don't hold; the server is first spoken to
    when a draft is read."""

    def __init__(self, settings: RemoteSettings) -> None:
        try:
            self._prompt = load_prompt(settings.prompt, "mentions")
        except ValueError as unknown:
            raise BackendUnavailable(f"REMOTE_PARSER_PROMPT: {unknown}") from unknown
        steps = rungs(_SAMPLES)
        self.version = remote_version(settings, self._prompt, steps)
        self._ladder = Ladder[MentionRecovery](Server(settings), settings, self._prompt, steps)

    def parse(self, text: str) -> Parsing:
        """Never raises: a server that gives no answer, or none that can be read, leaves the draft
        ``unparsed`` with the reason, so that the image is still judged and silence never is."""
        if not text.strip():
            return Parsing(DraftState.EMPTY, dict.fromkeys(LABELS))
        if len(text) > MAX_CHARACTERS:
            return _unparsed(f"The draft is longer than {MAX_CHARACTERS:,} characters.", ())
        try:
            climb = self._ladder.climb(
                lambda words: words.replace("{draft}", text), lambda raw: _judge(raw, text)
            )
        except BackendUnavailable as error:
            return _unparsed(str(error), ())
        if climb.verdict is None:
            return _unparsed(climb.problem, climb.attempts)
        return _parsing(climb.verdict.value, climb.attempts)


def build() -> RemoteParser:
    """The parser that the environment's ``REMOTE_PARSER_*`` describe."""
    return RemoteParser(remote_settings(os.environ, "PARSER"))


def _judge(raw: str, draft: str) -> Verdict[MentionRecovery]:
    read = recover_mentions(raw, draft)
    whole = read.draft_state is DraftState.PARSED
    detail = "; ".join(sorted({f"{entry.reason}: {entry.detail}" for entry in read.ledger}))
    return Verdict(read, whole, whole or bool(read.mentions), read.schema_valid, detail)


def _parsing(read: MentionRecovery, attempts: tuple[Attempt, ...]) -> Parsing:
    """The mentions of an answer that was cut are shown, and decide nothing."""
    parsed = read.draft_state is DraftState.PARSED
    return Parsing(
        draft_state=read.draft_state,
        labels=draft_labels(read.mentions) if parsed else dict.fromkeys(LABELS),
        mentions=read.mentions,
        ledger=read.ledger,
        reason="" if parsed else "No answer of the model could be read to its end.",
        attempts=attempts,
    )


def _unparsed(reason: str, attempts: tuple[Attempt, ...]) -> Parsing:
    return Parsing(DraftState.UNPARSED, dict.fromkeys(LABELS), reason=reason, attempts=attempts)

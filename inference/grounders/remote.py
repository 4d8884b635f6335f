"""The ``remote`` grounder: a vision model behind an OpenAI-compatible server such as vLLM."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from inference.boxes import BoxFormat
from inference.grounders.base import BackendUnavailable, GroundingFailed, check_image
from inference.images import GrayImage
from inference.prompts import load_prompt
from inference.recovery import FindingRecovery, ImageFrame, recover_findings
from inference.remote.ladder import SERVER_SILENT, Content, Ladder, Verdict, rungs
from inference.remote.picture import picture_url
from inference.remote.settings import RemoteSettings, remote_settings
from inference.remote.transport import Server
from inference.remote.version import remote_version
from inference.schema import Attempt, Grounding
from inference.vocabulary import LABELS, ImageState, LedgerReason

_SAMPLES = 2
_CUT = {LedgerReason.TRUNCATED, LedgerReason.UNPARSABLE}


class RemoteGrounder:
    """Several images are asked for at once: the server batches what it holds.

    Raises ``BackendUnavailable`` for settings that don't hold. The server itself is first spoken
    to when an image is grounded.
    """

    def __init__(self, settings: RemoteSettings) -> None:
        try:
            self._prompt = load_prompt(settings.prompt, "findings")
        except ValueError as unknown:
            raise BackendUnavailable(f"REMOTE_GROUNDER_PROMPT: {unknown}") from unknown
        self._boxes = self._prompt.boxes or BoxFormat()
        self._settings = settings
        steps = rungs(_SAMPLES)
        self.version = remote_version(settings, self._prompt, steps)
        self._ladder = Ladder[FindingRecovery](Server(settings), settings, self._prompt, steps)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        """See ``Grounder.ground``. An answer that can't be read fails its own image alone; a
        server that gives none raises ``GroundingFailed`` with every attempt."""
        checked = [check_image(image) for image in images]
        with ThreadPoolExecutor(self._settings.concurrency) as pool:
            return list(pool.map(self._ground_one, checked))

    def _ground_one(self, image: GrayImage) -> Grounding:
        try:
            url = picture_url(image, self._boxes, self._settings.image_side)
        except ValueError as uniform:
            return _failed(f"{str(uniform).capitalize()}.", ())
        frame = ImageFrame((self._boxes,), *image.shape)

        def content(words: str) -> Content:
            return [
                {"type": "image_url", "image_url": {"url": url}},
                {"type": "text", "text": words},
            ]

        climb = self._ladder.climb(content, lambda text: _judge(text, frame))
        if climb.verdict is not None:
            return _grounding(climb.verdict.value, climb.attempts)
        if climb.problem.startswith(SERVER_SILENT):
            raise GroundingFailed(climb.problem, climb.attempts)
        return _failed(climb.problem, climb.attempts)


def build() -> RemoteGrounder:
    """The grounder that the environment's ``REMOTE_GROUNDER_*`` describe."""
    return RemoteGrounder(remote_settings(os.environ, "GROUNDER"))


def _judge(text: str, frame: ImageFrame) -> Verdict[FindingRecovery]:
    """An unknown label is the model's own word, and asking again would not change it; what was
    cut or could not be read may come whole the next time."""
    read = recover_findings(text, frame)
    lost = [entry for entry in read.ledger if entry.reason in _CUT]
    usable = read.image_state is not ImageState.FAILED
    detail = "; ".join(sorted({f"{entry.reason}: {entry.detail}" for entry in read.ledger}))
    return Verdict(read, usable and not lost, usable, read.schema_valid, detail)


def _grounding(read: FindingRecovery, attempts: tuple[Attempt, ...]) -> Grounding:
    return Grounding(
        image_state=read.image_state,
        labels=read.labels,
        findings=read.findings,
        image_normal=read.image_normal,
        ledger=read.ledger,
        attempts=attempts,
    )


def _failed(reason: str, attempts: tuple[Attempt, ...]) -> Grounding:
    return Grounding(ImageState.FAILED, dict.fromkeys(LABELS), notes=(reason,), attempts=attempts)

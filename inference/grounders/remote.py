"""The ``remote`` grounder: a vision model behind an OpenAI-compatible server such as vLLM."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from inference.boxes import BoxFormat
from inference.generation.answers import (
    FINDINGS_SAMPLES,
    failed_grounding,
    grounding_of,
    judge_findings,
)
from inference.generation.ladder import rungs
from inference.generation.picture import picture_url
from inference.grounders.base import BackendUnavailable, GroundingFailed, check_image
from inference.images import GrayImage
from inference.prompts import load_prompt
from inference.recovery import ImageFrame
from inference.remote.ladder import Content, Ladder
from inference.remote.settings import RemoteSettings, remote_settings
from inference.remote.transport import Server
from inference.remote.version import remote_version
from inference.schema import Grounding


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
        steps = rungs(FINDINGS_SAMPLES)
        self.version = remote_version(settings, self._prompt, steps)
        self._ladder = Ladder(Server(settings), settings, self._prompt, steps)

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
            return failed_grounding(f"{str(uniform).capitalize()}.")
        frame = ImageFrame((self._boxes,), *image.shape)

        def content(words: str) -> Content:
            return [
                {"type": "image_url", "image_url": {"url": url}},
                {"type": "text", "text": words},
            ]

        climb = self._ladder.climb(content, lambda text: judge_findings(text, frame))
        if climb.silent and climb.verdict is None:
            raise GroundingFailed(climb.problem, climb.attempts)
        return grounding_of(climb)


def build() -> RemoteGrounder:
    """The grounder that the environment's ``REMOTE_GROUNDER_*`` describe."""
    return RemoteGrounder(remote_settings(os.environ, "GROUNDER"))

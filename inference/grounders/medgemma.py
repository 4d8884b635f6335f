"""The ``medgemma`` grounder: a vision-language model in this process, in batches.

Any Gemma 3 checkpoint of MedGemma's kind, with or without a PEFT adapter. Needs
requirements-models.txt.
"""

import os
from collections.abc import Sequence
from functools import cached_property

from inference.boxes import BoxFormat
from inference.generation.answers import (
    FINDINGS_SAMPLES,
    failed_grounding,
    grounding_of,
    judge_findings,
)
from inference.generation.ladder import rungs
from inference.generation.picture import picture
from inference.grounders.base import BackendUnavailable, check_image
from inference.images import GrayImage
from inference.local.ladder import Answers, Question, climb_together
from inference.local.settings import LocalSettings, local_settings
from inference.local.version import check_packages, local_version
from inference.prompts import answer_schema, load_prompt
from inference.recovery import FindingRecovery, ImageFrame
from inference.schema import Grounding

NAME = "medgemma"


class MedGemma:
    """Loaded with its first image and kept. Raises ``BackendUnavailable`` for settings that
    don't hold, packages that are missing, or a checkpoint that is not there."""

    def __init__(self, settings: LocalSettings) -> None:
        check_packages(settings)
        try:
            self._prompt = load_prompt(settings.prompt, "findings")
        except ValueError as unknown:
            raise BackendUnavailable(f"MEDGEMMA_PROMPT: {unknown}") from unknown
        self._boxes = self._prompt.boxes or BoxFormat()
        self._settings, self._steps = settings, rungs(FINDINGS_SAMPLES)
        self.version = local_version(NAME, settings, self._prompt, self._steps)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        """See ``Grounder.ground``. Images climb the ladder together: each rung is one
        ``generate`` (or a few) over those whose answers were not whole."""
        checked = [check_image(image) for image in images]
        shown = [self._shown(image) for image in checked]
        questions = [each for each in shown if isinstance(each, Question)]
        climbs = iter(climb_together(self._generator, self._prompt, self._steps, questions))
        return [
            grounding_of(next(climbs)) if isinstance(each, Question) else each for each in shown
        ]

    def _shown(self, image: GrayImage) -> Question[FindingRecovery] | Grounding:
        try:
            seen = picture(image, self._boxes, self._settings.image_side).convert("RGB")
        except ValueError as uniform:
            return failed_grounding(f"{str(uniform).capitalize()}.")
        frame = ImageFrame((self._boxes,), *image.shape)
        return Question(
            lambda words: [{"type": "image", "image": seen}, {"type": "text", "text": words}],
            lambda text: judge_findings(text, frame),
        )

    @cached_property
    def _generator(self) -> Answers:
        from inference.local.generating import Generator  # noqa: PLC0415 - brings torch
        from inference.local.loading import load  # noqa: PLC0415

        schema = answer_schema(self._prompt) if self._settings.force_schema else None
        return Generator(load(self._settings, sees=True), self._settings, schema)


def build() -> MedGemma:
    """The grounder that the environment's ``MEDGEMMA_*`` describe."""
    return MedGemma(local_settings(os.environ, "MEDGEMMA", "findings"))

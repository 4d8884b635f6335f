"""The embedded grounder: quality screen, anatomy, networks, thresholds, findings."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from inference.anatomy import HeartWidth, heart_width
from inference.grounders.base import BackendUnavailable, check_image
from inference.grounders.embedded.anatomist import Anatomist
from inference.grounders.embedded.card import FOLDER, Card, read_card, read_weights
from inference.grounders.embedded.eyes import Eyes
from inference.grounders.embedded.judge import Judgement, judge
from inference.grounders.embedded.network import open_session
from inference.images import GrayImage
from inference.quality import Screen
from inference.schema import BackendVersion, Grounding
from inference.vocabulary import LABELS, ImageState, Label, State

NAME = "embedded"


class EmbeddedGrounder:
    """ONNX networks on one CPU thread, deterministic. ``folder`` holds card.json and weights.

    Raises ``BackendUnavailable`` when the card or a network is missing, corrupt or not the one
    the card names; ``ground`` does when onnxruntime can't load a network.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.card: Card = read_card(folder)
        if not self.card.members:
            raise BackendUnavailable(f"the card in {folder} names no network")
        self._members = [read_weights(member, folder) for member in self.card.members]
        self._anatomy = read_weights(self.card.anatomy, folder)
        self.version = BackendVersion(
            NAME, self.card.version, self.card.hash, self.card.licence, may_release_output=True
        )

    @cached_property
    def _eyes(self) -> Eyes:
        # Opened when first used: who only asks for the version, as the web process does for each
        # new audit, checks the files' hashes and never waits for onnxruntime.
        networks = [open_session(weights) for weights in self._members]
        return Eyes(networks, Anatomist(open_session(self._anatomy)), self.card.size)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        """See ``Grounder.ground``. Each image is judged alone: a batch equals its single runs."""
        return [self._ground_one(check_image(image)) for image in images]

    def _ground_one(self, image: GrayImage) -> Grounding:
        try:
            sight, checked = self._eyes(image)
        except ValueError as uniform:
            return _failed(str(uniform))
        judgement = judge(sight, self.card.labels)
        return _grounding(judgement, checked, heart_width(checked.anatomy))


def _grounding(judgement: Judgement, checked: Screen, width: HeartWidth | None) -> Grounding:
    """What is absent counts only on a frontal chest: elsewhere silence says nothing."""
    labels: dict[Label, State | None] = dict(judgement.labels)
    if not checked.frontal:
        labels = {k: None if v is State.ABSENT else v for k, v in labels.items()}
    return Grounding(
        image_state=ImageState.GROUNDED,
        labels=labels,
        findings=judgement.findings,
        image_normal=all(state is State.ABSENT for state in labels.values()),
        scores=judgement.scores,
        notes=checked.notes,
        measurements=_measurements(width) if width is not None and checked.frontal else {},
    )


def _measurements(width: HeartWidth) -> dict[str, float]:
    """The ratio and its landmarks in 0..1 of the stored image, for drawing."""
    values = {
        "cardiothoracic_ratio": width.ratio,
        "heart_x0": width.heart[0],
        "heart_x1": width.heart[1],
        "heart_y": width.heart_y,
        "chest_x0": width.chest[0],
        "chest_x1": width.chest[1],
        "chest_y": width.chest_y,
    }
    return {name: round(value, 4) for name, value in values.items()}


def _failed(reason: str) -> Grounding:
    return Grounding(
        image_state=ImageState.FAILED,
        labels=dict.fromkeys(LABELS),
        notes=(reason[0].upper() + reason[1:] + ".",),
    )

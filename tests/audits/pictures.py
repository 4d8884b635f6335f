"""Small images and a grounder that reads them: real enough for every path, and exact.

A picture is noise; each finding is a white square at its label's own place. The grounder looks
for white at these places. Its top left corner can carry an order: break, give up, or wait.
"""

import os
from collections.abc import Sequence

import numpy as np
import psycopg
from numpy.typing import NDArray

from inference.grounders.base import Grounder, GroundingFailed
from inference.images import GrayImage as Image
from inference.images import encode_png
from inference.schema import BackendVersion, Finding, Grounding, LedgerEntry
from inference.states import image_labels
from inference.vocabulary import LABELS, ImageState, Label, LedgerReason

SIZE = 128
BREAK, GIVE_UP, WAIT, PARTIAL = 11, 12, 13, 14
WAITING_ROOM = 7_301
"""The Postgres advisory lock that a test holds to keep the grounder waiting."""

_CORNER = slice(0, 8)
PLACES = {label: slice(16 + 20 * at, 30 + 20 * at) for at, label in enumerate(LABELS)}


def pixels(*labels: Label, seed: int = 0, order: int = 0) -> NDArray[np.uint8]:
    image = np.random.default_rng(seed).integers(20, 120, (SIZE, SIZE)).astype(np.uint8)
    image[_CORNER, _CORNER] = order
    for label in labels:
        image[PLACES[label], PLACES[label]] = 255
    return image


def picture(*labels: Label, seed: int = 0, order: int = 0) -> bytes:
    """A PNG file; another ``seed`` is another case."""
    return encode_png(pixels(*labels, seed=seed, order=order))


class SquareGrounder:
    version = BackendVersion("squares", "1", "5" * 64, "CC0-1.0", True)

    def ground(self, images: Sequence[Image]) -> list[Grounding]:
        return [self._one(image) for image in images]

    def _one(self, image: Image) -> Grounding:
        order = int(image[0, 0])
        if order == BREAK:
            raise GroundingFailed("The model ran out of memory.")
        if order == WAIT:
            wait_in_room()
        if order == GIVE_UP:
            entry = LedgerEntry(LedgerReason.UNPARSABLE, "I can see a")
            notes = ("The image is uniform.",)
            return Grounding(ImageState.FAILED, dict.fromkeys(LABELS), ledger=(entry,), notes=notes)
        findings = tuple(_finding(label) for label in LABELS if _is_white(image, label))
        state = ImageState.PARTIAL if order == PARTIAL else ImageState.GROUNDED
        scores = {finding.label: 0.9 for finding in findings}
        chest = {"chest_x0": 0.0, "chest_x1": 1.0}
        labels = image_labels(findings)
        return Grounding(state, labels, findings, scores=scores, measurements=chest)


def _is_white(image: Image, label: Label) -> bool:
    return bool((image[PLACES[label], PLACES[label]] == 255).all())


def _finding(label: Label) -> Finding:
    low, high = PLACES[label].start / SIZE, PLACES[label].stop / SIZE
    return Finding(label, (low, low, high, high), 0.9)


def wait_in_room() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        database.execute("SELECT pg_advisory_lock(%s)", [WAITING_ROOM])


def square_grounder() -> Grounder:
    return SquareGrounder()

"""What every grounder is: images in, one ``Grounding`` each out."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from inference.images import GrayImage
from inference.schema import Attempt, BackendVersion, Grounding


class BackendUnavailable(RuntimeError):
    """The backend can't start: weights missing, corrupt, or a package not installed."""


class GroundingFailed(RuntimeError):
    """The backend started and then failed. Never turned into an empty, normal-looking result.

    ``attempts`` are the answers it got before it gave up.
    """

    def __init__(self, message: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(message)
        self.attempts = tuple(attempts)


class Grounder(Protocol):
    """One backend. ``version`` is recorded in every audit."""

    version: BackendVersion

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        """One grounding an image, in order.

        An image that can't be judged (uniform, say) comes back with ``image_state`` failed and
        the reason in ``notes``. Raises ``GroundingFailed`` when the backend itself fails,
        ``BackendUnavailable`` when it can't start (it may start with the first image), and
        ``ValueError`` for an array that is no gray uint8 / uint16 image.
        """
        ...


def check_image(image: npt.NDArray[Any]) -> GrayImage:
    """``image`` itself, or ``ValueError`` with a sentence if it is no gray radiograph array."""
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"a radiograph is a gray [height, width] array, not {_shape(image)}")
    if image.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"a radiograph has 8 or 16 bits a pixel, not {image.dtype}")
    return image


def _shape(image: npt.NDArray[Any]) -> str:
    return " x ".join(map(str, image.shape)) or "a single number"

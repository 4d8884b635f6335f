"""The anatomy network in onnxruntime."""

import numpy as np
import numpy.typing as npt
import onnxruntime

from inference.anatomy import SIZE, Anatomy, anatomy_of
from inference.grounders.base import GroundingFailed
from inference.grounders.embedded.preprocess import Pixels, to_input


class Anatomist:
    """Finds heart and lungs in thumbnails, uint8 [160, 160] (``thumbnail``)."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def __call__(self, pixels: Pixels) -> Anatomy:
        if pixels.shape != (SIZE, SIZE):
            raise ValueError(f"a thumbnail is {SIZE} x {SIZE}, not {pixels.shape}")
        try:
            (logits,) = self._session.run(["organs"], {"pixels": to_input(pixels[None])})
        except Exception as error:  # onnxruntime's own exceptions share no base but Exception
            raise GroundingFailed(f"the anatomy network failed: {error}") from error
        chances: npt.NDArray[np.float32] = 1.0 / (1.0 + np.exp(-logits[0]))
        return anatomy_of(chances)

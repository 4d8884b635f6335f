"""One ONNX detector in onnxruntime: a picture and its mirror image in, averaged maps out."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import onnxruntime

from inference.grounders.base import BackendUnavailable, GroundingFailed
from inference.grounders.embedded.decode import Maps, average, mirror
from inference.grounders.embedded.preprocess import Pixels, to_input
from inference.vocabulary import LABELS, Label

COARSE: tuple[Label, ...] = tuple(label for label in LABELS if label is not Label.NODULE_MASS)
FINE: tuple[Label, ...] = (Label.NODULE_MASS,)
OUTPUTS = ("image", "coarse_heat", "coarse_ltrb", "fine_heat", "fine_ltrb")


@dataclass(frozen=True, slots=True)
class Sight:
    """What one or several networks see in one picture; ``image`` are logits in label order."""

    image: npt.NDArray[np.float32]
    coarse: Maps
    fine: Maps


def open_session(data: bytes) -> onnxruntime.InferenceSession:
    """An ONNX model on one thread of the CPU: workers are processes, and results never vary."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.use_env_allocators", "1")
    _share_memory()
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base but Exception
        raise BackendUnavailable(f"onnxruntime can't load the weights: {error}") from error


@cache
def _share_memory() -> None:
    """One arena for all sessions of the process: as fast as one each, for half the memory."""
    info = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(info, onnxruntime.OrtArenaCfg(0, -1, -1, -1))


def look(session: onnxruntime.InferenceSession, pixels: Pixels) -> Sight:
    """Run one picture, uint8 [S, S], and its mirror image, one after the other: a thread gains
    nothing from a batch, and a picture's result can't depend on the others in it."""
    return combine([view(session, pixels), turned_back(view(session, pixels[:, ::-1]))])


def view(session: onnxruntime.InferenceSession, pixels: Pixels) -> Sight:
    """Run one picture, uint8 [S, S], as it is."""
    try:
        made = session.run(OUTPUTS, {"pixels": to_input(pixels[None])})
    except Exception as error:  # as above
        raise GroundingFailed(f"the embedded detector failed: {error}") from error
    image, heat, ltrb, fine_heat, fine_ltrb = (output[0] for output in made)
    return Sight(image, Maps(COARSE, heat, ltrb), Maps(FINE, fine_heat, fine_ltrb))


def turned_back(sight: Sight) -> Sight:
    """What was seen in a mirrored picture, in the places of the plain one."""
    return Sight(sight.image, mirror(sight.coarse), mirror(sight.fine))


def combine(sights: list[Sight]) -> Sight:
    """The mean of several views or networks."""
    return Sight(
        np.stack([s.image for s in sights]).mean(axis=0, dtype=np.float32),
        average([s.coarse for s in sights]),
        average([s.fine for s in sights]),
    )

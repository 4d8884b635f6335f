"""Findings that came with a case, in place of a model: what people drew, or a program said before.

It sees no image, so only the platform, which holds the findings, can ground by it. The rule is the
version: another rule is another version.
"""

from collections.abc import Sequence
from hashlib import sha256

from inference.grounders.base import GroundingFailed
from inference.images import GrayImage
from inference.schema import BackendVersion, Grounding

RULE = (
    "A label is present if more than half of the readers who assessed it mark it present, absent "
    "if none marks it, uncertain between; null if none assessed it. Boxes of several readers are "
    "the means of groups at IoU 0.5."
)


class ReadingsGrounder:
    """``annotated`` or ``recorded``. Whether a source's findings may leave its switches say, and
    they leave with their source: not once more as a model's output."""

    def __init__(self, name: str) -> None:
        told = sha256(f"{name} {RULE}".encode()).hexdigest()
        licence = "terms of the case's source"
        self.version = BackendVersion(name, "1", told, licence, may_release_output=False)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        raise GroundingFailed(
            f"{self.version.name} takes findings that were imported with a case: use the platform."
        )

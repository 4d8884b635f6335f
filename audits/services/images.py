"""From uploaded bytes to what is stored, decoded in a process of its own."""

import logging

from audits.errors import InvalidInput
from inference.decoding import DecoderDied, prepared_apart
from inference.preparing import PreparedImage
from inference.refusals import ImageRefused

logger = logging.getLogger(__name__)


class DecoderStopped(InvalidInput):
    """The image took its decoder down with it: ``why`` is time, memory or crash."""

    def __init__(self, died: DecoderDied) -> None:
        super().__init__("image", str(died))
        self.why = died.why


def prepare_image(*, data: bytes) -> PreparedImage:
    """Decode and re-encode; raises ``InvalidInput`` on field ``image`` with the reason."""
    try:
        return prepared_apart(data)
    except DecoderDied as died:
        logger.warning("a decoder was lost to a picture: %s", died.why)
        raise DecoderStopped(died) from died
    except ImageRefused as refused:
        raise InvalidInput("image", str(refused)) from refused

"""The memory guard in front of a GPU: a batch is begun only where there is room for one."""

import logging
import sys

from django.conf import settings

logger = logging.getLogger(__name__)


def room_for(*, wanted: int) -> int:
    """How many images to ground in one go: ``wanted``, or 1 while the GPU is nearly full.

    What torch keeps for later is given back before that is decided. A process without torch, or
    without a GPU, has room.
    """
    if wanted == 1 or _has_room():
        return wanted
    sys.modules["torch"].cuda.empty_cache()
    if _has_room():
        return wanted
    logger.warning("less than %s MB of the GPU are free: one at a time", settings.GPU_MIN_FREE_MB)
    return 1


def _has_room() -> bool:
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return True
    free, _total = torch.cuda.mem_get_info()
    return bool(free >= settings.GPU_MIN_FREE_MB * 2**20)

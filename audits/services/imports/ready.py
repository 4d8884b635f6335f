"""Makes rows ready outside of any transaction: read, checked, decoded on all cores, in order.

Only a few rows are in the air at a time, so that memory stays flat however many there are.
"""

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from audits.errors import InvalidInput, ServiceError
from audits.models import Source
from audits.services.cases import NewCase, case_check_fields
from audits.services.images import prepare_image
from audits.services.imports.containers import Container
from audits.services.imports.rows import Row, case_of_row
from inference.preparing import PreparedImage

logger = logging.getLogger(__name__)

WORKERS = min(4, os.cpu_count() or 1)
AHEAD = 2 * WORKERS


@dataclass(frozen=True, slots=True)
class Ready:
    """A row with its case, its image only as what will be stored; or the reason why not."""

    row: Row
    new: NewCase | None = None
    prepared: PreparedImage | None = None
    problem: tuple[str, str] | None = None

    @property
    def bytes(self) -> int:
        image = self.prepared
        return len(image.png) + len(image.preview) + len(image.thumbnail) if image else 0


Waiting = tuple[Row, NewCase, "Future[PreparedImage]"] | Ready


def made_ready(*, rows: Iterable[Row], container: Container, source: Source) -> Iterator[Ready]:
    """Each row, in order. Decoding and encoding run in threads, which both libraries leave the
    interpreter's lock for."""
    air: deque[Waiting] = deque()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="import") as pool:
        for row in rows:
            air.append(_sent(row, container, source, pool))
            if len(air) > AHEAD:
                yield _landed(air.popleft())
        while air:
            yield _landed(air.popleft())


def _sent(row: Row, container: Container, source: Source, pool: ThreadPoolExecutor) -> Waiting:
    try:
        new = case_of_row(row=row, container=container, source=source)
        case_check_fields(new=new)
    except InvalidInput as refused:
        return Ready(row, problem=_why(refused))
    return row, replace(new, image=b""), pool.submit(prepare_image, data=new.image)


def _landed(waiting: Waiting) -> Ready:
    if isinstance(waiting, Ready):
        return waiting
    row, new, future = waiting
    try:
        return Ready(row, new, future.result())
    except ServiceError as refused:
        return Ready(row, problem=_why(refused))
    except Exception as error:
        # A row that breaks a decoder in a way nobody foresaw must not take the others with it.
        logger.exception("row %s could not be decoded", row.number)
        return Ready(row, problem=("image", f"It could not be decoded: {type(error).__name__}."))


def _why(refused: ServiceError) -> tuple[str, str]:
    return next(iter(refused.fields), refused.code), refused.message

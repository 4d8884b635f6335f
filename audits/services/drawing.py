"""Drawing a queue's audits by how much they may teach (`inference.sampling`), with known chances.

An ``informative`` queue draws once, from the audits that were done at that moment: a second
filling finds the same chances, so it only ends one that died. Each audit is drawn or not by its own
number of chance (Poisson sampling). The queue is read in the order of that number over the chance:
whatever part of it was read so far is a sample too, whose weights are these times one factor, which
no share has (Ohlsson, Journal of Official Statistics 14, 1998).
"""

import uuid
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from audits.models import Audit, AuditState, Queue
from audits.selectors.filters import QueueFilter, population
from inference.sampling import Population, Seen

_CHUNK = 2_000


def draw_from(queue: Queue) -> Iterator[dict[uuid.UUID, float]]:
    """The chance of every audit that the queue may draw, some cases at a time."""
    if queue.drawn_at is None:
        # Another filling may have begun meanwhile: the first one's moment holds.
        Queue.objects.filter(pk=queue.pk, drawn_at=None).update(drawn_at=timezone.now())
        queue.refresh_from_db(fields=["drawn_at"])
    chosen = population(QueueFilter.of(queue.filter)).filter(finished_at__lte=queue.drawn_at)
    known = Population.of(seen for _, seen in _seen(chosen))
    asked = set(chosen.values_list("pk", flat=True).iterator(chunk_size=_CHUNK))
    # Versions that the filter does not name have a say in whether versions differ.
    everything = Audit.objects.filter(
        state=AuditState.DONE, finished_at__lte=queue.drawn_at, case__in=chosen.values("case")
    )
    found: dict[uuid.UUID, float] = {}
    for _, of_case in groupby(_seen(everything), key=lambda row: row[0]["case_id"]):
        rows = list(of_case)
        images = [seen for _, seen in rows]
        for row, seen in rows:
            if row["pk"] in asked:
                found[row["pk"]] = queue.informed_share * known.interest(seen, images)
        if len(found) >= _CHUNK:
            yield found
            found = {}
    yield found


def _seen(audits: QuerySet[Audit]) -> Iterator[tuple[dict[str, Any], Seen]]:
    rows = audits.order_by("case_id", "pk").values(
        "pk", "case_id", "grounder_id", "image_labels", "scores"
    )
    for row in rows.iterator(chunk_size=_CHUNK):
        states, scores = row["image_labels"] or {}, row["scores"] or {}
        yield dict(row), Seen(str(row["grounder_id"]), states, scores)

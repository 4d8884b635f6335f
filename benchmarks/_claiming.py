"""Reviewers who claim and decide all at once over HTTP, and what must have come of it.

The load of `benchmarks.claims`; `tests/audits/test_at_once.py` runs it small.
"""

import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks._http import Client

API = "/api/v1"
GIVES_BACK = 0.03


@dataclass
class Reviewer:
    """One person, what they were given and what they sent, as they saw it."""

    name: str
    client: Client
    chance: Random
    given: list[tuple[str, int]] = field(default_factory=list)
    """Slot and fence of each claim."""
    decided: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    """Slots whose submission was accepted."""

    def work(self, queue: str, most_requests: int) -> None:
        """To the end of the queue, as far as it is theirs."""
        while self.client.sent < most_requests:
            self.client.get(f"{API}/auth/session", name="nothing")
            answer = self.client.post(f"{API}/queues/{queue}/claim", name="claim")
            if answer["slot"] is not None:
                self._read(answer["slot"])
            elif answer["reason"] != "all_leased":
                return
        raise RuntimeError(f"{self.name}: {most_requests} requests and the queue has not ended")

    def _read(self, slot: dict[str, Any]) -> None:
        lease = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
        url = f"{API}/slots/{slot['id']}"
        self.given.append((slot["id"], slot["fence"]))
        if self.chance.random() < GIVES_BACK:
            self.client.post(f"{url}/release", lease, name="release")
            return
        for flag in self.client.get(f"{API}/audits/{slot['audit']}", name="audit")["flags"]:
            said = {"id": str(uuid.uuid4()), "flag": flag["id"], "verdict": "confirmed"}
            self.client.post(f"{url}/decisions", {**lease, **said}, name="decision")
            self.decided.append(said["id"])
        self.client.post(f"{url}/submit", {**lease, "nothing_else_missed": True}, name="submit")
        self.read.append(slot["id"])


def all_at_once(reviewers: list[Reviewer], queue: str, most_requests: int) -> list[str]:
    """Everybody to their end; the faults they met."""
    faults: list[str] = []
    gate = threading.Barrier(len(reviewers))

    def work(reviewer: Reviewer) -> None:
        gate.wait()
        try:
            reviewer.work(queue, most_requests)
        except Exception as fault:
            faults.append(f"{reviewer.name}: {fault}")

    threads = [threading.Thread(target=work, args=(each,)) for each in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def wrong(reviewers: list[Reviewer], queue: str, overlap: int) -> dict[str, int]:
    """Every way in which slots, people and answers do not come out even, with how often."""
    from django.db.models import Count, F  # noqa: PLC0415 - Django is set up by now

    from audits.models import Decision, Read, ReviewItem, ReviewSlot  # noqa: PLC0415

    slots = ReviewSlot.objects.filter(queue=queue)
    reads = Read.objects.filter(slot__queue=queue, submitted_at__isnull=False)
    items = ReviewItem.objects.filter(queue=queue)
    leases = Counter(lease for each in reviewers for lease in each.given)
    accepted = Counter(slot for each in reviewers for slot in each.read)
    stored = {str(slot): person for slot, person in reads.values_list("slot", "reviewer__username")}
    sent = {decision for each in reviewers for decision in each.decided}
    kept = set(map(str, Decision.objects.filter(read__in=reads).values_list("pk", flat=True)))
    by_item = items.annotate(
        read=Count("slots__reads", filter=~_unsubmitted()),
        people=Count("slots__reads__reviewer", filter=~_unsubmitted(), distinct=True),
    )
    counted = {
        "slots not read": slots.exclude(state="submitted").count(),
        "leases given to two": sum(n - 1 for n in leases.values()),
        "slots read by two": sum(n - 1 for n in accepted.values())
        + reads.count()
        - reads.values("slot").distinct().count(),
        "items read twice by one person": by_item.exclude(read=F("people")).count(),
        "items not read so often": by_item.exclude(read=overlap).count(),
        "reads lost": len(set(accepted) - set(stored)),
        "reads from nowhere": len(set(stored) - set(accepted)),
        "reads of another": sum(
            stored.get(slot) != each.name for each in reviewers for slot in each.read
        ),
        "decisions lost": len(sent - kept),
        "decisions from nowhere": len(kept - sent),
    }
    return {what: n for what, n in counted.items() if n}


def _unsubmitted() -> Any:
    from django.db.models import Q  # noqa: PLC0415

    return Q(slots__reads__submitted_at=None)

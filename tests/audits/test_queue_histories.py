"""Thousands of random steps of three readers on one queue, and what must hold after each.

``HISTORIES=2000`` tries so many histories instead of the thirty that the suite has time for.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.errors import ServiceError
from audits.models import Decision, Queue, Read, ReviewSlot, Settlement, Skip, User
from audits.services.leases import (
    Claimed,
    claim_slot,
    extend_lease,
    reclaim_slot,
    release_slot,
    skip_slot,
)
from audits.services.reads import Answer, Lease, save_decision, submit_read, undo_decision
from audits.services.reopening import reopen_read
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user
from tests.audits.test_adjudication import adjudicator_of

pytestmark = pytest.mark.django_db

ITEMS, READS, READERS = 3, 2, 3
STEPS = (
    "claim",
    "claim",
    "save",
    "save",
    "resend",
    "undo",
    "submit",
    "submit",
    "expire",
    "heartbeat",
    "reclaim",
    "release",
    "skip",
    "pause",
    "reopen",
)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Shift:
    """Readers at work, each remembering the leases they ever held, live or not."""

    def __init__(self) -> None:
        self.queue = make_queue(*(make_audit() for _ in range(ITEMS)), reads_per_item=READS)
        self.readers = [make_user(f"reader {number}") for number in range(READERS)]
        self.judge = adjudicator_of(self.queue)
        self.leases: dict[User, list[Lease]] = {reader: [] for reader in self.readers}
        self.sent: list[tuple[Lease, Answer]] = []
        self.submitted: dict[Any, Any] = {}

    def step(self, name: str, reader: User, choice: int) -> None:
        held = self.leases[reader]
        lease = held[choice % len(held)] if held else None
        try:
            with transaction.atomic():
                self._do(name, reader, lease, choice)
        except ServiceError:
            return  # A refusal is an answer; what must hold is checked either way.

    def _do(self, name: str, reader: User, lease: Lease | None, choice: int) -> None:
        if name == "claim":
            claimed = claim_slot(queue=Queue.objects.get(pk=self.queue.pk), reviewer=reader)
            if isinstance(claimed, Claimed):
                self.leases[reader].append(lease_of(claimed, reader))
        elif name == "pause":
            state = "paused" if choice % 3 == 0 else "open"
            Queue.objects.filter(pk=self.queue.pk).update(state=state)
        elif name == "reopen" and self.submitted:
            read = list(self.submitted)[choice % len(self.submitted)]
            reopen_read(
                read_id=read, adjudicator=self.judge, reopening_id=uuid4(), reason="Look again."
            )
        elif name == "resend" and self.sent:
            old, answer = self.sent[choice % len(self.sent)]
            save_decision(lease=old, answer=answer)
        elif lease is not None:
            self._under(name, reader, lease)

    def _under(self, name: str, reader: User, lease: Lease) -> None:
        shown = {
            "slot_id": lease.slot_id,
            "reviewer": reader,
            "token": lease.token,
            "fence": lease.fence,
        }
        if name == "save":
            flag = ReviewSlot.objects.get(pk=lease.slot_id).item.audit.flags.get()
            answer = answer_to(flag)
            self.sent.append((lease, answer))
            save_decision(lease=lease, answer=answer)
        elif name == "undo":
            undo_decision(lease=lease)
        elif name == "submit":
            read = submit_read(lease=lease, nothing_else_missed=True)
            self.submitted.setdefault(read.pk, read.submitted_at)
        elif name == "expire":
            past = timezone.now() - timedelta(seconds=1)
            ReviewSlot.objects.filter(pk=lease.slot_id, state="leased").update(leased_until=past)
        elif name == "heartbeat":
            extend_lease(**shown)
        elif name == "reclaim":
            self.leases[reader].append(
                lease_of(reclaim_slot(slot_id=lease.slot_id, reviewer=reader), reader)
            )
        elif name == "release":
            release_slot(**shown)
        elif name == "skip":
            skip_slot(**shown, reason="other")

    def check(self) -> None:
        slots = list(ReviewSlot.objects.filter(queue=self.queue))
        assert len(slots) == ITEMS * READS
        holders = [(slot.item_id, slot.reviewer_id) for slot in slots if slot.reviewer_id]
        assert len(holders) == len(set(holders)), "one person, one slot of an item"
        for slot in slots:
            reads = Read.objects.filter(slot=slot)
            ended = [read for read in reads if read.submitted_at and not read.reopened_at]
            assert len(ended) == (slot.state == "submitted"), "what is submitted stays submitted"
            assert all(read.fence <= slot.fence for read in reads)
            if ended:
                assert (ended[0].fence, ended[0].reviewer_id) == (slot.fence, slot.reviewer_id)
            assert slot.reviewer_id in (None, slot.assigned_to_id) or slot.assigned_to_id is None
        for read_id, at in self.submitted.items():
            assert Read.objects.get(pk=read_id).submitted_at == at
        saved = {answer.id for _, answer in self.sent}
        kept = Decision.objects.filter(read__slot__queue=self.queue)
        assert {decision.pk for decision in kept} <= saved
        readers_of_submitted = Read.objects.filter(
            slot__queue=self.queue, submitted_at__isnull=False, reopened_at=None
        ).values_list("slot__item", "reviewer")
        assert len(readers_of_submitted) == len(set(readers_of_submitted))
        settled = Settlement.objects.filter(item__queue=self.queue, reopened_at=None)
        for item in settled.values_list("item", flat=True):
            assert {slot.state for slot in slots if slot.item_id == item} == {"submitted"}
        barred = set(Skip.objects.values_list("item", "reviewer"))
        live = {(s.item_id, s.reviewer_id) for s in slots if s.state == "leased"}
        assert not barred & live, "who skipped an item never holds it again"


HISTORIES = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, READERS - 1), st.integers(0, 5)),
    min_size=8,
    max_size=40,
)


@settings(
    max_examples=int(os.environ.get("HISTORIES", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORIES)
def test_no_history_breaks_the_rules_of_a_queue(history: list[tuple[str, int, int]]) -> None:
    with rolled_back():
        shift = Shift()
        for name, reader, choice in history:
            shift.step(name, shift.readers[reader], choice)
            shift.check()

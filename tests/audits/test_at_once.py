"""Reviewers claiming and deciding at once over HTTP: `make bench-claims`, small."""

from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from audits.services.tokens import token_create
from benchmarks._claiming import Reviewer, all_at_once, wrong
from benchmarks._http import Client
from tests.audits.reviewing import make_audit, make_queue, make_user

REVIEWERS, ITEMS, OVERLAP = 6, 10, 2


@pytest.mark.django_db(transaction=True)
def test_every_slot_is_read_once_and_no_item_twice_by_one_person(live_server: Any) -> None:
    queue = make_queue(*(make_audit() for _ in range(ITEMS)), reads_per_item=OVERLAP)
    port = urlsplit(live_server.url).port
    assert port is not None
    people = [make_user(f"reviewer-{k}") for k in range(REVIEWERS)]
    reviewers = [
        Reviewer(person.username, Client(port, token_create(user=person)[1]), Random(k))
        for k, person in enumerate(people)
    ]

    assert all_at_once(reviewers, str(queue.pk), most_requests=2000) == []

    assert sum(len(each.read) for each in reviewers) == ITEMS * OVERLAP
    assert wrong(reviewers, str(queue.pk), OVERLAP) == {}
    # What is counted does see it if two were told that they read the same slot.
    slot = reviewers[0].read[0]
    reviewers[1].read.append(slot)
    found = wrong(reviewers, str(queue.pk), OVERLAP)
    assert found == {"slots read by two": 1, "reads of another": 1}

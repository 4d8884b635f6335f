"""Every address, method and role, generated from the URL table and `access.ACCESS`."""

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from rest_framework.test import APIClient

from tests.audits.access import ACCESS, ROLES
from tests.audits.closed import Closed, body_of, closed_world
from tests.audits.conftest import client_of
from tests.audits.test_permissions import METHODS, NAMED, OPEN, address, everything

pytestmark = pytest.mark.django_db
Clients = dict[str, APIClient]
ADDRESSES = sorted(NAMED.keys() - OPEN)


@pytest.fixture
def world() -> Closed:
    return closed_world()


@pytest.fixture
def clients(world: Closed) -> Clients:
    """Signed in before anything is compared, as that moves ``last_login``."""
    return {role: client_of(world.people[role]) for role in ROLES}


def ask(world: Closed, client: APIClient, name: str, method: str) -> HttpResponseBase:
    """Ask, and take back what was granted: what was refused has to leave all rows alone."""
    body = None if method == "get" else body_of(name, method, world)
    with transaction.atomic():
        answer: HttpResponseBase = getattr(client, method)(address(name, world.ids), body)
        if answer.status_code < 400:
            transaction.set_rollback(True)
    return answer


def told(answer: HttpResponseBase) -> str:
    return "" if answer.streaming else bytes(getattr(answer, "content", b"")).decode()


@pytest.mark.parametrize("name", sorted(ACCESS.keys() & set(ADDRESSES)))
def test_each_role_gets_its_answer_and_refusals_change_nothing(
    name: str, world: Closed, clients: Clients
) -> None:
    before = everything()
    for method, answers in ACCESS[name].items():
        for role, wanted in zip(ROLES, answers, strict=True):
            status = ask(world, clients[role], name, method).status_code
            allowed = wanted if isinstance(wanted, frozenset) else {wanted}
            assert status in allowed, f"{method} {name} as {role}: {status}, not {wanted}"
    assert everything() == before


@pytest.mark.parametrize("name", sorted(ACCESS.keys() & set(ADDRESSES)))
def test_methods_that_an_address_has_not_are_refused(
    name: str, world: Closed, clients: Clients
) -> None:
    before = everything()
    for method in METHODS:
        if method not in ACCESS[name]:
            for role in ("outsider", "administrator"):
                assert ask(world, clients[role], name, method).status_code in (403, 404, 405), (
                    method,
                    role,
                )
    assert everything() == before


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_address_tells_an_outsider_of_the_closed_queue(
    name: str, world: Closed, clients: Clients
) -> None:
    """Declared or not: served or refused, no id of it is in any answer."""
    for method in METHODS:
        answer = ask(world, clients["outsider"], name, method)
        assert answer.status_code < 500, method
        assert not {secret for secret in world.secrets if secret in told(answer)}, method


def test_every_address_is_declared_and_every_declared_one_is_there() -> None:
    assert ACCESS.keys() == set(ADDRESSES), ACCESS.keys() ^ set(ADDRESSES)

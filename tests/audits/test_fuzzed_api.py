"""Every operation of the OpenAPI schema, asked with data made from it: no answer is a 5xx.

schemathesis makes valid and invalid requests, the same ones in each run. Ids in addresses are those
of real objects, so that requests get past them.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from audits.services.tokens import token_create
from tests.audits.closed import closed_world

EXAMPLES = 2
STREAMS = "events"

bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """Requests share the test's transaction, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_no_request_made_from_the_schema_breaks_the_server() -> None:
    world = closed_world()
    token = token_create(user=world.people["administrator"])
    ids = {name: str(value) for name, value in world.ids.items()}
    broken: list[str] = []
    asked = 0

    def ask(case: Case) -> None:
        nonlocal asked
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        asked += 1
        if answer.status_code >= 500 and len(broken) < 3:
            broken.append(f"{answer.status_code} {case.as_curl_command()}")

    for operation in operations():
        for mode in GenerationMode:
            requests_of(operation, mode, ids, ask)
    assert not broken, "\n".join(broken)
    assert asked > 150


def operations() -> list[APIOperation]:
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if not operation.path.endswith(STREAMS)]


def requests_of(
    operation: APIOperation, mode: GenerationMode, ids: dict[str, str], ask: Any
) -> None:
    names = {one.name for one in operation.path_parameters}
    known = {name: ids[name] for name in names & ids.keys()}
    cases = operation.as_strategy(mode, path_parameters=known or None)
    # Where everything is valid, no invalid request can be made.
    with suppress(Unsatisfiable):
        bounded(given(cases)(ask))()

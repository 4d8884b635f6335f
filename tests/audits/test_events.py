"""The event stream: a snapshot, what follows, an end; and what the synchronous server does."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import AsyncClient, Client
from pytest_django import Settings

from audits.models import Audit, StepName, User
from audits.services.audits import audit_cancel
from audits.services.tokens import token_create
from tests.audits.conftest import client_of
from tests.audits.stored import started, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_else")]

SECONDS = 30


async def events(response: Any) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Each event as (id, data); fails if the stream does not end in time."""
    assert isinstance(response, StreamingHttpResponse), response.content
    pieces = aiter(response)
    while True:
        try:
            text = (await asyncio.wait_for(anext(pieces), SECONDS)).decode()
        except StopAsyncIteration:
            return
        lines = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
        if lines.get("event") == "audit":
            yield lines["id"], json.loads(lines["data"])


def browser_of(user: User) -> AsyncClient:
    client = AsyncClient()
    client.force_login(user)
    return client


def work_elsewhere(audit: Audit) -> None:
    """In a thread of its own, which must leave no connection behind."""
    try:
        work(audit)
    finally:
        connection.close()


def path_of(audit: Audit) -> str:
    return f"/api/v1/audits/{audit.pk}/events"


def test_stream_tells_the_way_to_the_end(reader: User) -> None:
    audit, client = started(actor=reader), browser_of(reader)

    async def listen() -> list[dict[str, Any]]:
        told = []
        async for _, data in events(await client.get(path_of(audit))):
            if not told:
                await sync_to_async(work_elsewhere)(audit)
            told.append(data)
        return told

    told = asyncio.run(listen())
    assert told[0]["state"] == "queued" and told[-1]["state"] == "done"
    assert told[0]["steps"] == dict.fromkeys(StepName, "waiting")
    assert told[-1]["steps"] == dict.fromkeys(StepName, "done")
    seen = [data["step"] for data in told]
    assert "comparing" in seen and seen[-1] is None
    assert {data["id"] for data in told} == {str(audit.pk)}


def test_ended_audit_is_one_snapshot(reader: User) -> None:
    audit, client = work(started()), browser_of(reader)

    async def listen() -> list[dict[str, Any]]:
        return [data async for _, data in events(await client.get(path_of(audit)))]

    (only,) = asyncio.run(listen())
    assert only["state"] == "done"


def test_stream_resumes_after_the_last_event_seen(reader: User) -> None:
    audit, client = started(actor=reader), browser_of(reader)
    work(audit, StepName.PARSING)

    async def first_id() -> str:
        async for event_id, _ in events(await client.get(path_of(audit))):
            return event_id
        raise AssertionError("no event")

    last = asyncio.run(first_id())
    audit_cancel(audit=audit, actor=None)

    async def rest() -> list[tuple[str, str]]:
        answer = await client.get(path_of(audit), headers={"Last-Event-ID": last})
        return [(event_id, data["state"]) async for event_id, data in events(answer)]

    told = asyncio.run(rest())
    assert [state for _, state in told] == ["cancelled"] and told[0][0] > last


def test_only_those_who_may_see_the_audit_listen(reader: User) -> None:
    audit = work(started())

    async def status(client: AsyncClient, path: str, **headers: str) -> int:
        return int((await client.get(path, headers=headers)).status_code)

    nobody, somebody = AsyncClient(), browser_of(reader)
    _, token = token_create(user=reader)
    assert asyncio.run(status(nobody, path_of(audit))) == 401
    assert asyncio.run(status(nobody, path_of(audit), Authorization="Bearer wrong")) == 401
    assert asyncio.run(status(nobody, path_of(audit), Authorization=f"Bearer {token}")) == 200
    assert asyncio.run(status(somebody, path_of(audit))) == 200
    assert asyncio.run(status(somebody, f"/api/v1/audits/{uuid.uuid4()}/events")) == 404
    assert asyncio.run(status(nobody, path_of(audit) + "?ticket=forged")) == 401


def test_own_page_reads_across_ports_and_no_other(reader: User, settings: Settings) -> None:
    settings.PORT = 8000
    audit, client = work(started()), browser_of(reader)

    async def allowed(origin: str) -> str | None:
        answer = await client.get(path_of(audit), headers={"Origin": origin})
        return answer.headers.get("Access-Control-Allow-Origin")

    assert asyncio.run(allowed("http://testserver:8000")) == "http://testserver:8000"
    assert asyncio.run(allowed("http://testserver:9000")) is None
    assert asyncio.run(allowed("https://evil.example")) is None


def test_synchronous_server_sends_on_with_a_ticket(reader: User, settings: Settings) -> None:
    audit = work(started())
    browser = Client()
    browser.force_login(reader)
    answer = browser.get(path_of(audit))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "events_elsewhere")

    settings.EVENTS_PORT = 8001
    answer = browser.get(path_of(audit))
    assert answer.status_code == 307
    target = urlsplit(answer["Location"])
    assert target.netloc == "testserver:8001"

    async def follow(path: str) -> int:
        return int((await AsyncClient().get(path)).status_code)

    assert asyncio.run(follow(f"{target.path}?{target.query}")) == 200
    other = path_of(work(started(seed=1)))
    assert asyncio.run(follow(f"{other}?{target.query}")) == 401
    assert Client().get(path_of(audit)).status_code == 401


def test_only_reading(reader: User) -> None:
    assert client_of(reader).post(path_of(started())).status_code == 405

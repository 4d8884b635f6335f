"""`/audits/{id}/events`: an audit's progress, from its Redis stream."""

import json
import re
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError

from audits.api.streams import LONGEST_SECONDS, Subject, event, let_go, streamed
from audits.models import ENDED_STATES, Audit
from audits.selectors.audits import visible_audits, with_steps
from audits.selectors.progress import progress
from audits.services.events import stream_name

BLOCK_MS = 15_000
_EVENT_ID = re.compile(r"^\d{1,20}-\d{1,20}$")


async def audit_events(request: HttpRequest, audit_id: uuid.UUID) -> HttpResponseBase:
    subject = Subject(
        "audit", audit_id, lambda user: visible_audits(user).filter(pk=audit_id).exists()
    )
    resume_from = request.headers.get("Last-Event-ID", "")
    return await streamed(request, subject, lambda: _stream(audit_id, resume_from))


def _snapshot(audit_id: uuid.UUID) -> dict[str, Any]:
    """How the audit stands now. The caller may see it: checked when the stream began."""
    try:
        audit = with_steps(Audit.objects.all()).get(pk=audit_id)
        return progress(audit, audit.steps.all())
    finally:
        let_go()


async def _stream(audit_id: uuid.UUID, resume_from: str) -> AsyncIterator[str]:
    """Events after ``resume_from``; else a snapshot and what follows it, to a terminal state."""
    yield "retry: 3000\n\n"
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3)
    try:
        async for text in _events(client, audit_id, resume_from):
            yield text
    except RedisError:
        # Redis only carries: the browser comes back, and polls meanwhile.
        yield ": the event stream is away\n\n"
    finally:
        await client.aclose()


async def _events(
    client: "redis.asyncio.Redis", audit_id: uuid.UUID, resume_from: str
) -> AsyncIterator[str]:
    name = stream_name(audit_id)
    ends_at = time.monotonic() + LONGEST_SECONDS
    last = resume_from if _EVENT_ID.match(resume_from) else ""
    if not last:
        # The stream's end is read before the snapshot: what comes between is told twice, not lost.
        newest: Any = await client.xrevrange(name, count=1)
        last = newest[0][0].decode() if newest else "0-0"
        snapshot = await sync_to_async(_snapshot)(audit_id)
        yield event("audit", snapshot, event_id=last)
        if snapshot["state"] in ENDED_STATES:
            return
    while time.monotonic() < ends_at:
        answer: Any = await client.xread({name: last}, count=20, block=BLOCK_MS)
        for event_id, fields in answer[0][1] if answer else []:
            last = event_id.decode()
            payload = json.loads(fields[b"data"])
            yield event("audit", payload, event_id=last)
            if payload["state"] in ENDED_STATES:
                return
        if not answer:
            # Nothing for a while: ask the database, in case an event was lost.
            snapshot = await sync_to_async(_snapshot)(audit_id)
            yield event("audit", snapshot, event_id=last)
            if snapshot["state"] in ENDED_STATES:
                return

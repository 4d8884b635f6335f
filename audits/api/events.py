"""`/audits/{id}/events`: progress as server-sent events, served by the asynchronous process only.

A streaming answer would hold a thread of the synchronous server for its whole life, so that one
sends the browser on to the events process, or says where it is missing.
"""

import json
import re
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signing
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from redis.exceptions import RedisError
from rest_framework.exceptions import AuthenticationFailed

from audits.api.authentication import bearer_user
from audits.api.errors import envelope
from audits.models import ENDED_STATES, Audit, User
from audits.origins import events_origin, may_read_across
from audits.selectors.audits import visible_audits, with_steps
from audits.selectors.progress import progress
from audits.services.events import stream_name

BLOCK_MS = 15_000
LONGEST_SECONDS = 600
"""A stream is closed after this long; browsers come back by themselves with Last-Event-ID."""
_TICKET = "overread.events"
_TICKET_SECONDS = 60
_EVENT_ID = re.compile(r"^\d{1,20}-\d{1,20}$")


async def audit_events(request: HttpRequest, audit_id: uuid.UUID) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _across(request, JsonResponse({}, status=204))
    if request.method != "GET":
        return JsonResponse(envelope("method_not_allowed", "Only GET."), status=405)
    if not isinstance(request, ASGIRequest):
        return await sync_to_async(_elsewhere)(request, audit_id)
    refused = await sync_to_async(_refusal)(request, audit_id)
    if refused is not None:
        return _across(request, refused)
    response = StreamingHttpResponse(
        _stream(audit_id, request.headers.get("Last-Event-ID", "")),
        content_type="text/event-stream",
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return _across(request, response)


def _across(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let the site's own page read this on its other port, with its cookie."""
    response["Vary"] = "Origin"
    if origin := may_read_across(request):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
    return response


def _elsewhere(request: HttpRequest, audit_id: uuid.UUID) -> HttpResponseBase:
    refused = _refusal(request, audit_id)
    if refused is not None:
        return refused
    base = events_origin(request)
    if base:
        # Clients drop their token on the way to another port: a ticket for this audit stands in.
        query = urlencode({"ticket": signing.dumps(str(audit_id), salt=_TICKET)})
        return HttpResponseRedirect(f"{base}{request.path}?{query}", status=307)
    message = "This process serves no event streams. Poll the audit instead."
    return JsonResponse(envelope("events_elsewhere", message), status=503)


def _refusal(request: HttpRequest, audit_id: uuid.UUID) -> JsonResponse | None:
    if _has_ticket(request, audit_id):
        return None
    try:
        found = bearer_user(request)
    except AuthenticationFailed as error:
        return _unauthorised(str(error.detail))
    user = found[0] if found else request.user
    if not isinstance(user, User) or not user.is_active:
        return _unauthorised("Sign in first.")
    try:
        known = visible_audits(user).filter(pk=audit_id).exists()
    finally:
        _let_go()
    if known:
        return None
    return JsonResponse(envelope("not_found", "No audit of this id that you may see."), status=404)


def _has_ticket(request: HttpRequest, audit_id: uuid.UUID) -> bool:
    """Whether this site sent the caller here for this audit, a minute ago at most."""
    try:
        ticket = signing.loads(request.GET.get("ticket", ""), salt=_TICKET, max_age=_TICKET_SECONDS)
    except signing.BadSignature:
        return False
    return bool(ticket == str(audit_id))


def _unauthorised(message: str) -> JsonResponse:
    response = JsonResponse(envelope("not_authenticated", message), status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _let_go() -> None:
    """A stream lives long: its thread must not keep a connection of the pool meanwhile."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _snapshot(audit_id: uuid.UUID) -> dict[str, Any]:
    """How the audit stands now. The caller may see it: checked when the stream began."""
    try:
        audit = with_steps(Audit.objects.all()).get(pk=audit_id)
        return progress(audit, audit.steps.all())
    finally:
        _let_go()


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
        yield _event(last, snapshot := await sync_to_async(_snapshot)(audit_id))
        if snapshot["state"] in ENDED_STATES:
            return
    while time.monotonic() < ends_at:
        answer: Any = await client.xread({name: last}, count=20, block=BLOCK_MS)
        for event_id, fields in answer[0][1] if answer else []:
            last = event_id.decode()
            payload = json.loads(fields[b"data"])
            yield _event(last, payload)
            if payload["state"] in ENDED_STATES:
                return
        if not answer:
            # Nothing for a while: ask the database, in case an event was lost.
            yield _event(last, snapshot := await sync_to_async(_snapshot)(audit_id))
            if snapshot["state"] in ENDED_STATES:
                return


def _event(event_id: str, payload: dict[str, Any]) -> str:
    return f"id: {event_id}\nevent: audit\ndata: {json.dumps(payload)}\n\n"

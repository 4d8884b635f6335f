"""Server-sent events: the door that every stream shares, served by the asynchronous process only.

A streaming answer would hold a thread of the synchronous server for its whole life, so that one
sends the browser on to the events process, or says where it is missing.
"""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
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
from rest_framework.exceptions import AuthenticationFailed

from audits.api.authentication import bearer_user
from audits.api.errors import envelope
from audits.models import User
from audits.origins import events_origin, may_read_across
from audits.services.second_factor import SecondFactorMissing, lacks_factor

LONGEST_SECONDS = 600
"""A stream is closed after this long; browsers come back by themselves with Last-Event-ID."""
_TICKET = "overread.events"
_TICKET_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """What a stream tells of: ``what`` is its word, ``is_visible`` asks for one person."""

    what: str
    id: uuid.UUID
    is_visible: Callable[[User], bool]

    @property
    def key(self) -> str:
        return f"{self.what}:{self.id}"


async def streamed(
    request: HttpRequest, subject: Subject, events: Callable[[], AsyncIterator[str]]
) -> HttpResponseBase:
    """The stream, or the way to the process that serves it, or a refusal."""
    if request.method == "OPTIONS":
        return _across(request, JsonResponse({}, status=204))
    if request.method != "GET":
        return JsonResponse(envelope("method_not_allowed", "Only GET."), status=405)
    if not isinstance(request, ASGIRequest):
        return await sync_to_async(_elsewhere)(request, subject)
    refused = await sync_to_async(_refusal)(request, subject)
    if refused is not None:
        return _across(request, refused)
    response = StreamingHttpResponse(events(), content_type="text/event-stream")
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


def _elsewhere(request: HttpRequest, subject: Subject) -> HttpResponseBase:
    refused = _refusal(request, subject)
    if refused is not None:
        return refused
    base = events_origin(request)
    if base:
        # Clients drop their token on the way to another port: a ticket for this stream stands in.
        query = urlencode({"ticket": signing.dumps(subject.key, salt=_TICKET)})
        return HttpResponseRedirect(f"{base}{request.path}?{query}", status=307)
    message = "This process serves no event streams. Poll instead."
    return JsonResponse(envelope("events_elsewhere", message), status=503)


def _refusal(request: HttpRequest, subject: Subject) -> JsonResponse | None:
    if _has_ticket(request, subject):
        return None
    try:
        found = bearer_user(request)
    except AuthenticationFailed as error:
        return _unauthorised(str(error.detail))
    user = found[0] if found else request.user
    if not isinstance(user, User) or not user.is_active:
        return _unauthorised("Sign in first.")
    try:
        known = subject.is_visible(user)
        lacks = lacks_factor(user)
    finally:
        let_go()
    if lacks:
        missing = SecondFactorMissing()
        return JsonResponse(envelope(missing.code, missing.message), status=missing.status)
    if known:
        return None
    message = f"No {subject.what} of this id that you may see."
    return JsonResponse(envelope("not_found", message), status=404)


def _has_ticket(request: HttpRequest, subject: Subject) -> bool:
    """Whether this site sent the caller here for this stream, a minute ago at most."""
    try:
        ticket = signing.loads(request.GET.get("ticket", ""), salt=_TICKET, max_age=_TICKET_SECONDS)
    except signing.BadSignature:
        return False
    return bool(ticket == subject.key)


def _unauthorised(message: str) -> JsonResponse:
    response = JsonResponse(envelope("not_authenticated", message), status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def let_go() -> None:
    """A stream lives long: its thread must not keep a connection of the pool meanwhile."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def event(name: str, payload: dict[str, Any], *, event_id: str = "") -> str:
    number = f"id: {event_id}\n" if event_id else ""
    return f"{number}event: {name}\ndata: {json.dumps(payload)}\n\n"

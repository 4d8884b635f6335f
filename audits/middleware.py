"""Two facts about every request: which address it came from, and what its page may load."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from audits.origins import events_origin

Handler = Callable[[HttpRequest], HttpResponseBase]

current_address: ContextVar[str | None] = ContextVar("current_address", default=None)
"""The caller's address, for the audit log; None outside a request."""

_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'{events}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def request_address(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponseBase:
        token = current_address.set(_address(request))
        try:
            return get_response(request)
        finally:
            current_address.reset(token)

    return handle


def _address(request: HttpRequest) -> str | None:
    """The peer, or the entry that our own proxy appended; what a client claims is not used."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        # A Unix socket has no address.
        return None


def content_security_policy(get_response: Handler) -> Handler:
    """Scripts and styles come from this site's own files only; nothing inline runs."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        events = events_origin(request)
        policy = _POLICY.format(events=f" {events}" if events else "")
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return handle

"""Of every request: which address it came from, what its page may load, and that it is read up."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase

from audits.origins import events_origin

Address = IPv4Address | IPv6Address
Handler = Callable[[HttpRequest], HttpResponseBase]

current_address: ContextVar[str | None] = ContextVar("current_address", default=None)
"""The caller's address, for the audit log; None outside a request."""

_DRAINED_BYTES = 256 * 2**20

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
    """The peer, or what our own proxies say of theirs; what a client claims is not used.

    Each proxy appends the address that it was asked from. From the right, entries count as long as
    who wrote them is one of ours: one hop, or all of ``TRUSTED_PROXIES``.
    """
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    if not settings.SECURE_PROXY_SSL_HEADER:
        return str(address) if address else None
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if not settings.TRUSTED_PROXIES:
        hops = hops[-1:]
    while hops and _is_ours(address) and (told := _parsed(hops.pop())):
        address = told
    return str(address) if address else None


def _is_ours(address: Address | None) -> bool:
    """Behind a Unix socket, which has no address, is our own proxy."""
    networks = settings.TRUSTED_PROXIES
    return address is None or not networks or any(address in network for network in networks)


def _parsed(text: str) -> Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
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


def read_up(get_response: Handler) -> Handler:
    """Read what a refusal left of the body, within reason, and throw it away.

    A server that hangs up on a sender in the middle shows a broken connection instead of the
    answer, and breaks the next request on the same connection.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code >= 400 and isinstance(request, WSGIRequest):
            _read_up(request)
        return response

    return handle


def _read_up(request: WSGIRequest) -> None:
    left = _DRAINED_BYTES
    try:
        while left > 0 and (chunk := request.read(min(left, 2**20))):
            left -= len(chunk)
    except (OSError, ValueError):
        # The sender has hung up, or a body in memory was closed: nobody waits for an answer.
        return

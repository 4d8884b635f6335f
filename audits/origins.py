"""Where the event streams live, and which pages may read them across ports."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def events_origin(request: HttpRequest) -> str:
    """Base address of the event streams for this caller; "" when it is the page's own origin."""
    if settings.EVENTS_URL:
        return str(settings.EVENTS_URL)
    if not settings.EVENTS_PORT:
        return ""
    return f"{request.scheme}://{_host_name(request)}:{settings.EVENTS_PORT}"


def may_read_across(request: HttpRequest) -> str:
    """The request's Origin if it is this site's own page, else ""."""
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{_host_name(request)}:{settings.PORT}"
    return origin if origin in (*settings.SITE_ORIGINS, own) else ""


def _host_name(request: HttpRequest) -> str:
    try:
        host = request.get_host()
    except DisallowedHost:
        return "localhost"
    name = urlsplit(f"//{host}").hostname or "localhost"
    return f"[{name}]" if ":" in name else name

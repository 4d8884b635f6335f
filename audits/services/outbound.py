"""One request to an address that a person typed in, which must not reach our own network.

The name is resolved once, all its addresses are looked at, and the connection goes to one of
those: a name server that answers differently a moment later is never asked. Redirects are not
followed, proxies of the environment not used, and the whole exchange has one deadline.
"""

import socket
import time
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx
from django.conf import settings

SECONDS = 10.0
"""For everything: resolving apart, connecting, sending, and the head of the answer."""

_NAT64 = IPv6Network("64:ff9b::/96")
# Public by their number for Python, yet answered inside: protocol assignments (Oracle's metadata),
# translation inside a network, Azure's metadata.
_INSIDE: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("168.63.129.16/32"),
    IPv6Network("64:ff9b:1::/48"),
)


class AddressRefused(Exception):
    """The name leads to an address that is not on the public internet, or nowhere."""


def is_public(address: str) -> bool:
    """Whether an address is on the public internet; one that wraps an IPv4 address counts as it."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        parsed = _wrapped(parsed) or parsed
    inside = any(parsed in network for network in _INSIDE)
    return parsed.is_global and not parsed.is_multicast and not inside


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a translator or tunnel would take the packet to."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo


def resolved(host: str, port: int) -> list[str]:
    """The addresses of ``host``, none of them ours. Raises ``AddressRefused``."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} has no address") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise AddressRefused(f"{host} leads to a private address")
    return addresses


def post(*, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send it; the status of the answer, whose body is not read.

    Raises ``AddressRefused``, or httpcore's exceptions where no answer came within ``SECONDS``.
    """
    network = _Pinned(time.monotonic() + SECONDS)
    with (
        httpcore.ConnectionPool(httpx.create_ssl_context(), network_backend=network) as pool,
        pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
    ):
        return answer.status


class _Pinned(httpcore.NetworkBackend):
    """Connects to an address that was looked at, and to no other."""

    def __init__(self, ends_at: float) -> None:
        self._inner = httpcore.SyncBackend()
        self._ends_at = ends_at

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = AddressRefused(f"{host} has no address")
        for address in resolved(host, port):
            try:
                stream = self._inner.connect_tcp(address, port, _left(self._ends_at))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Hurried(stream, self._ends_at)
        raise failure

    def connect_unix_socket(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        raise AddressRefused("a socket of this machine")


class _Hurried(httpcore.NetworkStream):
    """A stream whose every wait ends at one moment: a drip of bytes holds nobody up."""

    def __init__(self, inner: httpcore.NetworkStream, ends_at: float) -> None:
        self._inner = inner
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._ends_at))

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._ends_at))
        return _Hurried(inner, self._ends_at)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this request is over")
    return left

"""TCP ports of this machine."""

import contextlib
import errno
import socket

from bootstrap.terminal import Trouble


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there; Trouble when it never could, whoever else listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Trouble(
                f"Port {port} is for root only: choose one above 1023, such as make run PORT=8000."
            ) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise Trouble(
                f"This machine can't listen on {host}:{port} ({error.strerror})."
            ) from error
    return True


def port_number(text: str, name: str) -> int:
    """A port from a setting; Trouble when it isn't one."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Trouble(f"{name}={text} is not a port: give a number from 1 to 65535.")


def answers(port: int, request: bytes, reply: bytes) -> bool:
    """Whether the server on the loopback port answers a request with something that has `reply`."""
    received = b""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), timeout=1) as connection,
    ):
        connection.sendall(request)
        while reply not in received and (part := connection.recv(4096)):
            received += part
    return reply in received

"""What the platform is told through its environment on one machine."""

import os
import secrets
import shlex
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.commands import inherited_environment
from bootstrap.layout import Layout
from bootstrap.ports import free_port, is_free, port_number
from bootstrap.services import Services
from bootstrap.terminal import Trouble

DEFAULT_PORT = "8000"


@dataclass(frozen=True)
class Site:
    """Where this machine serves the page and, on a port of its own, the event streams."""

    host: str
    port: int
    events_port: int

    @property
    def address(self) -> str:
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{shown}:{self.port}"

    @property
    def is_open(self) -> bool:
        """Whether other machines can reach it."""
        return self.host not in ("127.0.0.1", "localhost", "::1")


def site_from(environ: Mapping[str, str]) -> Site:
    """The site that BIND_HOST, PORT and EVENTS_PORT ask for; Trouble when a port is taken."""
    host = environ.get("BIND_HOST") or "127.0.0.1"
    port = port_number(environ.get("PORT") or DEFAULT_PORT, "PORT")
    if not is_free(host, port):
        raise Trouble(
            f"Port {port} is taken by another program: stop it, "
            f"or choose another port, such as make run PORT={_other(port)}."
        )
    wanted = environ.get("EVENTS_PORT")
    if wanted:
        events_port = port_number(wanted, "EVENTS_PORT")
        if events_port == port or not is_free(host, events_port):
            raise Trouble(
                f"Port {events_port} for events is taken: choose another with EVENTS_PORT=NUMBER."
            )
        return Site(host, port, events_port)
    beside = port + 1
    is_usable = beside < 65536 and is_free(host, beside)
    return Site(host, port, beside if is_usable else free_port())


def application_environment(
    layout: Layout, environ: Mapping[str, str], services: Services, site: Site | None = None
) -> dict[str, str]:
    """The environment of every platform process; what the caller has set wins.

    Without a site it is that of a command, which serves nothing.
    """
    ours = {
        "DEBUG": "0",
        "PLAIN_HTTP": "1",
        "MEDIA_ROOT": str(layout.media),
        "DJANGO_SETTINGS_MODULE": "auditsite.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if not environ.get("SECRET_KEY"):
        ours["SECRET_KEY_FILE"] = str(_secret_key(layout))
    if site:
        ours |= {
            "DEMO": "1",
            "ALLOWED_HOSTS": _allowed_hosts(site),
            "EVENTS_PORT": str(site.events_port),
            "PORT": str(site.port),
        }
    given = inherited_environment(environ)
    defaults = {name: value for name, value in ours.items() if not given.get(name)}
    named = {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    return {**given, **defaults, **named}


def write_environment(path: Path, environment: Mapping[str, str]) -> None:
    """Note what differs from this process's own environment, so that `manage.py` can be run
    beside the running platform; for the owner's eyes only."""
    lines = [
        f"{name}={shlex.quote(value)}\n"
        for name, value in sorted(environment.items())
        if os.environ.get(name) != value
    ]
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(lines))


def read_environment(path: Path) -> dict[str, str]:
    """What `write_environment` wrote; empty if there is none."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in shlex.split(path.read_text()))
    return {name: value for name, _, value in pairs}


def _secret_key(layout: Layout) -> Path:
    key = layout.state / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
    return key


def _allowed_hosts(site: Site) -> str:
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    if site.is_open:
        hosts += [site.host, socket.gethostname(), socket.getfqdn()]
    return ",".join(dict.fromkeys(hosts))


def _other(port: int) -> int:
    return port + 10 if port + 10 < 65536 else int(DEFAULT_PORT)

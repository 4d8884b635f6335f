"""The whole platform on a database of its own: web, events and worker, each its own process."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from oidc_provider_mock import run_server_in_thread

from tests.browser.phantoms import NAME

ROOT = Path(__file__).resolve().parents[2]
USERNAME, PASSWORD = "ana", "a phantom has no lungs"
DEADLINE_SECONDS = 120
# Beside the other tests' workers, which listen on the first database of the same Redis.
_REDIS_DATABASE = "5"


@dataclass(frozen=True)
class Site:
    """Where the platform under test is served."""

    url: str
    env: dict[str, str] = field(repr=False)

    def manage(self, *command: str) -> None:
        """Run a management command on the site's own database."""
        _run(self.env, *command)


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """The platform from its first start on, with one reader; everything stops at the end."""
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.fail("The page is not built: run `make setup`, or `npm run build` in frontend/.")
    web, events = _free_port(), _free_port()
    with _fresh_database() as database, _provider() as provider:
        env = {**_environment(folder, database, web, events), **provider}
        _run(env, "migrate", "--verbosity=0")
        _run(env, "createsuperuser", "--noinput", f"--username={USERNAME}", "--email=ana@localhost")
        with _processes(folder, env, _commands(web, events)) as say:
            _until_ready(f"http://127.0.0.1:{web}/ready", say)
            yield Site(f"http://127.0.0.1:{web}", env)


def _commands(web: int, events: int) -> dict[str, list[str]]:
    threads = ["--worker-class=gthread", "--threads=8"]
    return {
        "web": ["gunicorn", "tests.browser.site:application", f"--bind=127.0.0.1:{web}", *threads],
        "events": ["uvicorn", "auditsite.asgi:application", f"--port={events}", "--lifespan=off"],
        "worker": ["tests.browser.worker"],
    }


def _environment(folder: Path, database: str, web: int, events: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": _with_path(os.environ["REDIS_URL"], f"/{_REDIS_DATABASE}"),
        "SECRET_KEY": secrets.token_hex(32),
        "MEDIA_ROOT": str(folder / "media"),
        "PLAIN_HTTP": "1",
        "GROUNDER": NAME,
        "PORT": str(web),
        "EVENTS_PORT": str(events),
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }


@contextmanager
def _provider() -> Iterator[dict[str, str]]:
    """A real OpenID Connect provider, and the settings that make the site trust it."""
    with run_server_in_thread() as server:
        yield {
            "OIDC_ISSUER": f"http://localhost:{server.server_port}",
            "OIDC_CLIENT_ID": "overread",
            "OIDC_CLIENT_SECRET": secrets.token_hex(16),
            "OIDC_NAME": "the hospital",
            "OIDC_SIGN_UP": "1",
        }


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _fresh_database() -> Iterator[str]:
    server = os.environ["DATABASE_URL"]
    name = f"overread_browser_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield _with_path(server, f"/{name}")
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(env: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)


@contextmanager
def _processes(folder: Path, env: dict[str, str], commands: dict[str, list[str]]) -> Iterator[Path]:
    started = []
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("w") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", *command], cwd=ROOT, env=env, stdout=log, stderr=log
                )
            started.append(process)
        yield folder
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _until_ready(url: str, logs: Path) -> None:
    pause, ends_at = Event(), monotonic() + DEADLINE_SECONDS
    while monotonic() < ends_at:
        try:
            with urlopen(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pause.wait(0.1)
    said = "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in logs.glob("*.log"))
    pytest.fail(f"The platform was not ready after {DEADLINE_SECONDS} s.\n{said}")

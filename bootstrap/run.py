"""`make run`: the whole platform on one machine."""

import os
import signal
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrap.commands import capture, require, show
from bootstrap.configuration import (
    Site,
    application_environment,
    read_environment,
    site_from,
    write_environment,
)
from bootstrap.layout import Layout, python_of
from bootstrap.locks import held, held_if_free
from bootstrap.processes import Program, wait_until
from bootstrap.services import services
from bootstrap.setup import ensure_setup
from bootstrap.supervisor import Stopped, Supervisor, stop_signals
from bootstrap.terminal import Trouble, say

READY_SECONDS = 180
STOP_SECONDS = 20


def run(layout: Layout, environ: Mapping[str, str]) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code is 0 then."""
    layout.create_state()
    with stop_signals(), held(_lock(layout), refusal=_refusal(layout)):
        _pid_file(layout).write_text(str(os.getpid()))
        try:
            site = site_from(environ)
            ensure_setup(layout)
            _serve(layout, environ, site)
        except Stopped:
            say("Stopped.")
        finally:
            _pid_file(layout).unlink(missing_ok=True)
    return 0


def stop(layout: Layout) -> int:
    """Stop the platform that runs with this state folder, from another terminal."""
    layout.create_state()
    with held_if_free(_lock(layout)) as is_free:
        if is_free:
            say("Nothing is running.")
            return 0
    os.kill(int(_pid_file(layout).read_text()), signal.SIGTERM)
    if not wait_until(lambda: _lock_is_free(layout), STOP_SECONDS):
        raise Trouble(f"It did not stop within {STOP_SECONDS} s; its logs are in {layout.logs}.")
    say("Stopped.")
    return 0


def manage(layout: Layout, environ: Mapping[str, str], arguments: Sequence[str]) -> int:
    """Run a `manage.py` command: beside the running platform, else with the services alone."""
    layout.create_state()
    command = [str(python_of(layout.venv)), "manage.py", *arguments]
    with stop_signals(), held_if_free(_lock(layout)) as is_ours:
        if not is_ours:
            running = read_environment(_environment_file(layout))
            if not running:
                raise Trouble(
                    "Overread is starting here, or another command runs with its services: wait "
                    "for the address that `make run` prints, or for that command's end."
                )
            return show(command, cwd=layout.root, env={**os.environ, **running})
        ensure_setup(layout)
        with services(layout, environ) as up:
            env = application_environment(layout, environ, up)
            return show(command, cwd=layout.root, env=env)


def _serve(layout: Layout, environ: Mapping[str, str], site: Site) -> None:
    say("Starting Overread ...")
    note = _environment_file(layout)
    # One that was killed leaves its note behind.
    note.unlink(missing_ok=True)
    with services(layout, environ) as up:
        env = application_environment(layout, environ, up, site)
        _manage(layout, env, "migrate", "--no-input", "--verbosity", "0")
        supervisor = Supervisor(layout.records, up.running)
        try:
            web, *others = programs(layout, env, site)
            supervisor.start([web])
            demo = _manage(layout, env, "seed_demo") if env.get("DEMO") == "1" else ""
            if not supervisor.wait_for(lambda: _answer(site) == "", READY_SECONDS):
                raise Trouble(f"{site.address} is not ready: {_answer(site)}")
            # Only now: beside the web they would keep a person waiting for the page.
            supervisor.start(others)
            write_environment(note, env)
            _greet(site, demo, layout)
            supervisor.watch()
        finally:
            say("Stopping ...")
            note.unlink(missing_ok=True)
            supervisor.stop()


def _manage(layout: Layout, env: Mapping[str, str], *command: str) -> str:
    """What a Django command wrote; Trouble when it failed."""
    done = capture([python_of(layout.venv), "manage.py", *command], cwd=layout.root, env=env)
    return require(done, f"`manage.py {command[0]}` failed.")


def programs(layout: Layout, env: Mapping[str, str], site: Site) -> list[Program]:
    host = f"[{site.host}]" if ":" in site.host else site.host
    commands: dict[str, Sequence[str]] = {
        "web": (
            *("gunicorn", "auditsite.wsgi:application", "--bind", f"{host}:{site.port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
            *("--timeout", "60", "--graceful-timeout", "3", "--no-control-socket"),
            "--preload",
        ),
        "events": (
            *("uvicorn", "auditsite.asgi:application"),
            *("--host", site.host, "--port", str(site.events_port)),
            *("--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "2"),
        ),
        "worker": (
            *("celery", "--app", "auditsite", "worker", "--queues", "cpu,gpu"),
            *("--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        ),
        "beat": (
            *("celery", "--app", "auditsite", "beat", "--pidfile", ""),
            *("--schedule", str(layout.state / "beat-schedule")),
        ),
    }
    return [
        Program(
            name=name,
            argv=(str(python_of(layout.venv)), "-m", *command),
            env=env,
            cwd=layout.root,
            log=layout.logs / f"{name}.log",
        )
        for name, command in commands.items()
    ]


def _answer(site: Site) -> str:
    """What keeps the site from being ready, in its own words; empty if nothing does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{site.address}/ready", timeout=30):
            return ""
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode(errors="replace")
    except OSError as error:
        return str(error)


def _greet(site: Site, demo: str, layout: Layout) -> None:
    say(f"\n{demo.strip()}\n" if demo else "")
    say(f"Overread is at {site.address}  (research and education only)")
    if site.is_open and demo:
        say("Other machines can reach it, with the demo's passwords: DEMO=0 leaves the demo out.")
    say(f"Logs are in {layout.logs}. Ctrl-C stops everything.")


def _lock(layout: Layout) -> Path:
    return layout.state / "run.lock"


def _refusal(layout: Layout) -> str:
    return (
        f"Overread already runs with the state in {layout.state}: stop it first (Ctrl-C in its "
        "terminal, or `make stop`), or give this one a folder of its own with OVERREAD_STATE."
    )


def _lock_is_free(layout: Layout) -> bool:
    with held_if_free(_lock(layout)) as is_free:
        return is_free


def _pid_file(layout: Layout) -> Path:
    return layout.state / "run.pid"


def _environment_file(layout: Layout) -> Path:
    return layout.state / "environment"

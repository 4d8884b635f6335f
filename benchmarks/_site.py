"""A platform of its own for a benchmark: Postgres, Valkey and workers that can be killed.

The grounder sleeps for the time a model would take, so that all else can be measured:
``python -m benchmarks._site SCHEDULE`` is such a worker (settings from the environment).
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from bootstrap.layout import ROOT, site_packages
from bootstrap.ports import answers, free_port
from bootstrap.postgres import server_at, start_server
from bootstrap.processes import Running, start_again, wait_until
from bootstrap.valkey import start_valkey
from inference.grounders import GROUNDERS
from inference.grounders.base import Grounder
from inference.images import GrayImage, encode_png
from inference.schema import BackendVersion, Finding, Grounding
from inference.states import image_labels
from inference.vocabulary import ImageState, Label

Found = TypeVar("Found")
MODEL_SECONDS = "BENCH_MODEL_SECONDS"
SIZE = 64
# What was committed must outlive kill -9 (not a power cut), so commits wait for the log.
POSTGRES_SETTINGS = ("fsync=off", "synchronous_commit=on")


class SleepingGrounder:
    """Takes the time of a model for a batch, and finds one thing in each image."""

    version = BackendVersion("sleeping", "1", "5" * 64, "CC0-1.0", True)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        time.sleep(float(os.environ.get(MODEL_SECONDS, "0")) * len(images))
        finding = Finding(Label.CARDIOMEGALY, (0.4, 0.3, 0.8, 0.8), 0.9)
        labels = image_labels((finding,))
        return [Grounding(ImageState.GROUNDED, labels, (finding,)) for _ in images]


def sleeping() -> Grounder:
    return SleepingGrounder()


def picture(seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(20, 220, (SIZE, SIZE))
    return encode_png(noise.astype(np.uint8))


@dataclass
class Site:
    """Where it runs, and what of it can be killed."""

    folder: Path
    environment: dict[str, str]
    postgres: Running
    valkey: Running
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    web: subprocess.Popen[bytes] | None = None

    def serve(self, processes: int = 2, threads: int = 8) -> int:
        """The page and the API over HTTP as `make run` serves them; the port."""
        port = free_port()
        options = ("--workers", str(processes), "--threads", str(threads), "--preload")
        with (self.folder / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "auditsite.wsgi:application"),
                    *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", *options),
                    *("--timeout", "60", "--no-control-socket"),
                ],
                env={**self.environment, "PLAIN_HTTP": "1"},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        asked = b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"
        if not wait_until(lambda: answers(port, asked, b"200 OK"), 120, every=0.1):
            raise RuntimeError((self.folder / "web.log").read_text())
        return port

    def kill_web_process(self, rng: random.Random) -> None:
        """kill -9 to one of the processes that answer requests; gunicorn starts another."""
        assert self.web is not None, "serve() first"
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        if children:
            os.kill(int(rng.choice(children)), signal.SIGKILL)

    def hire(self, *options: str) -> None:
        """One more worker process with beat; its log is in the folder."""
        number = len(self.workers)
        command = [sys.executable, "-m", "benchmarks._site", str(self.folder / f"beat-{number}")]
        with (self.folder / f"worker-{number}.log").open("ab") as log:
            self.workers.append(
                subprocess.Popen(
                    [*command, *options],
                    env=self.environment,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def wait_for_workers(self) -> None:
        logs = [self.folder / f"worker-{number}.log" for number in range(len(self.workers))]
        up = wait_until(lambda: all(" ready." in log.read_text() for log in logs), 120, every=0.1)
        if not up:
            raise RuntimeError("\n".join(log.read_text() for log in logs))

    def kill_worker(self, number: int) -> None:
        """kill -9 to one worker and its children, and another one in its place."""
        _kill(self.workers[number])
        kept = self.workers
        self.workers = self.workers[:number]
        self.hire()
        self.workers = [*kept[:number], self.workers[-1], *kept[number + 1 :]]

    def restart_postgres(self, *, crash: bool) -> None:
        """Stop it (sessions are ended) or kill -9 it, and start it where it was."""
        self.postgres.process.send_signal(signal.SIGKILL if crash else signal.SIGINT)
        self.postgres.process.wait()
        start_again(self.postgres)

    def stop(self) -> None:
        for worker in (*self.workers, *([self.web] if self.web else [])):
            _kill(worker)
        self.valkey.stop(4)
        self.postgres.stop(4)


def _kill(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@contextmanager
def site(**settings: str) -> Iterator[Site]:
    """An empty platform with this process's Django on it; gone when the block ends.

    In memory where there is such a place, unless ``BENCH_FOLDER`` names another one: a million
    decisions and their release are many gigabytes.
    """
    memory = "/dev/shm" if Path("/dev/shm").exists() else None
    where = os.environ.get("BENCH_FOLDER") or memory
    folder = Path(tempfile.mkdtemp(prefix="overread-bench-", dir=where))
    folder.chmod(0o711)
    records, log = folder / "records", folder / "logs"
    for made in (records, log):
        made.mkdir()
    packages = site_packages(ROOT / ".venv")
    server = server_at(folder / "postgres", packages, POSTGRES_SETTINGS)
    postgres, database = start_server(server, records=records, log=log / "postgres.log")
    valkey, redis = start_valkey(
        home=folder / "valkey", packages=packages, records=records, log=log / "valkey.log"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": "a key for benchmarks only",
        "DJANGO_SETTINGS_MODULE": "auditsite.settings",
        "GROUNDER": "sleeping",
        **settings,
    }
    up = Site(folder, environment, postgres, valkey)
    try:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
            env=environment,
            cwd=ROOT,
            check=True,
        )
        _use(environment)
        yield up
    finally:
        up.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _use(environment: dict[str, str]) -> None:
    import django  # noqa: PLC0415 - settings are read from the environment that is made here

    os.environ.update(environment)
    GROUNDERS[environment["GROUNDER"]] = GROUNDERS.get(environment["GROUNDER"], sleeping)
    django.setup()


def insist(work: Callable[[], Found]) -> Found:
    """What the work gives, asked again while the database is away."""
    from django.db import (  # noqa: PLC0415
        InterfaceError,
        OperationalError,
        connection,
    )

    ends_at = time.monotonic() + 120
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)


def main(schedule: str, *options: str) -> None:
    from auditsite.celery import app  # noqa: PLC0415 - settings come from the environment

    GROUNDERS["sleeping"] = sleeping
    usual = options or ("--queues=cpu,gpu", "--concurrency=2")
    quiet = ("--loglevel=INFO", "--without-mingle", "--without-gossip")
    app.worker_main(["worker", "--beat", f"--schedule={schedule}", *usual, *quiet])


if __name__ == "__main__":
    main(*sys.argv[1:])

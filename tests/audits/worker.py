"""A real Celery worker, with beat, in a process of its own; its grounder is that of `pictures`.

python -m tests.audits.worker SCHEDULE_FILE [OPTIONS OF CELERY'S WORKER]
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from auditsite.celery import app
from inference.grounders import GROUNDERS
from tests.audits.pictures import square_grounder
from tests.audits.waiting import until

LEASE_SECONDS = 2


class Worker:
    """One worker process on the test database, which can be killed."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._log = folder / "worker.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.audits.worker", str(folder / "schedule"), *options],
                env=_environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        until(self._is_settled, "the worker", or_say=self.log)
        assert self.is_alive(), self.log()

    def _is_settled(self) -> bool:
        return " ready." in self.log() or not self.is_alive()

    def log(self) -> str:
        return self._log.read_text()

    def kill(self) -> None:
        """kill -9 to the worker and all its children: nothing is said goodbye to."""
        if self.is_alive():
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def ask_to_stop(self) -> None:
        """SIGTERM, as a container's end sends it: to the worker alone, not to its children."""
        self._process.terminate()

    def is_alive(self) -> bool:
        return self._process.poll() is None


def _environment() -> dict[str, str]:
    database = connection.settings_dict
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    address = f"{database['HOST']}:{database['PORT'] or 5432}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{user}:{password}@{address}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "SECRET_KEY": settings.SECRET_KEY,
        "GROUNDER": "squares",
        "STEP_LEASE_SECONDS": str(LEASE_SECONDS),
        "RECONCILE_SECONDS": "1",
        "WEBHOOK_ALLOW_PRIVATE": "1",
    }


def main(schedule: str, *more: str) -> None:
    GROUNDERS["squares"] = square_grounder
    options = ["--queues=cpu,gpu", "--concurrency=2", "--loglevel=INFO", "--without-mingle", *more]
    app.worker_main(["worker", "--beat", f"--schedule={schedule}", *options])


if __name__ == "__main__":
    main(*sys.argv[1:])

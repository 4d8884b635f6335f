"""Django's command line: ``python manage.py help``."""

import os
import shlex
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

LOCAL_ENVIRONMENT = Path(__file__).resolve().parent / ".overread" / "environment"


def adopt_local_environment() -> None:
    """Without settings of its own, a command works on the machine that ``make run`` set up."""
    if "DATABASE_URL" in os.environ or not LOCAL_ENVIRONMENT.is_file():
        return
    for line in shlex.split(LOCAL_ENVIRONMENT.read_text(encoding="utf-8"), comments=True):
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    adopt_local_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "auditsite.settings")
    execute_from_command_line(sys.argv)

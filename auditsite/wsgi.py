"""The WSGI entry point."""

import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "auditsite.settings")

application = get_wsgi_application()


def _read_versions() -> None:
    """Know the backends' versions before the first upload asks for them, and before any fork."""
    from audits.services import backends  # noqa: PLC0415 - needs the apps to be loaded

    for load in (backends.current_grounder, backends.current_parser):
        # A backend that can't be used is told by /ready and by each upload.
        with suppress(backends.BackendMissing):
            load()


_read_versions()

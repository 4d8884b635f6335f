"""What only a decoder or a release's views need is not held by each web process and worker."""

import os
import subprocess
import sys

from bootstrap.layout import ROOT

_LOADED = """
import sys
import django
django.setup()
import auditsite.urls, audits.tasks
import audits.services.releases.build, audits.services.imports.run, audits.services.execution
print(*sorted({"duckdb", "gdcm", "highdicom", "pydicom", "scipy", "torch"} & set(sys.modules)))
"""


def test_the_platform_holds_no_decoder_and_no_database_of_the_views() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "auditsite.settings"}
    found = subprocess.run(
        [sys.executable, "-c", _LOADED],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.split() == []

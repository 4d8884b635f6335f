"""Scratch files of a build, below the system's temporary folder, under the release's id.

A builder that is killed tidies nothing up; the next one of the same release on that machine does.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audits.models import Release


@contextmanager
def scratch_folder(release: Release) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=_prefix(release)) as folder:
        yield Path(folder)


def clear_scratch(release: Release) -> None:
    """Only for who builds the release alone."""
    for left in Path(tempfile.gettempdir()).glob(f"{_prefix(release)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(release: Release) -> str:
    return f"overread-release-{release.pk}-"

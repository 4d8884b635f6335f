"""What changed between two built releases, from their stored tables."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.cache import cache

from audits.errors import Conflict
from audits.models import Release
from audits.services.releases.package import MANIFEST, fetch_file

_KEPT_SECONDS = 24 * 3600


def compare_releases(*, release: Release, against: Release) -> dict[str, Any]:
    """`inference.release.diff` of the two, ``against`` being the older one.

    A built release keeps its bytes: the answer is kept under the hashes of both manifests.

    :raises Conflict: ``not_ready`` while either is not built.
    """
    key = f"release-diff:{_manifest_hash(against)}:{_manifest_hash(release)}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _compare(release, against)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _manifest_hash(release: Release) -> str:
    if release.state not in (Release.State.READY, Release.State.PUBLISHED):
        raise Conflict(
            "not_ready", f"{release} is {release.state}; only built releases can be compared."
        )
    return str(next(kept["sha256"] for kept in release.files if kept["name"] == MANIFEST))


def _compare(release: Release, against: Release) -> dict[str, Any]:
    from inference.release.diff import diff  # noqa: PLC0415 - 20 MB that few processes need

    with tempfile.TemporaryDirectory(prefix="overread-diff-") as folder:
        old, new = Path(folder) / "old", Path(folder) / "new"
        for one, root in ((against, old), (release, new)):
            root.mkdir()
            for kept in one.files:
                if kept["name"].startswith("data/"):
                    fetch_file(one, kept["name"], root / kept["name"])
        return diff(old, new)

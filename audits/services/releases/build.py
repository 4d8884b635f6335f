"""Building a release: one consistent view of the database, written once, byte for byte the same.

Two builders of one release never run together (an advisory lock), and a builder that died leaves
the release ``building``: the reconciler sends it again and it starts over.
"""

import hashlib
import itertools
import json
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from audits.errors import Conflict
from audits.models import Release, User
from audits.services.log import record
from audits.services.releases.archive import write_archive
from audits.services.releases.card import card, licences
from audits.services.releases.tables import (
    TABLES,
    Scope,
    image_name,
    released_cases,
    reviewed_audits,
    submitted_audits,
)
from audits.services.releases.terms import Refusals

DEFAULT_NAME = "overread-reviewed"
ARCHIVE = "release.zip"


def request_release(*, actor: User, name: str = "", version: str = "") -> Release:
    """Make a release that waits to be built; without a version, the next minor one."""
    name = name or DEFAULT_NAME
    with transaction.atomic():
        _serialise(f"release:{name}")
        version = version or _next_version(name)
        if Release.objects.filter(name=name, version=version).exists():
            raise Conflict("version_taken", f"There is a release {name} {version} already.")
        release = Release.objects.create(name=name, version=version, created_by=actor)
        record(actor=actor, action="release.requested", target=release, data={"version": version})
    return release


def _next_version(name: str) -> str:
    """The next minor one that nobody has taken by naming it."""
    taken = set(Release.objects.filter(name=name).values_list("version", flat=True))
    minors = (f"1.{minor}.0" for minor in itertools.count(len(taken)))
    return next(version for version in minors if version not in taken)


def build_release(
    *, release_id: uuid.UUID, tell: Callable[[int, str], None] = lambda done, table: None
) -> None:
    """Build a waiting release. Does nothing if it is not waiting or somebody is building it.

    ``tell`` hears how many of ``TABLES`` are written, and the name of the last.
    """
    Release.objects.filter(pk=release_id, state=Release.State.BUILDING).update(
        attempted_at=timezone.now()
    )
    try:
        with transaction.atomic():
            _freeze_view()
            if not _is_ours(release_id):
                return
            release = Release.objects.get(pk=release_id)
            _write(release, tell)
    except Exception as error:
        # Whatever went wrong, the release says so; only a builder that was killed starts over.
        _fail(release_id, error)
        raise
    _finish(release)


def publish_release(*, release_id: uuid.UUID, actor: User) -> Release:
    """Freeze a ready release for ever and destroy its seed. Publishing twice is once."""
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=release_id)
        if release.state == Release.State.PUBLISHED:
            return release
        if release.state != Release.State.READY:
            raise Conflict("not_ready", f"A release that is {release.state} can't be published.")
        release.state = Release.State.PUBLISHED
        release.seed = ""
        release.published_at = timezone.now()
        release.save()
        record(actor=actor, action="release.published", target=release, data={})
    return release


def file_path(release: Release, name: str) -> str:
    return f"releases/{release.pk}/{name}"


def _serialise(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _freeze_view() -> None:
    # All tables are read from one snapshot: a read submitted meanwhile is in the next release.
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _is_ours(release_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"build:{release_id}"]
        )
        row = cursor.fetchone()
    waiting = Release.objects.filter(pk=release_id, state=Release.State.BUILDING).exists()
    return bool(row and row[0]) and waiting


def _write(release: Release, tell: Callable[[int, str], None]) -> None:
    refusals = Refusals()
    held_back = submitted_audits().count() - reviewed_audits().count()
    refusals.counts["model_terms", "audits"] += held_back
    with tempfile.TemporaryDirectory(prefix="overread-release-") as folder:
        root = Path(folder)
        scope = Scope(seed=release.seed, refusals=refusals)
        release.counts = {}  # what an earlier attempt counted comes back in another order
        for done, (table, rows) in enumerate(TABLES.items(), start=1):
            release.counts[table] = _write_table(root / f"data/{table}.jsonl", rows(scope))
            tell(done, table)
        _copy_images(root)
        release.refused = [row for row in refusals.rows() if row["count"]]
        (root / "README.md").write_text(card(release), encoding="utf-8")
        (root / "LICENSES.md").write_text(licences(), encoding="utf-8")
        _write_manifest(root)
        write_archive(root, root.parent / f"{root.name}.zip")
        archive = root.parent / f"{root.name}.zip"
        try:
            _store(release, root, archive)
        finally:
            archive.unlink()


def _write_table(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="ascii") as out:
        for row in rows:
            out.write(json.dumps(row, default=str, sort_keys=True, separators=(",", ":")) + "\n")
            count += 1
    return count


def _copy_images(root: Path) -> None:
    for case in released_cases().order_by("id").iterator(chunk_size=500):
        name = image_name(case)
        if name is None:
            continue
        target = root / name
        target.parent.mkdir(exist_ok=True)
        with default_storage.open(case.image, "rb") as stored, target.open("wb") as out:
            for chunk in stored.chunks():
                out.write(chunk)


def _files(root: Path) -> list[Path]:
    return sorted((path for path in root.rglob("*") if path.is_file()), key=lambda p: p.as_posix())


def _write_manifest(root: Path) -> None:
    lines = [f"{sha256(path)}  {path.relative_to(root).as_posix()}\n" for path in _files(root)]
    (root / "MANIFEST.sha256").write_text("".join(lines), encoding="utf-8")


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _store(release: Release, root: Path, archive: Path) -> None:
    release.files = [
        {
            "name": path.relative_to(root).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
        }
        for path in _files(root)
    ]
    for name, path in _stored_names(root, archive):
        stored = file_path(release, name)
        # A build that starts over writes the same names again; a storage would rename them.
        default_storage.delete(stored)
        with path.open("rb") as stream:
            default_storage.save(stored, File(stream))


def _stored_names(root: Path, archive: Path) -> Iterator[tuple[str, Path]]:
    for path in _files(root):
        yield path.relative_to(root).as_posix(), path
    yield ARCHIVE, archive


def _finish(release: Release) -> None:
    with transaction.atomic():
        built = Release.objects.filter(pk=release.pk, state=Release.State.BUILDING).update(
            state=Release.State.READY,
            counts=release.counts,
            refused=release.refused,
            files=release.files,
        )
        if built:
            record(
                actor=None, action="release.built", target=release, data={"counts": release.counts}
            )


def _fail(release_id: uuid.UUID, error: Exception) -> None:
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=release_id)
        if release.state != Release.State.BUILDING:
            return
        release.state = Release.State.FAILED
        release.failure = f"{type(error).__name__}: {error}"
        release.save()
        record(actor=None, action="release.failed", target=release, data={})

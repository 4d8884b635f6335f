"""Asking for a release, building it step by step, publishing it.

Two builders of one release never run together (an advisory lock of the session). A builder that
died leaves the release ``building``: the reconciler sends it again, and it goes on after the last
whole shard of the members that the first attempt froze.
"""

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, is_full_disk
from audits.models import (
    Queue,
    Release,
    ReleaseAdjudication,
    ReleaseCase,
    ReleaseRead,
    ReleaseShard,
    Source,
    User,
)
from audits.services.files import stored_names
from audits.services.log import record
from audits.services.releases.freeze import freeze, frozen_refusals, refusal_rows, thaw
from audits.services.releases.images import copy_images
from audits.services.releases.memory import let_go
from audits.services.releases.package import package
from audits.services.releases.scratch import clear_scratch
from audits.services.releases.shards import file_path, write_table
from audits.services.releases.tables import QUERIES, count_all_withheld
from audits.services.releases.terms import terms_fingerprint
from audits.services.releases.words import count_marked
from audits.services.webhooks import emit

DEFAULT_NAME = "overread-reviewed"
STEPS = ("members", *(query.table.name for query in QUERIES), "images", "package")
_MOST_STARTS = 3

Tell = Callable[[int, str], None]
"""Called after each of ``STEPS`` with the number done and the name of the last."""


def request_release(
    *,
    actor: User,
    name: str = "",
    version: str = "",
    queues: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> Release:
    """Make a release that waits to be built; without a version, the next minor one.

    ``queues`` (ids) and ``sources`` (slugs) narrow it: reads of those queues, of cases of those
    sources. Without them it holds all that was reviewed.

    :raises InvalidInput: on ``queues`` or ``sources``, naming those that are not there.
    :raises Conflict: ``version_taken``.
    """
    _check_selection(queues, sources)
    name = name or DEFAULT_NAME
    with transaction.atomic():
        _serialise(f"release:{name}")
        version = version or _next_version(name)
        if Release.objects.filter(name=name, version=version).exists():
            raise Conflict("version_taken", f"There is a release {name} {version} already.")
        selection = {"queues": sorted(queues), "sources": sorted(sources)}
        release = Release.objects.create(
            name=name,
            version=version,
            created_by=actor,
            selection=selection,
            previous=_last_published(name),
        )
        record(actor=actor, action="release.requested", target=release, data={"version": version})
    return release


def _check_selection(queues: tuple[str, ...], sources: tuple[str, ...]) -> None:
    there = {str(pk) for pk in Queue.objects.filter(pk__in=queues).values_list("pk", flat=True)}
    slugs = set(Source.objects.filter(slug__in=sources).values_list("slug", flat=True))
    for field, missing in (("queues", {*queues} - there), ("sources", {*sources} - slugs)):
        if missing:
            raise InvalidInput(field, f"Not there: {', '.join(sorted(missing))}.")


def _last_published(name: str) -> Release | None:
    published = Release.objects.filter(name=name, state=Release.State.PUBLISHED)
    return published.order_by("-published_at").first()


def _next_version(name: str) -> str:
    """The next minor one that nobody has taken by naming it."""
    taken = set(Release.objects.filter(name=name).values_list("version", flat=True))
    minors = (f"1.{minor}.0" for minor in itertools.count(len(taken)))
    return next(version for version in minors if version not in taken)


def build_release(*, release_id: uuid.UUID, tell: Tell = lambda done, step: None) -> None:
    """Build a waiting release. Does nothing if it is not waiting or somebody is building it."""
    with _only_builder(release_id) as alone:
        waiting = Release.objects.filter(pk=release_id, state=Release.State.BUILDING)
        if not alone or not waiting.update(attempted_at=timezone.now()):
            return
        release = Release.objects.get(pk=release_id)
        clear_scratch(release)
        try:
            _build(release, tell)
        except Exception as error:
            # Whatever went wrong, the release says so; only a builder that was killed goes on.
            _fail(release, error)
            raise
        _finish(release)


def publish_release(*, release_id: uuid.UUID, actor: User) -> Release:
    """Freeze a ready release for ever and destroy its seed and the names made from it.

    Publishing twice is once.
    """
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=release_id)
        if release.state == Release.State.PUBLISHED:
            return release
        if release.state != Release.State.READY:
            raise Conflict("not_ready", f"A release that is {release.state} can't be published.")
        if terms_fingerprint(release) != release.terms_sha256:
            raise Conflict(
                "terms_changed",
                "Terms of a source changed, a case was withdrawn or a read was reopened since this "
                "was built. "
                "Make a new release.",
            )
        ReleaseCase.objects.filter(release=release).update(patient="")
        for named in (ReleaseRead, ReleaseAdjudication):
            named._default_manager.filter(release=release).update(reader="", experience="")
        ReleaseShard.objects.filter(release=release).delete()
        release.state = Release.State.PUBLISHED
        release.seed = ""
        release.published_at = timezone.now()
        release.save()
        record(actor=actor, action="release.published", target=release, data={})
        emit(event="release.published", target=release, data={"version": release.version})
    return release


def _serialise(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@contextmanager
def _only_builder(release_id: uuid.UUID) -> Iterator[bool]:
    """Whether this session alone builds the release. The lock goes when its session does."""
    key = [f"build:{release_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        row = cursor.fetchone()
    taken = bool(row and row[0])
    try:
        yield taken
    finally:
        if taken and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def _build(release: Release, tell: Tell) -> None:
    """All steps; from the beginning if the terms changed while they ran."""
    for _ in range(_MOST_STARTS):
        _all_steps(release, tell)
        if terms_fingerprint(release) == release.terms_sha256:
            return
        remove_files(release)
        thaw(release)
    raise RuntimeError("Terms or cases changed at every start; make a new release.")


def _all_steps(release: Release, tell: Tell) -> None:
    def step_done(name: str) -> None:
        release.done = STEPS.index(name) + 1
        Release.objects.filter(pk=release.pk).update(done=release.done, attempted_at=timezone.now())
        tell(release.done, name)
        let_go()

    freeze(release)
    release.counts = {}
    step_done("members")
    for query in QUERIES:
        release.counts[query.table.name] = write_table(release, query)
        step_done(query.table.name)
    refused = frozen_refusals(release) + count_all_withheld(release) + count_marked(release)
    release.refused = refusal_rows(refused)
    release.changes = _changes(release)
    copy_images(release)
    step_done("images")
    release.files = package(release)
    step_done("package")


def _changes(release: Release) -> list[dict[str, Any]]:
    """``{"what", "before", "after"}`` per table with more or fewer rows than in ``previous``."""
    if release.previous is None:
        return []
    before = release.previous.counts
    return [
        {"what": f"{table} rows", "before": before.get(table, 0), "after": rows}
        for table, rows in release.counts.items()
        if rows != before.get(table, 0)
    ]


def _finish(release: Release) -> None:
    with transaction.atomic():
        # A case withdrawn since the last look: the reconciler sends the release again, which
        # starts over. One that is withdrawn after this look finds the release ready.
        Release.objects.select_for_update().get(pk=release.pk)
        if terms_fingerprint(release) != release.terms_sha256:
            return
        built = Release.objects.filter(pk=release.pk, state=Release.State.BUILDING).update(
            state=Release.State.READY,
            counts=release.counts,
            refused=release.refused,
            files=release.files,
            changes=release.changes,
        )
        if built:
            record(
                actor=None, action="release.built", target=release, data={"counts": release.counts}
            )


def _fail(release: Release, error: Exception) -> None:
    remove_files(release)
    with transaction.atomic():
        row = Release.objects.select_for_update().get(pk=release.pk)
        if row.state != Release.State.BUILDING:
            return
        ReleaseShard.objects.filter(release=row).delete()
        row.state = Release.State.FAILED
        row.failure = _sentence(error)
        row.save()
        record(actor=None, action="release.failed", target=row, data={})


def _sentence(error: BaseException) -> str:
    if is_full_disk(error):
        return (
            "The disk is full. Nothing of this release is left; free some space and make it anew."
        )
    return f"{type(error).__name__}: {error}"


def remove_files(release: Release) -> None:
    """Take every file of an unfinished release out of the store."""
    for folder in ("", *_folders_below(release, "")):
        for name in stored_names(folder=file_path(release, folder))[1]:
            default_storage.delete(file_path(release, f"{folder}/{name}".lstrip("/")))


def _folders_below(release: Release, folder: str) -> Iterator[str]:
    for name in stored_names(folder=file_path(release, folder))[0]:
        below = f"{folder}/{name}".lstrip("/")
        yield below
        yield from _folders_below(release, below)

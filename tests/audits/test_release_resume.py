"""Builds that die, run out of disk, or find other terms than they began with."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from audits.errors import Conflict
from audits.models import Adjudication, Release, ReleaseShard, Source, User
from audits.services.releases import shards
from audits.services.releases.build import (
    STEPS,
    _only_builder,
    build_release,
    publish_release,
    remove_files,
    request_release,
)
from audits.services.releases.freeze import thaw
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path
from inference.release.checks.files import sha256
from tests.audits.conftest import client_of
from tests.audits.release_builder import Builder
from tests.audits.reviewing import make_user
from tests.audits.test_release_folder import adjudicate, reviewed
from tests.audits.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path, nobody_else: None, monkeypatch: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(shards, "SHARD_ROWS", 2)


@pytest.fixture
def reader() -> User:
    return make_user("one")


def files_of(release: Release) -> dict[str, str]:
    release.refresh_from_db()
    assert release.state == "ready"
    return {kept["name"]: kept["sha256"] for kept in release.files}


def start_over(release: Release) -> None:
    """The same release, as it was before anyone built it."""
    release.refresh_from_db()
    release.state, release.files = "building", []
    remove_files(release)
    thaw(release)


def stored_below(release: Release) -> set[str]:
    folder = Path(default_storage.path(file_path(release, "")))
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def nobody_builds(release: Release) -> bool:
    """Whether the session of the builder that was killed, and so its lock, is gone."""
    with _only_builder(release.pk) as alone:
        return alone


def events_of(ends: list[int]) -> list[int]:
    """One in the middle of each step and of what makes the release ready, and the very last one,
    after that was committed."""
    starts = [0, *ends[:-1]]
    return [*((first + last) // 2 for first, last in zip(starts, ends, strict=True)), ends[-1] - 1]


def test_a_build_killed_in_any_step_goes_on_to_the_same_bytes_and_is_never_half_published(
    reader: User, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for audit in reviewed([reader, make_user("two")], 4)[::2]:
        adjudicate(Adjudication.objects.get(item__audit=audit))
    release = request_release(actor=reader)
    api, archive = client_of(reader), f"/api/v1/releases/{release.pk}/archive"
    with Builder({**child_environment(), "TMPDIR": str(scratch)}) as builder:
        exit_code, ends = builder.build(release.pk)
        assert exit_code == 0 and len(ends) == len(STEPS) + 1
        whole, refused, stored = files_of(release), release.refused, stored_below(release)
        zipped = sha256(Path(default_storage.path(file_path(release, ARCHIVE))))
        points = events_of(ends)
        assert len(set(points)) == len(points) >= 20
        for point in points:
            start_over(release)
            assert builder.build(release.pk, point)[0] == -signal.SIGKILL, point
            release.refresh_from_db()
            if point == points[-1]:
                assert files_of(release) == whole
            else:
                assert (release.state, release.files) == ("building", []), point
                assert api.get(archive).status_code == 409
                with pytest.raises(Conflict, match="can't be published"):
                    publish_release(release_id=release.pk, actor=reader)
            until(lambda: nobody_builds(release), "the killed builder's session to end")
            kept = ReleaseShard.objects.filter(release=release).count()
            assert builder.build(release.pk)[0] == 0
            assert files_of(release) == whole, point
            assert (release.refused, stored_below(release)) == (refused, stored), point
            assert sha256(Path(default_storage.path(file_path(release, ARCHIVE)))) == zipped
            assert ReleaseShard.objects.filter(release=release).count() >= kept
            # What a killed builder had in hand is tidied up by the next one.
            assert list(scratch.iterdir()) == [], point


_BUILD = """
import sys, uuid, django
django.setup()
from audits.services.releases import shards
from audits.services.releases.build import build_release
shards.SHARD_ROWS = 2
build_release(release_id=uuid.UUID(sys.argv[1]))
"""


def child_environment() -> dict[str, str]:
    """For a process of its own on the same database and files."""
    name = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DATABASE_URL": django_settings.DATABASE_URL.rsplit("/", 1)[0] + f"/{name}",
        "MEDIA_ROOT": str(django_settings.MEDIA_ROOT),
        "SECRET_KEY": django_settings.SECRET_KEY,
    }


def test_a_full_disk_fails_the_release_and_leaves_nothing(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed([reader], 4)
    release = request_release(actor=reader)
    save = FileSystemStorage._save

    def full(self: Any, name: str, content: Any) -> str:
        if name.endswith("croissant.json"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return save(self, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(OSError, match="No space"):
            build_release(release_id=release.pk)
    release.refresh_from_db()
    assert release.state == "failed" and release.failure.startswith("The disk is full.")
    folder = Path(default_storage.path(file_path(release, "")))
    assert not [path for path in folder.rglob("*") if path.is_file()]


_BUILD_ON_A_SMALL_DISK = """
mount -t tmpfs -o size={size} small "{where}" || exit 77
"{python}" -c "$BUILD" {release}
echo "ended with $?"
find "{where}" "{media}/releases" -type f
"""


@pytest.mark.parametrize(("disk", "size"), [("store", "60k"), ("scratch", "60k"), ("store", "1m")])
def test_a_disk_that_is_really_full_fails_the_release_and_leaves_nothing(
    reader: User, tmp_path: Path, disk: str, size: str
) -> None:
    """A file system of a few kilobytes, seen by the building process alone: below the release's
    own files or below the scratch files. With enough room the same build is whole."""
    audits = reviewed([reader], 4)
    assert audits
    release = request_release(actor=reader)
    media, scratch = Path(django_settings.MEDIA_ROOT), tmp_path / "scratch"
    where = media / "releases" if disk == "store" else scratch
    for folder in (media / "releases", scratch):
        folder.mkdir(parents=True, exist_ok=True)
    script = _BUILD_ON_A_SMALL_DISK.format(
        size=size, where=where, media=media, python=sys.executable, release=release.pk
    )
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here")
    environment = {**child_environment(), "BUILD": _BUILD, "TMPDIR": str(scratch)}
    done = subprocess.run(
        [*unshare, "sh", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare:" in done.stderr:
        pytest.skip("this machine lets nobody mount a file system")
    release.refresh_from_db()
    ended, *left = done.stdout.splitlines()
    if size == "1m":
        assert (ended, release.state) == ("ended with 0", "ready"), done.stderr
        return
    assert ended == "ended with 1", done.stderr
    assert release.state == "failed" and release.failure.startswith("The disk is full.")
    assert left == []
    assert release.files == [] and not ReleaseShard.objects.filter(release=release).exists()


def test_terms_that_close_during_the_build_hold_in_what_comes_out(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed([reader], 4)
    release = request_release(actor=reader)

    def close(done: int, step: str) -> None:
        if step == "images":
            Source.objects.filter(slug="upload").update(pixels_redistributable=False)

    build_release(release_id=release.pk, tell=close)
    assert not any(name.startswith("images/") for name in files_of(release))
    folder = Path(default_storage.path(file_path(release, "")))
    assert not [path for path in folder.rglob("*.png") if path.is_file()]


def test_terms_that_close_after_the_build_stop_the_publishing(reader: User) -> None:
    reviewed([reader], 4)
    release = request_release(actor=reader)
    build_release(release_id=release.pk)
    Source.objects.filter(slug="upload").update(text_redistributable=False)
    with pytest.raises(Conflict) as wrong:
        publish_release(release_id=release.pk, actor=reader)
    assert wrong.value.code == "terms_changed"


def test_a_read_submitted_during_the_build_is_in_the_next_release(reader: User) -> None:
    reviewed([reader], 4)
    release = request_release(actor=reader)

    def read_more(done: int, step: str) -> None:
        if step == "members":
            reviewed([make_user("late")], 2)

    build_release(release_id=release.pk, tell=read_more)
    release.refresh_from_db()
    assert release.counts["audits"] == 4

"""A published release is handed on whole and unchanged, or not at all."""

import io
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from audits.models import AuditLogEntry, Release, Source, User
from audits.services.releases.build import publish_release
from audits.services.releases.shards import file_path
from inference.release.checks import check_release
from tests.audits.local_hub import Hub, Repository, local_hub
from tests.audits.reviewing import make_user
from tests.audits.test_release_folder import built, reviewed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path, nobody_else: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def maker() -> User:
    return make_user("maker", is_staff=True)


@pytest.fixture
def published(maker: User) -> Release:
    reviewed([maker], 4)
    return publish_release(release_id=built(maker).pk, actor=maker)


def push(release: Release, to: object, *more: str) -> str:
    out = io.StringIO()
    call_command("push_release", release.name, release.version, "--to", str(to), *more, stdout=out)
    return out.getvalue()


def test_a_folder_gets_the_whole_release_once(published: Release, tmp_path: Path) -> None:
    to = tmp_path / "given"
    assert f"{len(published.files)} files are in" in push(published, to)
    assert [one.as_dict() for one in check_release(to) if one.count] == []
    assert "already, whole" in push(published, to)
    assert AuditLogEntry.objects.filter(action="release.pushed").count() == 1
    (to / "README.md").write_text("mine")
    with pytest.raises(CommandError, match="holds something else"):
        push(published, to)
    assert (to / "README.md").read_text() == "mine"


def test_a_push_that_was_cut_short_begins_anew(published: Release, tmp_path: Path) -> None:
    half = tmp_path / "given.part"
    half.mkdir()
    (half / "stray").write_text("half")
    push(published, tmp_path / "given")
    assert not half.exists() and not (tmp_path / "given" / "stray").exists()


def test_only_what_was_published_under_terms_that_still_hold(maker: User, tmp_path: Path) -> None:
    reviewed([maker], 4)
    ready, to = built(maker), tmp_path / "given"
    with pytest.raises(CommandError, match="publish it first"):
        push(ready, to)
    publish_release(release_id=ready.pk, actor=maker)
    Source.objects.filter(slug="upload").update(pixels_redistributable=False)
    with pytest.raises(CommandError, match="Make a new release"):
        push(ready, to)
    assert not to.exists()


def test_a_damaged_store_is_found_before_anything_is_handed_on(
    published: Release, tmp_path: Path
) -> None:
    path, to = file_path(published, "README.md"), tmp_path / "given"
    default_storage.delete(path)
    default_storage.save(path, ContentFile(b"other"))
    with pytest.raises(CommandError, match=r"README\.md in the store is not what was published"):
        push(published, to)
    assert not to.exists()


def test_the_hub_is_asked_only_with_a_token_and_its_absence_is_told(
    published: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(CommandError, match="Set HF_TOKEN"):
        push(published, "hf://datasets/some/body")
    monkeypatch.setenv("HF_TOKEN", "hf_none")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(CommandError, match="The hub did not take it"):
        push(published, "hf://datasets/some/body")
    assert not AuditLogEntry.objects.filter(action="release.pushed").exists()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with local_hub("hf_secret") as there:
        monkeypatch.setenv("HF_TOKEN", there.token)
        monkeypatch.setenv("HF_ENDPOINT", there.url)
        # Large files by Git LFS: Xet's store is no part of this hub.
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
        yield there


def test_a_hub_gets_the_whole_release_and_its_version_as_a_tag(
    published: Release, hub: Hub
) -> None:
    earlier = Repository(private=True, files={"data/old.parquet": b"of an earlier version"})
    hub.repositories["old/body"] = earlier
    said = push(published, "hf://datasets/some/body")
    push(published, "hf://datasets/old/body", "--public")
    there = hub.repositories["some/body"]
    assert f"is at {hub.url}/datasets/some/body/commit/" in said
    assert {name: sha256(held).hexdigest() for name, held in there.files.items()} == {
        kept["name"]: kept["sha256"] for kept in published.files
    }
    assert there.private and there.commits == [str(published)]
    assert there.tags == {published.version: 1}
    assert hub.large, "the tables went as large files"
    assert earlier.files == there.files
    assert earlier.private, "a repository that is there stays as private as it is"
    pushed = AuditLogEntry.objects.filter(action="release.pushed")
    assert {entry.data["repository"] for entry in pushed} == {"some/body", "old/body"}


def test_a_hub_that_refuses_has_no_part_of_the_release(
    published: Release, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.full = True
    with pytest.raises(CommandError, match=r"(?s)The hub did not take it: .*There is no room\."):
        push(published, "hf://datasets/some/body")
    there = hub.repositories.pop("some/body")
    assert (there.files, there.commits, there.tags) == ({}, [], {})
    monkeypatch.setenv("HF_TOKEN", "hf_other")
    with pytest.raises(CommandError, match="Invalid user token"):
        push(published, "hf://datasets/some/body")
    assert hub.repositories == {}
    assert not AuditLogEntry.objects.filter(action="release.pushed").exists()

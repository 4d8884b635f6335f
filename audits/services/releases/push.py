"""A published release handed on as it stands: to a folder, or to a repository of a hub.

What is handed on is what was published: every file is compared with its hash on the way.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from django.db import transaction

from audits.errors import Conflict, InvalidInput
from audits.models import Release, User
from audits.services.log import record
from audits.services.releases.package import MANIFEST, fetch_file
from audits.services.releases.terms import terms_fingerprint


def push_to_folder(*, release: Release, folder: Path, actor: User) -> bool:
    """Write the release to ``folder``, which is there whole or not at all; False if it is there
    already.

    :raises Conflict: ``not_published``; ``terms_changed`` since it was published.
    :raises InvalidInput: on ``to``, where something else is in the way.
    """
    _check(release)
    if folder.exists():
        if _holds(folder, release):
            return False
        raise InvalidInput("to", f"{folder} holds something else. Name a folder that is not there.")
    half = folder.with_name(folder.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    _write(release, half)
    half.rename(folder)
    _note(release, actor, {"to": "folder"})
    return True


def push_to_hub(*, release: Release, repository: str, actor: User, public: bool = False) -> str:
    """Upload the release as one commit of a dataset repository (``OWNER/NAME``), tagged with its
    version, made if it isn't there (private unless ``public``); the address of the commit.

    The token is the environment's ``HF_TOKEN``, the hub its ``HF_ENDPOINT``.

    :raises Conflict: as `push_to_folder`.
    :raises InvalidInput: on ``to``, without the token or the package ``huggingface_hub``.
    """
    _check(release)
    token = os.environ.get("HF_TOKEN", "")
    if not token:
        raise InvalidInput("to", f"Set HF_TOKEN to a token that may write to {repository}.")
    with tempfile.TemporaryDirectory(prefix="overread-push-") as folder:
        _write(release, Path(folder))
        address = _uploaded(release, Path(folder), repository, token, public)
    _note(release, actor, {"to": "hub", "repository": repository})
    return address


def _note(release: Release, actor: User, data: dict[str, str]) -> None:
    with transaction.atomic():
        record(actor=actor, action="release.pushed", target=release, data=data)


def _uploaded(release: Release, folder: Path, repository: str, token: str, public: bool) -> str:
    try:
        from huggingface_hub import HfApi  # noqa: PLC0415 - optional, and slow to import
    except ImportError as missing:
        why = "The package huggingface_hub is not installed: pip install huggingface_hub."
        raise InvalidInput("to", why) from missing
    hub = HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None, token=token)
    try:
        hub.create_repo(repository, repo_type="dataset", private=not public, exist_ok=True)
        commit = hub.upload_folder(
            repo_id=repository,
            repo_type="dataset",
            folder_path=folder,
            commit_message=str(release),
            delete_patterns="*",  # what an earlier version had and this one hasn't
        )
        hub.create_tag(repository, tag=release.version, repo_type="dataset", exist_ok=True)
    except Exception as refused:
        # Of any kind: each version raises the errors of another HTTP library.
        raise Conflict("hub_failed", f"The hub did not take it: {refused}") from refused
    return str(commit.commit_url)


def _check(release: Release) -> None:
    if release.state != Release.State.PUBLISHED:
        raise Conflict("not_published", f"{release} is {release.state}; publish it first.")
    if terms_fingerprint(release) != release.terms_sha256:
        raise Conflict(
            "terms_changed",
            "Terms of a source changed, or a case was withdrawn, since this was published. "
            "Make a new release, and hand that one on.",
        )


def _write(release: Release, folder: Path) -> None:
    for kept in release.files:
        path = folder / kept["name"]
        fetch_file(release, kept["name"], path)
        if _sha256(path) != kept["sha256"]:
            raise Conflict("damaged", f"{kept['name']} in the store is not what was published.")


def _holds(folder: Path, release: Release) -> bool:
    """Whether every file is there as published, and no other."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    known = {kept["name"]: kept["sha256"] for kept in release.files}
    return (
        MANIFEST in known
        and names == known.keys()
        and all(_sha256(folder / name) == known[name] for name in names)
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

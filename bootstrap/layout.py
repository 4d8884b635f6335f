"""Where things are: the repository, its virtual environment and the one folder of state."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.terminal import Trouble

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Layout:
    """The folders of one checkout.

    `state` holds all that a running Overread keeps (database, media, logs, keys); removing it
    removes that and nothing else. OVERREAD_STATE moves it.
    """

    root: Path
    state: Path

    @classmethod
    def of(cls, environ: Mapping[str, str], root: Path = ROOT) -> "Layout":
        return cls(
            root=root, state=Path(environ.get("OVERREAD_STATE") or root / ".overread").resolve()
        )

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def training_venv(self) -> Path:
        return self.root / ".venv-train"

    @property
    def frontend(self) -> Path:
        return self.root / "frontend"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def records(self) -> Path:
        return self.state / "processes"

    @property
    def media(self) -> Path:
        return self.state / "media"

    @property
    def cache(self) -> Path:
        return self.state / "cache"

    def create_state(self) -> None:
        """Make the state folder, readable by its owner only.

        Raises Trouble with one sentence when it can't be written.
        """
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            # Others may pass through (the database may run as another user), not list or read.
            self.state.chmod(0o711)
            for folder in (self.logs, self.records, self.media, self.cache):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Trouble(_unwritable(self.state, error)) from error


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def site_packages(venv: Path) -> Path:
    """The folder of the environment's packages; Trouble when the environment is not there."""
    found = sorted(venv.glob("lib/python3*/site-packages"))
    if not found:
        raise Trouble(f"{venv} is not a virtual environment: run `make setup`.")
    return found[-1]


def short_name(path: Path) -> str:
    """Eight characters that stand for a path, for names outside the repository."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:8]


def _unwritable(folder: Path, error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return (
        f"{folder} can't be written ({reason}): run as the user who owns it, "
        "or set OVERREAD_STATE to a folder that you can write."
    )

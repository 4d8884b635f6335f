"""The system account that Postgres runs as.

Postgres refuses to run as root, so that root lends it another account: `postgres` if the machine
has it, else `nobody`. Anyone else runs it as themselves.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from bootstrap.terminal import Trouble


class ProcessOptions(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give a file, or a folder and all in it, to this account."""
        os.chown(path, self.uid, self.gid)
        if path.is_dir():
            for inner in path.rglob("*"):
                os.chown(inner, self.uid, self.gid, follow_symlinks=False)

    def can_read(self, path: Path) -> bool:
        """Whether the account can reach and read the path: asked of the system, so that every
        kind of permission counts."""
        done = subprocess.run(  # noqa: S603 - fixed program, no shell
            ["/bin/sh", "-c", 'cd / && test -r "$0" && test -x "$0"', str(path)],
            check=False,
            cwd="/",
            **process_options(self),
        )
        return done.returncode == 0


def process_options(account: Account | None) -> ProcessOptions:
    """Arguments of `subprocess` that start a program as the account, or as this very user."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def server_account(data: Path) -> Account | None:
    """The account for a Postgres whose data lies in `data`, or None for this very user.

    Data that exists keeps its owner.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(f"user {owner.st_uid}", owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "Postgres can't run as root and there is neither a user `postgres` nor `nobody`: "
        "run make as an ordinary user, or set DATABASE_URL."
    )

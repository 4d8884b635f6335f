"""Folders and accounts for the bootstrap's tests."""

import multiprocessing
import os
import pwd
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bootstrap.layout import ROOT, Layout, site_packages

PACKAGES = site_packages(ROOT / ".venv")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every account can reach (pytest's own are closed to others), in
    memory where the machine has room there."""
    memory = Path("/dev/shm")
    fast = memory if os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="overread-", dir=fast))
    folder.chmod(0o777)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def layout_at(state: Path) -> Layout:
    """This checkout with a state folder of its own."""
    layout = Layout(root=ROOT, state=state)
    layout.create_state()
    return layout


def as_ordinary_user(work: Callable[[], str]) -> str:
    """What the work gives when someone who is not root does it, in a process of their own."""
    if os.geteuid() != 0:
        return work()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_as_nobody, args=(work, sender))
    child.start()
    is_good, said = receiver.recv()
    child.join()
    assert is_good, said
    return str(said)


def _as_nobody(work: Callable[[], str], sender: Connection) -> None:
    entry = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    try:
        sender.send((True, work()))
    except BaseException:
        sender.send((False, traceback.format_exc()))


def processes_naming(text: str) -> list[str]:
    """The command lines of live processes that have the text in them or in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            known = command + (folder / "environ").read_bytes()
        except OSError:
            continue
        if command and text.encode() in known and int(folder.name) != os.getpid():
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found

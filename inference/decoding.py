"""Strangers' pictures are decoded in a process of their own, which may do nothing else.

A decoder is forked for each picture and dies with it, so nothing of one picture is there for the
next. It is forked from a nursery: one small process for each of ours that decodes, started at the
first picture, which has the codecs loaded, no settings and no secrets in its environment, and
never touches a picture itself.

Before a decoder reads a byte of the picture, the kernel holds it to ``CPU_SECONDS`` of work,
``MEMORY_BYTES`` beyond what the codecs take, no byte written to a file, no further open file or
socket (so no reading and no network either), no process of its own and no core dump (which would
hold the patient's picture). Its nursery ends it after ``WALL_SECONDS``. None of this needs root.
What codecs print goes nowhere: they quote the file. Not prevented: signals to processes of the same
account.

A decoder that dies is a refusal of its picture; the process that asked goes on.
"""

import gc
import json
import os
import resource
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from inference.described import Described
from inference.preparing import PreparedImage, prepared
from inference.refusals import ImageRefused

CPU_SECONDS = 60
WALL_SECONDS = 180
"""Three times the work: a machine may be busy with others."""
MEMORY_BYTES = 1_500 * 2**20
AT_ONCE = min(4, os.cpu_count() or 1)
"""Decoders of one process of ours; further pictures wait for their turn."""

_MODULE = "inference.decoding"
_BLOBS = ("png", "preview", "thumbnail")
_LENGTH: Final = struct.Struct(">Q")
_OBITUARY: Final = struct.Struct(">8s8s")
_DIED = b"\0decoder"
_READY = b"r"
_SOCKET, _FILES = 3, 4
"""In a decoder: its only descriptor beside the three standard ones, and how many there may be."""


class DecoderDied(ImageRefused):
    """The picture is refused because its decoder did not survive it: a sign of attack or damage.

    ``why`` is ``time``, ``memory`` or ``crash``.
    """

    def __init__(self, why: str) -> None:
        sentences = {
            "time": f"The picture takes more than {CPU_SECONDS} s to decode. Export it again, "
            "as a plain PNG or uncompressed.",
            "memory": f"The picture takes more than {MEMORY_BYTES // 2**20:,} MB of memory to "
            "decode. Scale it down and send it again.",
        }
        crash = "The picture brought its decoder down. Export it again with another program."
        super().__init__(sentences.get(why, crash))
        self.why = why if why in sentences else "crash"


# --- The side that asks ---------------------------------------------------------------------------


def prepared_apart(data: bytes) -> PreparedImage:
    """As `inference.preparing.prepared`, by a decoder of its own.

    Raises ``ImageRefused`` with the reason, ``DecoderDied`` among them; ``OSError`` if no decoder
    can be had. Safe in threads and after a fork.
    """
    with _turns:
        answer = _asked(data)
    if answer[-_OBITUARY.size :][: len(_DIED)] == _DIED:
        why = _OBITUARY.unpack(answer[-_OBITUARY.size :])[1].rstrip(b"\0")
        raise DecoderDied(why.decode("ascii", "replace"))
    try:
        return _unpacked(answer)
    except ImageRefused:
        raise
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise DecoderDied("crash") from error


def _asked(data: bytes) -> bytes:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _nursery_take(theirs)
        ours.settimeout(WALL_SECONDS + 30)
        pieces = []
        # It may die before it has read all: the obituary says why.
        with suppress(BrokenPipeError, ConnectionResetError):
            ours.sendall(_LENGTH.pack(len(data)))
            ours.sendall(data)
        while piece := ours.recv(2**20):
            pieces.append(piece)
    return b"".join(pieces)


class _Nursery:
    """Our end of a nursery: a socket by which it is handed the sockets of pictures."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[1])
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", _MODULE, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=root,
                # One thread each: after a fork there is no other. No secret of ours is passed on.
                env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": root},
            )

        if self.line.recv(1) != _READY:
            self.end()
            raise OSError("No process for decoding pictures could be started; the log says why.")

    def take(self, picture: socket.socket) -> None:
        socket.send_fds(self.line, [b"p"], [picture.fileno()])

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.wait()


_lock = threading.Lock()
_turns = threading.BoundedSemaphore(AT_ONCE)
_nursery: _Nursery | None = None


def _nursery_take(picture: socket.socket) -> None:
    """Hand the socket to our nursery; one that is gone is replaced, once."""
    global _nursery  # noqa: PLW0603 - one for each process, made when it is first needed
    with _lock:
        if _nursery is not None:
            try:
                _nursery.take(picture)
            except OSError:
                _nursery.end()
            else:
                return
        _nursery = _Nursery()
        _nursery.take(picture)


def _forked() -> None:
    """A fork of ours has its own nursery; its copy of the line is closed, or both would read it."""
    global _nursery, _lock, _turns
    if _nursery is not None:
        _nursery.line.close()
        _nursery.process.returncode = 0  # not a child of the fork: nothing to wait for
    _nursery, _lock, _turns = None, threading.Lock(), threading.BoundedSemaphore(AT_ONCE)


os.register_at_fork(after_in_child=_forked)


# --- What is said between the two -----------------------------------------------------------------


def _packed(image: PreparedImage) -> bytes:
    """JSON, then the files: nothing that runs anything when it is read."""
    blobs = [image.png, b"" if image.preview is image.png else image.preview, image.thumbnail]
    plain = asdict(replace(image, png=b"", preview=b"", thumbnail=b""))
    head = {key: value for key, value in plain.items() if key not in _BLOBS}
    return _headed({"image": head, "sizes": [len(blob) for blob in blobs]}) + b"".join(blobs)


def _headed(head: dict[str, Any]) -> bytes:
    words = json.dumps(head).encode()
    return _LENGTH.pack(len(words)) + words


def _unpacked(answer: bytes) -> PreparedImage:
    (length,) = _LENGTH.unpack_from(answer)
    at = _LENGTH.size + length
    head = json.loads(answer[_LENGTH.size : at])
    if "refused" in head:
        raise ImageRefused(str(head["refused"]))
    blobs = []
    for size in head["sizes"]:
        blobs.append(answer[at : at + size])
        at += size
    if at != len(answer):
        raise ValueError("an answer that is cut off")
    png, preview, thumbnail = blobs
    said = {**head["image"], "described": Described(**head["image"]["described"])}
    return PreparedImage(**said, png=png, preview=preview or png, thumbnail=thumbnail)


# --- The nursery ----------------------------------------------------------------------------------


def _serve(line: socket.socket) -> None:
    """Fork a decoder for each socket that comes, until whoever asks is gone."""
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    decoders: dict[int, tuple[socket.socket, float]] = {}
    line.sendall(_READY)
    with selectors.DefaultSelector() as ready:
        for source in (line, woken):
            ready.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select(timeout=1.0):
                if key.fileobj is line and not _take(line, decoders):
                    for pid in decoders:
                        os.kill(pid, signal.SIGKILL)
                    return
                if key.fileobj is woken:
                    woken.recv(4096)
            _bury(decoders)


def _take(line: socket.socket, decoders: dict[int, tuple[socket.socket, float]]) -> bool:
    _, handed, _, _ = socket.recv_fds(line, 1, 1)
    if not handed:
        return False
    picture = socket.socket(fileno=handed[0])
    if (pid := os.fork()) == 0:
        _decode_and_die(picture)
    decoders[pid] = picture, time.monotonic() + WALL_SECONDS
    return True


def _bury(decoders: dict[int, tuple[socket.socket, float]]) -> None:
    """Tell those who wait for a decoder that died why it did, and end those that are overdue."""
    now = time.monotonic()
    for pid, (picture, ends_at) in list(decoders.items()):
        is_overdue = now > ends_at
        if is_overdue:
            os.kill(pid, signal.SIGKILL)
        ended, status = os.waitpid(pid, 0 if is_overdue else os.WNOHANG)
        if not ended:
            continue
        del decoders[pid]
        with picture:
            if status:
                is_slow = is_overdue or os.waitstatus_to_exitcode(status) == -signal.SIGXCPU
                # Nobody may wait for it any more.
                with suppress(OSError):
                    picture.settimeout(1.0)
                    picture.sendall(_OBITUARY.pack(_DIED, b"time" if is_slow else b"crash"))


# --- A decoder ------------------------------------------------------------------------------------


def _decode_and_die(picture: socket.socket) -> None:
    """Never returns: whatever happens here must not go on as a second nursery."""
    try:
        _shut_in(picture)
        with socket.socket(fileno=_SOCKET) as line:
            answer = _answer(_read(line))
            line.sendall(answer)
        os._exit(0)
    finally:
        os._exit(1)


def _shut_in(picture: socket.socket) -> None:
    os.dup2(picture.detach(), _SOCKET)
    os.closerange(_FILES, 1024)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    mapped = int(Path("/proc/self/statm").read_bytes().split()[0])
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, mapped * resource.getpagesize() + MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        resource.setrlimit(what, (limit, limit))
    # By a signal of its own first, so that its nursery knows what it died of; then without mercy.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def _read(line: socket.socket) -> bytes:
    (size,) = _LENGTH.unpack(_exactly(line, _LENGTH.size))
    return _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytes:
    whole = bytearray(size)
    view, at = memoryview(whole), 0
    while at < size:
        if not (got := line.recv_into(view[at:])):
            raise EOFError
        at += got
    view.release()
    return bytes(whole)


def _answer(data: bytes) -> bytes:
    try:
        return _packed(prepared(data))
    except ImageRefused as refused:
        return _headed({"refused": str(refused)})
    except MemoryError:
        return _OBITUARY.pack(_DIED, b"memory")


def _load_codecs() -> None:
    """All that is imported late by the libraries: a decoder can't open a file any more."""
    import gdcm  # noqa: F401, PLC0415 - only a nursery needs it before the first picture
    import jpeg_ls  # noqa: F401, PLC0415
    import numpy.ma  # noqa: F401, PLC0415
    import openjpeg  # noqa: F401, PLC0415
    from PIL import Image  # noqa: PLC0415
    from pydicom.pixels import decoders  # noqa: F401, PLC0415

    from inference import dicom  # noqa: F401, PLC0415

    Image.init()


def main(line: int) -> None:
    """Be a nursery, over the socket of this number."""
    _load_codecs()
    gc.freeze()
    _serve(socket.socket(fileno=line))


if __name__ == "__main__":
    main(int(sys.argv[1]))

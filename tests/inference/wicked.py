"""A nursery whose codec does what hostile pictures would have one do; the picture says what.

python -m tests.inference.wicked NUMBER_OF_SOCKET
"""

import ctypes
import os
import socket
import sys
import time
from pathlib import Path

import numpy as np

from inference import decoding
from inference.preparing import PreparedImage, prepared


def _eat() -> None:
    """In pieces that nobody touches (a bytearray is filled with zeros): where a gigabyte of pages
    takes seconds of work, a decoder that touches them dies of its time first."""
    held = []
    while True:
        held.append(np.empty(2**28, np.uint8))


def _spin() -> None:
    while True:
        pass


def _hold_on() -> None:
    """Sleeps, and answers no signal that can be caught."""
    time.sleep(600)


def _write() -> None:
    os.write(os.open("/dev/shm/wicked", os.O_CREAT | os.O_WRONLY), b"patient")


def _write_to_what_is_open() -> None:
    """A file beside the socket would be reachable; there is none, and no byte could be written."""
    for descriptor in (*range(3), *range(4, 64)):
        try:
            os.write(descriptor, b"patient")
        except OSError:
            continue
        if descriptor > 2:
            raise AssertionError("a descriptor of the nursery is open")
    raise PermissionError


DEEDS = {
    b"crash": lambda: ctypes.string_at(0),
    b"eat": _eat,
    b"spin": _spin,
    b"hold on": _hold_on,
    b"write": _write,
    b"write open": _write_to_what_is_open,
    b"read": lambda: Path("/etc/hostname").read_bytes(),
    b"call": lambda: socket.create_connection(("127.0.0.1", 1)),
    b"leave": lambda: os._exit(7),
    b"mumble": lambda: os.write(decoding._SOCKET, b"no answer at all"),
    b"tell": lambda: os.environ["SECRET_KEY"],
}


def wicked(data: bytes) -> PreparedImage:
    if deed := DEEDS.get(data):
        deed()
    return prepared(data)


if __name__ == "__main__":
    decoding.prepared = wicked
    decoding.CPU_SECONDS, decoding.WALL_SECONDS = 2, 15
    decoding.main(int(sys.argv[1]))

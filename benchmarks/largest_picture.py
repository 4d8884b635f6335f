"""Does the largest picture that is allowed get in, in every format, and what does its decoder need?

64 megapixels of 16 bits (8 in JPEG and WebP), smooth with some noise, as each format packs them
without loss. Each goes to a decoder of its own as at every door, and to a process that measures:
seconds of the processor and the most address space beyond what the codecs and the file take, which
is what the kernel limits (there with the file).

    python -m benchmarks.largest_picture              writes docs/measurements.md
    python -m benchmarks.largest_picture --side 2000 --no-doc
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import uid

from benchmarks.detector_tables import markdown, write_between
from benchmarks.parser_peers import ROOT
from inference.decoding import CPU_SECONDS, MEMORY_BYTES, _load_codecs, prepared_apart
from inference.preparing import prepared
from inference.refusals import ImageRefused
from tests.inference.radiographs import radiograph

DOC = ROOT / "docs" / "measurements.md"
SIDE = 8_000
MB = 2**20


def drawn(side: int) -> NDArray[np.uint16]:
    """A slow wave over the whole picture, and noise of 5 bits as a detector has."""
    wave = np.sin(np.linspace(0, 11, side, dtype=np.float32))
    picture = (30_000 + 15_000 * np.outer(wave, wave[::-1])).astype(np.uint16)
    noise = np.random.default_rng(1).integers(0, 32, (side, side), dtype=np.uint16)
    return picture + noise


def files(picture: NDArray[np.uint16]) -> Iterator[tuple[str, bytes]]:
    """By format, one at a time: together they would fill the memory."""
    flat = (picture >> 8).astype(np.uint8)
    yield "PNG", saved(picture, "PNG", compress_level=1)
    for packing in ("raw", "tiff_lzw", "tiff_adobe_deflate"):
        yield f"TIFF, {packing.removeprefix('tiff_')}", saved(picture, "TIFF", compression=packing)
    for syntax in (
        *(uid.ExplicitVRLittleEndian, uid.RLELossless),
        *(uid.JPEGLSLossless, uid.JPEG2000Lossless),
    ):
        yield f"DICOM, {syntax.name}", radiograph(picture, depth=16, syntax=syntax)
    yield "JPEG, colour", saved(np.stack([flat] * 3, axis=2), "JPEG")
    yield "JPEG, four inks", saved(np.stack([flat] * 4, axis=2), "JPEG", mode="CMYK")
    yield "WebP", saved(flat, "WEBP", method=0)


def saved(pixels: NDArray[Any], kind: str, mode: str | None = None, **options: Any) -> bytes:
    image = Image.fromarray(pixels)
    if mode:
        image = Image.frombytes(mode, image.size, pixels.tobytes())
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def needs(data: bytes) -> tuple[float, float]:
    """Seconds of the processor and MB of address space, by a process that does this alone."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.largest_picture", "--needs", file.name]
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    spent, held = json.loads(said)
    return spent, held


def measure(path: Path) -> None:
    _load_codecs()
    prepared(radiograph())  # what is loaded late is loaded now
    data = path.read_bytes()
    before, began = _address_space("VmSize"), time.process_time()
    prepared(data)
    print(json.dumps([time.process_time() - began, _address_space("VmPeak") - before]))


def _address_space(what: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--side", type=int, default=SIDE)
    parser.add_argument("--no-doc", action="store_true", help="print only")
    parser.add_argument("--needs", type=Path, help="measure this file in this process")
    args = parser.parse_args(argv)
    if args.needs:
        measure(args.needs)
        return 0
    rows = [["format", "file, MB", "processor, s", "memory, MB", "by a decoder of its own"]]
    rows.append(["---"] * len(rows[0]))
    refused = 0
    for name, data in files(drawn(args.side)):
        spent, held = needs(data)
        try:
            told = f"taken, {len(prepared_apart(data).png) / MB:.0f} MB of PNG"
        except ImageRefused as error:
            told, refused = f"REFUSED: {error}", refused + 1
        rows.append([name, f"{len(data) / MB:.0f}", f"{spent:.0f}", f"{held:.0f}", told])
        print(rows[-1], flush=True)
    lines = (
        f"{args.side:,} x {args.side:,} pixels, n = 1 for each format; a decoder has "
        f"{CPU_SECONDS} s of the processor and {MEMORY_BYTES // MB:,} MB.\n\n{markdown(rows)}"
    )
    print(lines)
    if not args.no_doc:
        write_between("largest_picture", lines, DOC)
    return 1 if refused else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""``python -m inference.phantoms``: look at phantoms, one by one or on a sheet."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.images import encode_png
from inference.phantoms import render_phantom
from inference.vocabulary import LABELS, Label

TILE = 256
GAP = 4


def main(argv: Sequence[str] | None = None) -> int:
    """Write one phantom, or a contact sheet: a normal one and each finding, two seeds."""
    parser = argparse.ArgumentParser(
        prog="python -m inference.phantoms",
        description="Render phantoms: pictures that look like radiographs and show no person.",
    )
    parser.add_argument("--seed", type=int, default=128)
    parser.add_argument("--size", type=int, default=768, help="pixels a side (of a single phantom)")
    parser.add_argument(
        "--finding", action="append", choices=[*map(str, LABELS), "none"], help="may be repeated"
    )
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--sheet", type=Path, metavar="OUT", help="contact sheet as PNG")
    target.add_argument("--out", type=Path, metavar="OUT", help="one phantom as PNG")
    args = parser.parse_args(argv)
    try:
        image = contact_sheet(args.seed) if args.sheet else _single(args)
        (args.sheet or args.out).write_bytes(encode_png(image))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def contact_sheet(seed: int) -> NDArray[np.uint8]:
    """Two rows of six tiles: nothing, then each label; the second row is the next seed."""
    rows = [
        np.hstack([_tile(row_seed, shown) for shown in ((), *((label,) for label in LABELS))])
        for row_seed in (seed, seed + 1)
    ]
    return np.vstack(rows)[:-GAP, :-GAP]


def _tile(seed: int, findings: tuple[Label, ...]) -> NDArray[np.uint8]:
    large = render_phantom(seed, findings, size=2 * TILE).image.astype(np.uint16)
    halved = large.reshape(TILE, 2, TILE, 2).sum(axis=(1, 3)) // 4
    return np.pad(halved.astype(np.uint8), ((0, GAP), (0, GAP)))


def _single(args: argparse.Namespace) -> NDArray[np.uint8]:
    wanted = None
    if args.finding is not None:
        wanted = [Label(name) for name in args.finding if name != "none"]
    return render_phantom(args.seed, wanted, args.size).image


if __name__ == "__main__":
    sys.exit(main())

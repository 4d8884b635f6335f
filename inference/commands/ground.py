"""Ground images: one JSON line each, with findings, states and scores."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from inference.grounders import BackendUnavailable, Grounder, GroundingFailed, get_grounder
from inference.images import ImageRefused, read_image
from inference.jsonl import Record, open_out, write_line
from inference.schema import Grounding
from inference.vocabulary import LABELS

HELP = "see findings in images"
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".dcm", ".dicom", ".dic"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="+", type=Path, metavar="DIR_OR_FILES")
    parser.add_argument("--grounder", default="embedded")
    parser.add_argument("--all", action="store_true", help="add the best candidate below threshold")
    parser.add_argument("--out", metavar="FILE", help="JSON lines; - or nothing means stdout")


def run(args: argparse.Namespace) -> int:
    try:
        grounder = get_grounder(args.grounder)
        paths = image_paths(args.inputs)
        with open_out(args.out) as out:
            return ground_all(grounder, paths, out, below=args.all)
    except BrokenPipeError:
        raise
    except (ValueError, OSError, BackendUnavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def image_paths(inputs: Sequence[Path]) -> list[Path]:
    """Files as given and the pictures of each folder, sorted by name; ``OSError`` for a path that
    is missing or a folder without pictures."""
    found = {picture for path in inputs for picture in _pictures(path)}
    return sorted(found, key=lambda p: (p.name, str(p)))


def _pictures(path: Path) -> list[Path]:
    if not path.exists():
        raise FileNotFoundError(f"there is no {path}")
    if not path.is_dir():
        return [path]
    pictures = [p for p in path.iterdir() if p.suffix.lower() in SUFFIXES]
    if not pictures:
        raise FileNotFoundError(f"no PNG, JPEG, WebP, TIFF or DICOM lies in {path}")
    return pictures


def ground_all(grounder: Grounder, paths: Sequence[Path], out: TextIO, *, below: bool) -> int:
    """Write a line an image; a bad image's line is an error and the exit code 1."""
    bad = 0
    for path in _watched(paths):
        record = ground_file(grounder, path, below=below)
        bad |= "error" in record
        write_line(out, record)
    return bad


def ground_file(grounder: Grounder, path: Path, *, below: bool) -> Record:
    """One image's record, in the shape of design.md; ``{"id", "error"}`` if it can't be judged."""
    try:
        image = read_image(path)
        started = time.perf_counter()
        (grounding,) = grounder.ground([image])
    except (ImageRefused, GroundingFailed, OSError, ValueError) as error:
        return {"id": path.name, "error": str(error)}
    spent = round((time.perf_counter() - started) * 1000, 1)
    return {
        "id": path.name,
        **as_record(grounding, below=below),
        "grounder": asdict(grounder.version),
        "ms": spent,
    }


def as_record(grounding: Grounding, *, below: bool) -> Record:
    """A grounding as JSON; candidates below the threshold only if ``below``."""
    findings = [f for f in grounding.findings if below or not f.below]
    return {
        "image_state": grounding.image_state,
        "image_normal": grounding.image_normal,
        "labels": {label: grounding.labels[label] for label in LABELS},
        "findings": [
            {"label": f.label, "box": f.box, "score": f.score}
            | ({"below": True} if f.below else {})
            for f in findings
        ],
        "scores": {label: grounding.scores[label] for label in LABELS if label in grounding.scores},
        "ledger": [asdict(entry) for entry in grounding.ledger],
        "notes": list(grounding.notes),
        "measurements": grounding.measurements,
        **({"votes": [asdict(vote) for vote in grounding.votes]} if grounding.votes else {}),
    }


def _watched(paths: Sequence[Path]) -> Iterator[Path]:
    """The same paths; a counter on stderr where a person watches."""
    watched = sys.stderr.isatty()
    for number, path in enumerate(paths, 1):
        yield path
        if watched:
            sys.stderr.write(f"\r{number}/{len(paths)} images" + "\n" * (number == len(paths)))
            sys.stderr.flush()

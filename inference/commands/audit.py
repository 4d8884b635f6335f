"""One audit without the platform: an image and a draft in, JSON and a picture out."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from inference.audit import Audit, as_record, audit
from inference.grounders import BackendUnavailable, Grounder, GroundingFailed, get_grounder
from inference.images import GrayImage, read_image
from inference.overlay import draw_overlay, marks_of
from inference.parsers import get_parser
from inference.schema import BackendVersion, Grounding

HELP = "audit one image and its draft; print JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``IMAGE [--draft TEXT|FILE] [--overlay PNG] [--grounder NAME] [--parser NAME]``."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="PNG, JPEG, WebP, TIFF or DICOM")
    parser.add_argument(
        "--draft", default="", metavar="TEXT|FILE", help="the draft, a file that holds it, or -"
    )
    parser.add_argument("--overlay", type=Path, metavar="PNG", help="draw the evidence here")
    parser.add_argument("--grounder", default="embedded")
    parser.add_argument("--parser", default="rules")


def run(args: argparse.Namespace) -> int:
    """0 for an audit that is done, 1 for one that failed, 2 for input that is no use."""
    try:
        text = read_draft(args.draft)
        image = read_image(args.image)
        parser = get_parser(args.parser)
        result = audit(image, text, grounder=_grounder(args.grounder), parser=parser)
        if args.overlay:
            _write_overlay(args.overlay, args.image, image, result)
    except (ValueError, OSError, BackendUnavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(as_record(result), ensure_ascii=True, indent=2) + "\n")
    return 1 if result.state == "failed" else 0


def read_draft(given: str) -> str:
    """The draft itself, the contents of the file it names, or standard input for ``-``.

    Raises ``ValueError`` for a file that is not UTF-8 text, ``FileNotFoundError`` for a single
    word that looks like a path and is none: a mistyped name must not become a draft.
    """
    if given == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    if "\n" in given or len(given) > 4096 or not _is_file(given):
        if len(given.split()) == 1 and (given.endswith((".txt", ".md")) or "/" in given):
            raise FileNotFoundError(f"There is no file {given} to read the draft from.")
        return given
    return _decoded(Path(given).read_bytes(), given)


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):  # too long for a name, or a NUL byte: then it is the draft
        return False


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"The draft in {name} is not UTF-8 text.") from error


class _Missing:
    """Stands in for a backend that cannot start, so that the draft is still read and shown."""

    def __init__(self, name: str, reason: str) -> None:
        self.version = BackendVersion(name, "unavailable", "", "", may_release_output=False)
        self._reason = reason

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        raise GroundingFailed(self._reason)


def _grounder(name: str) -> Grounder:
    try:
        return get_grounder(name)
    except BackendUnavailable as error:
        return _Missing(name, str(error))


def _write_overlay(out: Path, source: Path, image: GrayImage, result: Audit) -> None:
    if out.exists() and out.samefile(source):
        raise ValueError(f"{out} is the image itself; name another file for the overlay.")
    failed = result.state == "failed"
    findings = () if failed else result.grounding.findings
    notes = (f"FAILED: {result.failure}",) if failed else ()
    out.write_bytes(draw_overlay(image, marks_of(result.comparison.flags, findings), notes))

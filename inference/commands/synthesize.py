"""The ``synthesize`` command: drafts with known right flags, from a dataset's own boxes."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from inference.jsonl import Record, open_out, write_line
from inference.schema import Finding
from inference.synthesis.cases import Case, draw_cases, survey
from inference.synthesis.corruption import KINDS, Subject
from inference.synthesis.truth import Kind
from inference.synthesis.vindr import Annotations, read_annotations

HELP = "write synthetic drafts, faithful or corrupted in one way, with the flags they deserve"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", required=True, choices=["vindr"])
    parser.add_argument("--annotations", required=True, type=Path, metavar="CSV[.gz]")
    parser.add_argument(
        "--sizes", type=Path, metavar="CSV", help="image_id, height, width (or dim0, dim1)"
    )
    parser.add_argument(
        "--kinds", type=_kinds, default=_kinds("drop,add,control"), help=f"of {', '.join(KINDS)}"
    )
    parser.add_argument("--cases", required=True, type=_count, metavar="N")
    parser.add_argument("--seed", required=True, type=int, metavar="S")
    parser.add_argument("out", nargs="?", metavar="OUT", help="JSON lines; - or nothing: stdout")


def run(args: argparse.Namespace) -> int:
    """Write N lines and return 0; say on stderr why not and return 1."""
    try:
        annotations = read_annotations(args.annotations, args.sizes)
    except (OSError, ValueError) as error:
        return _refuse(str(error))
    studies = {study.image_id: study for study in annotations.studies}
    subjects = {image: study.subject() for image, study in studies.items()}
    lacking = survey(subjects, args.kinds).lacking()
    if lacking:
        return _refuse(_shortage(lacking, args))
    _report(annotations, subjects, args.kinds)
    try:
        with open_out(args.out) as out:
            for case in draw_cases(subjects, args.kinds, args.cases, args.seed):
                write_line(out, row(case, subjects[case.image], studies[case.image].sized))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _refuse(str(error))
    return 0


def row(case: Case, subject: Subject, sized: bool) -> Record:
    """The case as one line of output."""
    return {
        "id": case.id,
        "image_id": case.image,
        "kind": case.case.kind,
        "label": case.case.label,
        "draft": case.case.draft,
        "findings": [_finding(finding) for finding in subject.findings],
        "expected_flags": [asdict(flag) for flag in case.case.expected_flags],
        "frame": "image" if sized else "unknown",
    }


def _finding(finding: Finding) -> Record:
    return {"label": finding.label, "box": finding.box, "score": finding.score}


def _kinds(text: str) -> tuple[Kind, ...]:
    asked = dict.fromkeys(word.strip() for word in text.split(","))
    unknown = sorted(asked.keys() - set(KINDS))
    if unknown:
        raise argparse.ArgumentTypeError(f"no kind {unknown[0]!r}; known: {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in asked)


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("cases cannot be negative")
    return count


def _shortage(lacking: list[Kind], args: argparse.Namespace) -> str:
    told = f"{args.annotations} cannot give any case of: {', '.join(lacking)}."
    if not args.sizes and {"swap_side", "change_location"} & set(lacking):
        told += " Sides and places need --sizes: without it the boxes' frame is unknown."
    return told


def _report(annotations: Annotations, subjects: dict[str, Subject], kinds: list[Kind]) -> None:
    """Tell on stderr what the annotations could not give: nothing is dropped silently."""
    plenty = survey(subjects, kinds)
    for kind in kinds:
        if kind != "control" and (missing := plenty.missing_labels(kind)):
            _tell(f"no image can give a {kind} of {', '.join(missing)}")
    for name, count in sorted(annotations.unmapped.items(), key=lambda item: item[0].native):
        _tell(f"{count} boxes of {name.native!r} map to none of the labels ({name.why})")


def _refuse(sentence: str) -> int:
    _tell(sentence)
    return 1


def _tell(sentence: str) -> None:
    sys.stderr.write(f"synthesize: {sentence}\n")

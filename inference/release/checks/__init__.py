"""What a stranger can check of a release with the folder alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.release.checks.files import check_manifest, check_pixels, check_schemas
from inference.release.checks.meaning import check_agreement, check_flags
from inference.release.checks.rows import check_ids, check_references, check_splits
from inference.release.checks.terms import check_withheld_boxes, check_withheld_text
from inference.release.checks.words import check_identifiers

MOST_SHOWN = 20

Check = Callable[[Path], Iterable[str]]

CHECKS: dict[str, Check] = {
    "every file is in the manifest with its hash": check_manifest,
    "every table has its columns": check_schemas,
    "ids are unique and in order": check_ids,
    "every reference has its row": check_references,
    "no patient and no picture is in two splits": check_splits,
    "no pixels where the terms forbid them": check_pixels,
    "no text where the terms forbid it": check_withheld_text,
    "no box where the terms forbid it": check_withheld_boxes,
    "no text looks like a name, a date, an address or a number of a person": check_identifiers,
    "the comparator raises the same flags again": check_flags,
    "agreement is what the tables give": check_agreement,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check: how many problems, and the first of them in words."""

    name: str
    count: int
    problems: list[str]

    def as_dict(self) -> dict[str, Any]:
        return {
            "check": self.name,
            "ok": not self.count,
            "problems": self.count,
            "first": self.problems,
        }


def check_release(root: Path) -> list[Outcome]:
    """Run every check. A check that can't run on a broken folder is a problem of its own."""
    return [_run(name, check, root) for name, check in CHECKS.items()]


def _run(name: str, check: Check, root: Path) -> Outcome:
    count = 0
    shown: list[str] = []
    try:
        for problem in check(root):
            count += 1
            if len(shown) < MOST_SHOWN:
                shown.append(problem)
    except Exception as error:
        return Outcome(name, count + 1, [*shown, f"stopped: {type(error).__name__}: {error}"])
    return Outcome(name, count, shown)

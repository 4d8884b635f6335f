"""What a release holds beside its tables: card, licences, agreement, views, descriptions.

All of it is made from the tables alone, so that a stranger can make it again.
``python -m inference.release.derived ROOT`` is `derive` with `About` as JSON on its standard input
and the written names as JSON on its output: the database of the views comes to 200 MB, which a
worker would never give back.
"""

import ctypes
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from inference.release.about import About
from inference.release.agreement import write_agreement
from inference.release.card import write_card
from inference.release.croissant import write_croissant
from inference.release.datasheet import write_datasheet
from inference.release.licences import write_licences
from inference.release.parts import open_parts
from inference.release.scripts import write_scripts
from inference.release.views.boxes import Coco, Vindr
from inference.release.views.chat import conversations, medgemma, preferences
from inference.release.views.text import flags, parsing
from inference.release.views.write import View

Writer = Callable[[Path, About], list[Path]]

VIEWS: tuple[Callable[[Path], View], ...] = (
    Coco,
    Vindr,
    medgemma,
    preferences,
    conversations,
    parsing,
    flags,
)


def write_views(root: Path, about: About | None = None) -> list[Path]:
    scratch = about.scratch if about else None
    views = [view(root / "views") for view in VIEWS]
    with open_parts(root, scratch) as parts:
        for part in parts:
            for view in views:
                view.add(part)
    return [path for view in views for path in view.finish()]


WRITERS: tuple[Writer, ...] = (
    write_views,
    write_agreement,
    write_licences,
    write_scripts,
    write_croissant,
    write_card,
    write_datasheet,
)


def derive(root: Path, about: About) -> list[Path]:
    """Write all derived files below ``root``, which holds ``data/``; the files written."""
    return [path for write in WRITERS for path in write(root, about)]


def main(root: Path) -> int:
    about = json.load(sys.stdin)
    about["scratch"] = Path(about["scratch"]) if about["scratch"] else None
    about["sources"] = tuple(about["sources"])
    written = derive(root, About(**about))
    json.dump([path.relative_to(root).as_posix() for path in written], sys.stdout)
    return 0


def _end_with_parent() -> None:
    """A builder that is killed must not leave somebody writing into its folder (Linux)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


if __name__ == "__main__":
    _end_with_parent()
    sys.exit(main(Path(sys.argv[1])))

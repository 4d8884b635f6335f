"""``LICENSES/``: one file a source, and what holds for the rest."""

from pathlib import Path
from typing import Any

from inference import NOTICE
from inference.release import tables
from inference.release.reading import rows_of
from inference.release.tables import Row

_OWN = f"""\
# Terms of this release

{NOTICE}

- Decisions, missed findings, adjudications and everything else that readers gave: CC-BY-4.0.
- Rows that derive from a source's images or texts: the terms of that source, in the file of its
  name. The column `licence` of `cases` says it row by row.
- What models said: the terms in the column `licence` of `models`.
"""


def write_licences(root: Path, about: Any) -> list[Path]:
    folder = root / "LICENSES"
    folder.mkdir(exist_ok=True)
    own = folder / "README.md"
    own.write_text(_OWN, encoding="utf-8")
    written = [own]
    for source in rows_of(root, tables.SOURCES):
        path = folder / f"{source['slug']}.md"
        path.write_text(_licence(source), encoding="utf-8")
        written.append(path)
    return written


def _licence(source: Row) -> str:
    return f"""\
# {source["name"]}

- licence: {source["licence"] or "not stated: ask the source before you use its rows"}
- citation: {source["citation"] or "none given"}
- terms: {source["terms_url"] or "none given"}
- may be passed on: pixels {_yes(source["pixels_redistributable"])}, \
text {_yes(source["text_redistributable"])}, boxes {_yes(source["boxes_redistributable"])}
- commercial use: {_yes(source["commercial_use"])}
"""


def _yes(allowed: bool) -> str:
    return "yes" if allowed else "no"

"""The card people read tells of the detector that ships."""

import re
from pathlib import Path

from inference.grounders import Grounder

DOCUMENT = Path(__file__).parents[3] / "docs" / "model-card-embedded.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
PARTS = ("numbers", "anatomy", "experiments", "int8")


def part(name: str) -> str:
    return TEXT.split(f"<!-- {name}: begin -->")[1].split(f"<!-- {name}: end -->")[0]


def test_its_numbers_were_measured_on_the_shipped_card(embedded: Grounder) -> None:
    version = embedded.version
    assert f"Detector {version.version} ({version.hash[:12]})" in part("numbers")


def test_every_measured_part_holds_a_table() -> None:
    assert all(part(name).count("| --- |") >= 1 for name in PARTS)


def test_the_short_form_for_the_page_is_short_plain_and_says_what_the_tables_say() -> None:
    short = TEXT.partition("\n## ")[0].partition("\n")[2]
    tables = "".join(map(part, PARTS))
    figures = re.findall(r"(?<![\d.])\.\d{3}", short)
    assert len(short) < 1000
    assert not re.search(r"[|`*#\[]", short)
    assert len(figures) >= 6
    assert all(f"0{figure} [" in tables for figure in figures)


def test_every_file_it_links_exists() -> None:
    links = re.findall(r"\]\(((?:images|measurements)/[^)]+)\)", TEXT)
    assert len(links) >= 5
    assert all((DOCUMENT.parent / link).is_file() for link in links)

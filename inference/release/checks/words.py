"""Words: nothing that could name a person."""

import re
from collections.abc import Iterator
from pathlib import Path

from inference.release import tables
from inference.release.reading import rows_of

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
PATTERNS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    "a date": re.compile(
        r"\b(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})[a-z]*\.?,?\s+(?:19|20)\d{{2}}"
        rf"|(?:{_MONTHS})[a-z]*\.?\s+\d{{1,2}},?\s+(?:19|20)\d{{2}})\b",
        re.IGNORECASE,
    ),
    "a name": re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof)\.?\s+(?:[A-Z]\.?\s*)?[A-Z][a-z]+"),
    "a telephone number": re.compile(r"(?<![\d.])\+?\d[\d ()-]{8,}\d(?![\d.])"),
    "a record number": re.compile(r"\b(?:MRN|accession|patient\s+id)\b\W*\d+", re.IGNORECASE),
}
TEXTS: dict[tables.Table, tuple[str, ...]] = {
    tables.DRAFTS: ("text",),
    tables.MENTIONS: ("text", "cue", "section", "rule"),
    tables.CLAIMS: ("text",),
    tables.LEDGER: ("raw", "detail"),
    tables.DECISIONS: ("comment",),
    tables.MISSED_FINDINGS: ("comment",),
    tables.ADJUDICATIONS: ("comment",),
}


def check_identifiers(root: Path) -> Iterator[str]:
    for table, columns in TEXTS.items():
        for row in rows_of(root, table, columns=["id", *columns]):
            for column in columns:
                for what, pattern in PATTERNS.items():
                    if row[column] and pattern.search(row[column]):
                        yield f"{table.name} {row['id']}: {column} holds what looks like {what}"

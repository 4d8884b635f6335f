"""Words: nothing that could name a person."""

import re
from collections.abc import Iterator
from pathlib import Path

from inference.release.query import open_tables

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
TEXTS = {
    "drafts": ("text",),
    "mentions": ("text", "cue", "section", "rule"),
    "claims": ("text",),
    "ledger": ("raw", "detail"),
    "decisions": ("comment",),
    "missed_findings": ("comment",),
    "adjudications": ("comment",),
}
_SAID = "SELECT id, {column} AS said FROM {table} WHERE {column} IS NOT NULL ORDER BY id"


def check_identifiers(root: Path) -> Iterator[str]:
    with open_tables(root) as asked:
        for table, columns in TEXTS.items():
            for column in columns:
                for row in asked.rows(_SAID.format(table=table, column=column)):
                    for what, pattern in PATTERNS.items():
                        if pattern.search(row["said"]):
                            yield f"{table} {row['id']}: {column} holds what looks like {what}"

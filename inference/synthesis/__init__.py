"""Synthetic drafts whose every right flag is known, written from findings that are known."""

from inference.synthesis.cases import Case, draw_cases, survey
from inference.synthesis.corruption import KINDS, Corrupted, Subject, corrupt, labels_for
from inference.synthesis.drafts import write_draft
from inference.synthesis.truth import ExpectedFlag, Kind, expected_flags

__all__ = [
    "KINDS",
    "Case",
    "Corrupted",
    "ExpectedFlag",
    "Kind",
    "Subject",
    "corrupt",
    "draw_cases",
    "expected_flags",
    "labels_for",
    "survey",
    "write_draft",
]

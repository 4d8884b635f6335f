"""Drafts as they are written, through parser, comparator and claims together."""

from random import Random
from typing import Any

import pytest

from inference.claims import align_claims
from inference.comparator import compare
from inference.parsers import get_parser
from inference.schema import Finding, Parsing
from inference.states import draft_labels, image_labels
from inference.synthesis import write_draft
from inference.vocabulary import LABELS, FlagKind, ImageState

WRITTEN = [
    "No acute cardiopulmonary abnormality.",
    "Heart enlarged. Right effusion, no left effusion. No pneumothorax.",
    "FINDINGS: Left basal opacity.\nIMPRESSION: No consolidation. 12 mm nodule, CT recommended.",
    "Cannot exclude a small apical pneumothorax. Lungs otherwise clear.",
    "INDICATION: rule out pneumothorax.\nFINDINGS: None seen. Stable cardiomegaly",
]


def findings(chance: Random) -> list[Finding]:
    chosen = chance.sample(LABELS, chance.randint(0, 3))
    return [Finding(label, (0.2, 0.1, 0.5, 0.4), 0.9) for label in chosen]


def drafts() -> list[tuple[list[Finding], str]]:
    chance = Random(20)
    cases = [(findings(chance), text) for text in WRITTEN]
    for _ in range(60):
        found = findings(chance)
        silent = set(LABELS) - {finding.label for finding in found}
        cases.append((found, write_draft(found, silent, chance, normal=not found)))
    return cases


@pytest.fixture(scope="module")
def read() -> list[tuple[list[Finding], str, Parsing]]:
    parser = get_parser("rules")
    return [(found, text, parser.parse(text)) for found, text in drafts()]


def test_the_parsers_labels_are_what_the_comparator_reads_in_its_mentions(
    read: list[tuple[list[Finding], str, Parsing]],
) -> None:
    for _, text, parsing in read:
        assert parsing.labels == draft_labels(parsing.mentions), text


def test_claims_and_flags_tell_one_story(
    read: list[tuple[list[Finding], str, Parsing]],
) -> None:
    for found, text, parsing in read:
        audit: dict[str, Any] = {
            "image_state": ImageState.GROUNDED,
            "image_labels": image_labels(found),
            "draft_state": parsing.draft_state,
            "mentions": parsing.mentions,
        }
        flags = compare(findings=found, **audit).flags
        claims = align_claims(text, **audit)
        rest_on_words = [f for f in flags if f.kind != FlagKind.URGENT and f.spans]
        doubted = {c.text for c in claims if c.alignment == "needs_review"}
        assert bool(rest_on_words) == bool(doubted), text
        for flag in rest_on_words:
            for start, end in flag.spans:
                assert any(text[start:end] in claim for claim in doubted), text

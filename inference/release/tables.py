"""The tables of a release: names, columns, Arrow types, and which columns point where.

One definition serves the builder, the JSON lines, the card and the stranger's check. A box is
``[y0, x0, y1, x1]`` in 0..1 of the image, an id a UUID as text.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pyarrow as pa

from inference.vocabulary import LABELS

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
"""From the one that is learned from to the one that is held back the most."""

TEXT, INT, FLOAT, BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
BOX = pa.list_(pa.float64())
BOXES = pa.list_(BOX)
SPANS = pa.list_(pa.list_(pa.int64()))
STATES = pa.struct([(label.value, TEXT) for label in LABELS])
SEEN = pa.list_(pa.struct([("label", TEXT), ("box", BOX)]))
SCORES = pa.struct([(label.value, FLOAT) for label in LABELS])
TEXTS = pa.list_(TEXT)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``about`` is its line on the card, ``refers`` the table its ids are of."""

    name: str
    type: pa.DataType
    about: str
    refers: str = ""
    may_be_null: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table, sorted by ``id``; ``by_split`` is false for what belongs to no patient."""

    name: str
    about: str
    columns: tuple[Column, ...]
    by_split: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(column.name, column.type) for column in self.columns])


def _id(about: str) -> Column:
    return Column("id", TEXT, about)


def _of(name: str, table: str, about: str = "") -> Column:
    return Column(name, TEXT, about or f"the row of `{table}`", table)


def _or_null(name: str, table: str, about: str) -> Column:
    return Column(name, TEXT, about, table, may_be_null=True)


SOURCES = Table(
    "sources",
    "where cases come from, with licence, citation and what may be passed on",
    (
        _id("source"),
        Column("slug", TEXT, "short name"),
        Column("name", TEXT, "full name"),
        Column("licence", TEXT, "SPDX id or words"),
        Column("citation", TEXT, "cite this when you use its rows"),
        Column("terms_url", TEXT, "the source's own terms"),
        Column("pixels_redistributable", BOOL, "its pixels may be in a release"),
        Column("text_redistributable", BOOL, "its text and all derived from it may"),
        Column("boxes_redistributable", BOOL, "its boxes may, whoever drew them"),
        Column("commercial_use", BOOL, "commercial use is allowed"),
    ),
    by_split=False,
)
MODELS = Table(
    "models",
    "one backend at one version",
    (
        _id("model version"),
        Column("kind", TEXT, "grounder or parser"),
        Column("name", TEXT, "backend"),
        Column("version", TEXT, "as the backend reports it"),
        Column("hash", TEXT, "SHA-256 of its weights or rules"),
        Column("licence", TEXT, "terms of its output"),
        Column("checkpoint", TEXT, "name of the weights; null: not told apart"),
        Column("adapter", TEXT, "name of what was trained on top; null: none"),
        Column("prompt", TEXT, "name and hash of the prompt's template; null: none"),
        Column("decoding", TEXT, "settings of sampling; null: none"),
        Column("weights_hash", TEXT, "SHA-256 of the weights alone; null: not told apart"),
    ),
    by_split=False,
)
CASES = Table(
    "cases",
    "one image of one patient",
    (
        _id("case"),
        _of("source", "sources"),
        Column("licence", TEXT, "of this row: its source's"),
        Column("patient", TEXT, "pseudonym of this release alone"),
        Column("split", TEXT, "train, validation or test; by patient"),
        Column("view", TEXT, "PA, AP or LATERAL; null: unknown"),
        Column("age", INT, "years, 90 means 90 or more"),
        Column("sex", TEXT, "F, M or O; null: unknown"),
        Column("phantom", BOOL, "a drawing, no patient"),
        Column("width", INT, "pixels"),
        Column("height", INT, "pixels"),
        Column("pixels_sha256", TEXT, "SHA-256 of the decoded pixels"),
        Column("perceptual_hash", TEXT, "64-bit DCT hash in hex digits; null: not made"),
        Column("image", TEXT, "file in this folder; null where the terms keep pixels back"),
    ),
)
DRAFTS = Table(
    "drafts",
    "one draft impression",
    (
        _id("draft"),
        _of("case", "cases"),
        Column("origin", TEXT, "human, edited, synthetic or model"),
        Column("characters", INT, "length of the text"),
        Column("text", TEXT, "null where the terms keep text back"),
    ),
)
AUDITS = Table(
    "audits",
    "one comparison of one image and one draft",
    (
        _id("audit"),
        _of("case", "cases"),
        _of("draft", "drafts"),
        _of("grounder", "models"),
        _of("parser", "models"),
        Column("policy", TEXT, "of the comparator"),
        Column("attempt", INT, "which attempt ended it"),
        Column("image_state", TEXT, "grounded or partial"),
        Column("draft_state", TEXT, "parsed, empty or unparsed"),
        Column("image_labels", STATES, "state per label on the image; null: not assessed"),
        Column("draft_labels", STATES, "state per label in the draft; null: silent"),
        Column("scores", SCORES, "whole-image scores, where the grounder has them"),
        Column("score", INT, "of the draft's claims, 0..100"),
        Column("notes", TEXTS, "empty where the terms keep text back"),
    ),
)
FINDINGS = Table(
    "findings",
    "what the grounder saw",
    (
        _id("finding"),
        _of("audit", "audits"),
        Column("label", TEXT, "one of the five labels"),
        Column("box", BOX, "null: none, or kept back"),
        Column("score", FLOAT, "0..1"),
        Column("below", BOOL, "the best candidate below the threshold, not a finding"),
    ),
)
MENTIONS = Table(
    "mentions",
    "one phrase of the draft and its state",
    (
        _id("mention"),
        _of("audit", "audits"),
        Column("label", TEXT, "one of the five labels"),
        Column("state", TEXT, "present, uncertain or absent"),
        Column("start", INT, "first character"),
        Column("end", INT, "after the last character"),
        Column("overruled", BOOL, "an impression's mention stands in its place"),
        Column("side", TEXT, "left, right, bilateral or null"),
        Column("text", TEXT, "the phrase"),
        Column("cue", TEXT, "the words that decided"),
        Column("section", TEXT, "of the draft"),
        Column("rule", TEXT, "the parser's rule"),
    ),
)
FLAGS = Table(
    "flags",
    "one disagreement, raised by the comparator",
    (
        _id("flag"),
        _of("audit", "audits"),
        Column("position", INT, "order within the audit"),
        Column("kind", TEXT, "MISSING, UNSUPPORTED or URGENT"),
        Column("label", TEXT, "one of the five labels"),
        Column("reason", TEXT, "omitted or denied, on MISSING"),
        Column("reported", BOOL, "on URGENT: the draft says it"),
        Column("side_agrees", BOOL, "sides of boxes and phrases agree"),
        Column("boxes", BOXES, "all boxes behind it"),
        Column("spans", SPANS, "[start, end] of all phrases behind it"),
        Column("rule", TEXT, "of the policy"),
    ),
)
CLAIMS = Table(
    "claims",
    "one statement of the draft and how the image supports it",
    (
        _id("claim"),
        _of("audit", "audits"),
        Column("start", INT, "first character"),
        Column("end", INT, "after the last character"),
        Column("type", TEXT, "finding, absence, measurement, impression, ..."),
        Column("labels", TEXTS, "labels it speaks of"),
        Column("alignment", TEXT, "supported, uncertain, needs_review or null"),
        Column("penalty", INT, "0, 8 or 25"),
        Column("text", TEXT, "the statement"),
    ),
)
LEDGER = Table(
    "ledger",
    "what a model said and could not be used",
    (
        _id("ledger row"),
        _of("audit", "audits"),
        Column("step", TEXT, "grounding or parsing"),
        Column("attempt", INT, "of the audit"),
        Column("reason", TEXT, "why it could not be used"),
        Column("raw", TEXT, "verbatim"),
        Column("detail", TEXT, "in words"),
    ),
)
_EXPERIENCE = (
    "student, in_training or years of reading; null: not said, or too few readers share it"
)
FIRST_VIEWS = Table(
    "first_views",
    "what one reader of a blind queue saw in the image alone, before the draft and the flags",
    (
        _id("first view"),
        _of("audit", "audits"),
        Column("reader", TEXT, "pseudonym of this release alone"),
        Column("experience", TEXT, _EXPERIENCE),
        Column("states", STATES, "the reader's state for each label, never changed afterwards"),
        Column("boxes", SEEN, "what the reader drew; empty: none, or kept back"),
        Column("active_seconds", FLOAT, "attended time, to a tenth; null: not measured"),
    ),
)
DECISIONS = Table(
    "decisions",
    "one reader's answer to one flag, as it stood at submit, before any adjudication",
    (
        _id("decision"),
        _of("audit", "audits"),
        _of("flag", "flags"),
        Column("read", TEXT, "one sitting of one reader on one audit"),
        Column("reader", TEXT, "pseudonym of this release alone"),
        Column("experience", TEXT, _EXPERIENCE),
        Column("mode", TEXT, "flags_first or blind_first"),
        Column("sampling_weight", FLOAT, "1, or 1 / the chance of being drawn"),
        Column("verdict", TEXT, "confirmed, confirmed_modified, dismissed, indeterminate"),
        Column("reason", TEXT, "when not confirmed"),
        Column("significance", TEXT, "none, minor or significant"),
        Column("box", BOX, "corrected by the reader"),
        Column("finding_true", BOOL, "layer: the finding is true; null settles nothing"),
        Column("box_right", BOOL, "layer: its box is right"),
        Column("draft_read_right", BOOL, "layer: the draft was read right"),
        Column("active_seconds", FLOAT, "attended time, to a tenth"),
        Column("comment", TEXT, "the reader's words; null: none, or kept back"),
    ),
)
MISSED_FINDINGS = Table(
    "missed_findings",
    "what a reader added because the auditor had not raised it",
    (
        _id("missed finding"),
        _of("audit", "audits"),
        Column("read", TEXT, "one sitting of one reader on one audit"),
        Column("reader", TEXT, "pseudonym of this release alone"),
        Column("experience", TEXT, _EXPERIENCE),
        Column("label", TEXT, "one of the five labels"),
        Column("box", BOX, "null: none, or kept back"),
        Column("comment", TEXT, "the reader's words; null: none, or kept back"),
    ),
)
ADJUDICATIONS = Table(
    "adjudications",
    "one ruling on one difference between the reads of an audit",
    (
        _id("ruling"),
        _of("audit", "audits"),
        Column("adjudication", TEXT, "one sitting of one adjudicator on one audit"),
        Column("reader", TEXT, "who ruled: pseudonym of this release alone"),
        Column("experience", TEXT, _EXPERIENCE),
        Column("label", TEXT, "one of the five labels"),
        _or_null("flag", "flags", "null: the ruling is on a label that some reader added"),
        Column("verdict", TEXT, "on a flag: as in decisions"),
        Column("reason", TEXT, "when not confirmed"),
        Column("present", BOOL, "on a label: whether it is there"),
        Column("box", BOX, "drawn by the adjudicator"),
        Column("comment", TEXT, "why, in the adjudicator's words; null: kept back"),
    ),
)
SETTLEMENTS = Table(
    "settlements",
    "what is settled of one flag, or of one label that no flag names, and by which rule",
    (
        _id("settlement"),
        _of("audit", "audits"),
        Column("label", TEXT, "one of the five labels"),
        _or_null("flag", "flags", "null: a label that no flag names"),
        Column("basis", TEXT, "flag, missed_finding or attested (nothing else missed)"),
        Column("rule", TEXT, "adjudicated, agreement or single_read; the strongest holds"),
        Column("verdict", TEXT, "on a flag: as in decisions"),
        Column("reason", TEXT, "when not confirmed and all gave the same"),
        Column("finding_true", BOOL, "the label is on the image; null settles nothing"),
        Column("box_right", BOOL, "the flag's box is right"),
        Column("draft_read_right", BOOL, "the draft was read right"),
        Column("box", BOX, "settled; null: none, or kept back"),
    ),
)
TAKEDOWNS = Table(
    "takedowns",
    "cases of earlier releases that were withdrawn: delete your copies",
    (_id("case"), Column("pixels_sha256", TEXT, "SHA-256 of the decoded pixels")),
    by_split=False,
)

TABLES = (
    SOURCES,
    MODELS,
    CASES,
    DRAFTS,
    AUDITS,
    FINDINGS,
    MENTIONS,
    FLAGS,
    CLAIMS,
    LEDGER,
    FIRST_VIEWS,
    DECISIONS,
    MISSED_FINDINGS,
    ADJUDICATIONS,
    SETTLEMENTS,
    TAKEDOWNS,
)


@cache
def table(name: str) -> Table:
    return next(one for one in TABLES if one.name == name)


def shard_names(table: str, split: str, number: int, total: int) -> dict[str, str]:
    """``{"parquet": "data/<table>/<split>-00000-of-00001.parquet", "jsonl": ...}``.

    The layout of the Hugging Face hub; JSON lines lie beside it under ``jsonl/``.
    """
    stem = f"{table}/{split}-{number:05d}-of-{total:05d}"
    return {"parquet": f"data/{stem}.parquet", "jsonl": f"jsonl/{stem}.jsonl"}


def splits_of(one: Table) -> tuple[str, ...]:
    return SPLITS if one.by_split else ("train",)


Row = dict[str, Any]

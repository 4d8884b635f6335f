"""Generated rows for the release benchmark: audits with three flags, each flag read twice.

Written by the database itself, so that a million decisions take minutes; the constraints hold.
"""

import json

from audits.models import (
    Audit,
    Case,
    Claim,
    Decision,
    Draft,
    Finding,
    Flag,
    Mention,
    ModelVersion,
    Queue,
    Read,
    ReviewItem,
    ReviewSlot,
    Settlement,
    Source,
    User,
)
from benchmarks._sql_rows import fill, key, run, sha
from inference.vocabulary import LABELS

FLAGS, READERS = 3, 2
DECISIONS_PER_AUDIT = FLAGS * READERS
_DRAFT = "Heart size normal. Small right pleural effusion. No pneumothorax."
_LABEL = f"(ARRAY[{', '.join(repr(label.value) for label in LABELS)}])[k]"


def generate(audits: int) -> None:
    """One source that lets text and boxes leave (no pixels: there are no images), one queue."""
    each = f"generate_series(1, {audits}) AS n"
    flags = f"{each}, generate_series(1, {FLAGS}) AS k"
    _add_cases(each)
    _add_audits(each)
    _add_seen(flags)
    _add_said(flags)
    _add_flags(flags)
    _add_reads(each)
    _add_decisions(flags)
    _add_settlements(flags)
    run("ANALYZE")


def _add_cases(each: str) -> None:
    source = Source.objects.create(
        slug="generated",
        name="Generated",
        licence="CC0-1.0",
        text_redistributable=True,
        boxes_redistributable=True,
    )
    fill(
        Case,
        each,
        id=key("case", "n"),
        source_id=f"'{source.pk}'",
        file_sha256=sha("file"),
        pixels_sha256=sha("pixels"),
        patient_hash="encode(sha256(('patient' || n / 2)::bytea), 'hex')",
        view="'PA'",
        age="20 + mod(n, 60)",
        width="1024",
        height="1024",
        perceptual_hash="('x' || substr(md5('look' || n), 1, 16))::bit(64)::bigint",
        image="'none'",
    )
    fill(
        Draft,
        each,
        id=key("draft", "n"),
        case_id=key("case", "n"),
        text=f"'{_DRAFT}'",
        sha256=sha("draft"),
    )


def _add_audits(each: str) -> None:
    grounder, parser = (
        ModelVersion.objects.create(
            kind=kind, name="generated", version="1", hash="0" * 64, may_release_output=True
        )
        for kind in ("grounder", "parser")
    )
    states = json.dumps({label.value: "present" for label in LABELS})
    fill(
        Audit,
        each,
        id=key("audit", "n"),
        case_id=key("case", "n"),
        draft_id=key("draft", "n"),
        grounder_id=f"'{grounder.pk}'",
        parser_id=f"'{parser.pk}'",
        policy="'1'",
        state="'done'",
        image_state="'grounded'",
        draft_state="'parsed'",
        image_labels=f"'{states}'::jsonb",
        draft_labels=f"'{states}'::jsonb",
        score="90",
        finished_at="now()",
    )


def _add_seen(flags: str) -> None:
    fill(Finding, flags, id=key("finding", "n", "k"), **_OF_AUDIT, **_BOX, score="0.9")


def _add_said(flags: str) -> None:
    fill(
        Mention,
        flags,
        id=key("mention", "n", "k"),
        **_OF_AUDIT,
        **_SPAN,
        state="'present'",
        text="'Small right pleural effusion'",
    )
    fill(
        Claim,
        flags,
        id=key("claim", "n", "k"),
        audit_id=key("audit", "n"),
        position="k",
        **_SPAN,
        text="'Small right pleural effusion'",
        type="'finding'",
        labels=f"ARRAY[{_LABEL}]",
        alignment="'supported'",
    )


def _add_flags(flags: str) -> None:
    fill(
        Flag,
        flags,
        id=key("flag", "n", "k"),
        **_OF_AUDIT,
        kind="'MISSING'",
        reason="'omitted'",
        boxes="'[[0.1, 0.2, 0.3, 0.4]]'::jsonb",
        rule="'present-silent'",
    )


def _add_reads(each: str) -> None:
    queue = Queue.objects.create(name="generated", reads_per_item=READERS)
    readers = [User.objects.create_user(f"reader-{k}", password=None) for k in range(READERS)]
    reader = f"(ARRAY[{', '.join(repr(str(one.pk)) for one in readers)}]::uuid[])[r]"
    reads = f"{each}, generate_series(1, {READERS}) AS r"
    fill(
        ReviewItem,
        each,
        id=key("item", "n"),
        queue_id=f"'{queue.pk}'",
        audit_id=key("audit", "n"),
    )
    fill(
        ReviewSlot,
        reads,
        id=key("slot", "n", "r"),
        item_id=key("item", "n"),
        number="r",
        queue_id=f"'{queue.pk}'",
        state="'submitted'",
        reviewer_id=reader,
        fence="1",
    )
    fill(
        Read,
        reads,
        id=key("read", "n", "r"),
        slot_id=key("slot", "n", "r"),
        fence="1",
        reviewer_id=reader,
        nothing_else_missed="true",
        submitted_at="now()",
    )


def _add_decisions(flags: str) -> None:
    """One in seven dismisses."""
    fill(
        Decision,
        f"{flags}, generate_series(1, {READERS}) AS r",
        id=key("decision", "n", "k", "r"),
        read_id=key("read", "n", "r"),
        flag_id=key("flag", "n", "k"),
        number="k",
        verdict="CASE WHEN mod(n * k + r, 7) = 0 THEN 'dismissed' ELSE 'confirmed' END",
        reason="CASE WHEN mod(n * k + r, 7) = 0 THEN 'not_on_image' END",
        finding_true="mod(n * k + r, 7) <> 0",
        active_seconds="12.5",
    )


def _add_settlements(flags: str) -> None:
    fill(
        Settlement,
        flags,
        id=key("settlement", "n", "k"),
        item_id=key("item", "n"),
        case_id=key("case", "n"),
        label=_LABEL,
        flag_id=key("flag", "n", "k"),
        basis="'flag'",
        rule="'agreement'",
        verdict="'confirmed'",
        finding_true="true",
        box_right="true",
        draft_read_right="true",
    )


_OF_AUDIT = {"audit_id": key("audit", "n"), "position": "k", "label": _LABEL}
_SPAN = {"start": "20", "end": "48"}
_BOX = {"y0": "0.1", "x0": "0.2", "y1": "0.3", "x1": "0.4"}

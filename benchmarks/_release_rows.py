"""Generated rows for the release benchmark: audits with three flags, each flag read twice.

Written by the database itself, so that a million decisions take minutes; the constraints hold.
"""

import json
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

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
from inference.vocabulary import LABELS

FLAGS, READERS = 3, 2
DECISIONS_PER_AUDIT = FLAGS * READERS
_DRAFT = "Heart size normal. Small right pleural effusion. No pneumothorax."
_LABEL = f"(ARRAY[{', '.join(repr(label.value) for label in LABELS)}])[k]"


def generate(audits: int) -> None:
    """One source that lets text and boxes leave (no pixels: there are no images), one queue."""
    source = Source.objects.create(
        slug="generated",
        name="Generated",
        licence="CC0-1.0",
        text_redistributable=True,
        boxes_redistributable=True,
    )
    grounder, parser = (
        ModelVersion.objects.create(
            kind=kind, name="generated", version="1", hash="0" * 64, may_release_output=True
        )
        for kind in ("grounder", "parser")
    )
    queue = Queue.objects.create(name="generated", reads_per_item=READERS)
    readers = [User.objects.create_user(f"reader-{k}", password=None) for k in range(READERS)]
    each = f"generate_series(1, {audits}) AS n"
    flags = f"{each}, generate_series(1, {FLAGS}) AS k"
    reads = f"{each}, generate_series(1, {READERS}) AS r"
    reader = f"(ARRAY[{', '.join(repr(str(one.pk)) for one in readers)}]::uuid[])[r]"
    states = json.dumps({label.value: "present" for label in LABELS})
    _fill(
        Case,
        each,
        id=_key("case", "n"),
        source_id=f"'{source.pk}'",
        file_sha256=_sha("file"),
        pixels_sha256=_sha("pixels"),
        patient_hash="encode(sha256(('patient' || n / 2)::bytea), 'hex')",
        view="'PA'",
        age="20 + mod(n, 60)",
        width="1024",
        height="1024",
        perceptual_hash="('x' || substr(md5('look' || n), 1, 16))::bit(64)::bigint",
        image="'none'",
    )
    _fill(
        Draft,
        each,
        id=_key("draft", "n"),
        case_id=_key("case", "n"),
        text=f"'{_DRAFT}'",
        sha256=_sha("draft"),
    )
    _fill(
        Audit,
        each,
        id=_key("audit", "n"),
        case_id=_key("case", "n"),
        draft_id=_key("draft", "n"),
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
    of_audit = {"audit_id": _key("audit", "n"), "position": "k", "label": _LABEL}
    _fill(Finding, flags, id=_key("finding", "n", "k"), **of_audit, **_BOX, score="0.9")
    span = {"start": "20", "end": "48"}
    _fill(
        Mention,
        flags,
        id=_key("mention", "n", "k"),
        **of_audit,
        **span,
        state="'present'",
        text="'Small right pleural effusion'",
    )
    _fill(
        Claim,
        flags,
        id=_key("claim", "n", "k"),
        audit_id=_key("audit", "n"),
        position="k",
        **span,
        text="'Small right pleural effusion'",
        type="'finding'",
        labels=f"ARRAY[{_LABEL}]",
        alignment="'supported'",
    )
    _fill(
        Flag,
        flags,
        id=_key("flag", "n", "k"),
        **of_audit,
        kind="'MISSING'",
        reason="'omitted'",
        boxes="'[[0.1, 0.2, 0.3, 0.4]]'::jsonb",
        rule="'present-silent'",
    )
    _fill(
        ReviewItem,
        each,
        id=_key("item", "n"),
        queue_id=f"'{queue.pk}'",
        audit_id=_key("audit", "n"),
    )
    _fill(
        ReviewSlot,
        reads,
        id=_key("slot", "n", "r"),
        item_id=_key("item", "n"),
        number="r",
        queue_id=f"'{queue.pk}'",
        state="'submitted'",
        reviewer_id=reader,
        fence="1",
    )
    _fill(
        Read,
        reads,
        id=_key("read", "n", "r"),
        slot_id=_key("slot", "n", "r"),
        fence="1",
        reviewer_id=reader,
        nothing_else_missed="true",
        submitted_at="now()",
    )
    _fill(
        Decision,
        f"{flags}, generate_series(1, {READERS}) AS r",
        id=_key("decision", "n", "k", "r"),
        read_id=_key("read", "n", "r"),
        flag_id=_key("flag", "n", "k"),
        number="k",
        verdict="CASE WHEN mod(n * k + r, 7) = 0 THEN 'dismissed' ELSE 'confirmed' END",
        reason="CASE WHEN mod(n * k + r, 7) = 0 THEN 'not_on_image' END",
        finding_true="mod(n * k + r, 7) <> 0",
        active_seconds="12.5",
    )
    _fill(
        Settlement,
        flags,
        id=_key("settlement", "n", "k"),
        item_id=_key("item", "n"),
        case_id=_key("case", "n"),
        label=_LABEL,
        flag_id=_key("flag", "n", "k"),
        basis="'flag'",
        rule="'agreement'",
        verdict="'confirmed'",
        finding_true="true",
        box_right="true",
        draft_read_right="true",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_BOX = {"y0": "0.1", "x0": "0.2", "y1": "0.3", "x1": "0.4"}


def _key(kind: str, *parts: str) -> str:
    """The id of a row: the same in every run."""
    return f"md5('{kind}' || {' || 0 || '.join(parts)})::uuid"


def _sha(kind: str) -> str:
    return f"encode(sha256(('{kind}' || n)::bytea), 'hex')"


def _fill(model: type[Model], rows: str, **given: str) -> None:
    """Insert a row per row of ``rows``; columns that are not given take the model's defaults."""
    columns: list[str] = []
    values: list[str] = []
    parameters: list[Any] = []
    for field in model._meta.concrete_fields:
        columns.append(f'"{field.column}"')
        if field.column in given:
            values.append(given[field.column])
        else:
            values.append(f"%s::{field.db_type(connection)}")
            parameters.append(_default(field))
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {rows}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _default(field: "Field[Any, Any]") -> Any:
    value = timezone.now() if getattr(field, "auto_now_add", False) else field.get_default()
    return field.get_db_prep_save(value, connection)

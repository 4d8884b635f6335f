"""Recorded findings: a reading that came with a case, stored once."""

import hashlib
import json
from typing import Any

from audits.models import Case, RecordedReading
from audits.services.identity import keyed_hash
from inference.datasets import Reading
from inference.vocabulary import LABELS


def reading_store(*, case: Case, reading: Reading) -> tuple[RecordedReading, bool]:
    """The reading with its boxes in the stored picture's frame, and whether it is new.

    The same reading by the same reader is the same row; a changed one is a row of its own, and
    the newest counts. Readers' names are kept as keyed hashes.
    """
    placed = reading.placed(case.height, case.width)
    content: dict[str, Any] = {
        "findings": [
            {"label": finding.label, "state": state, "box": finding.box, "score": finding.score}
            for finding, state in placed.findings
        ],
        "assessed": [label for label in LABELS if label in reading.assessed],
        "normal": reading.normal,
        "ledger": [
            {"reason": entry.reason, "raw": entry.raw, "detail": entry.detail}
            for entry in placed.ledger
        ],
    }
    packed = json.dumps(content, sort_keys=True, default=str)
    return RecordedReading.objects.get_or_create(
        case=case,
        kind=reading.kind,
        reader_hash=keyed_hash(kind=f"reader of {case.source.slug}", value=reading.reader),
        digest=hashlib.sha256(packed.encode()).hexdigest(),
        defaults=content,
    )

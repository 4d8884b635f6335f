"""Recorded findings: a reading that came with a case, stored once."""

import hashlib
import json
import re
from typing import Any

from audits.models import Case, RecordedReading
from audits.services.identity import keyed_hash
from inference.datasets import Reading
from inference.mappings import is_known
from inference.vocabulary import LABELS

_NUMBERS = re.compile(r"[\d\s.,e+\-\[\]()'\"]*|None")
_RECORD_NUMBER = re.compile(r"(?<![.\d])\d{7,}")
"""Longer than any coordinate's whole part."""


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
            {"reason": entry.reason, "raw": _told(entry.raw), "detail": entry.detail}
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


def _told(raw: str) -> str:
    """What could not be used, as far as it is a finding's name or a box's numbers.

    Whatever else stood there may be a patient's, and is told by its length alone.
    """
    is_box = _NUMBERS.fullmatch(raw) and not _RECORD_NUMBER.search(raw)
    return raw if is_box or is_known(raw) else f"[{len(raw)} characters, not kept]"

"""Names that leave the system: random per release, and gone with its seed."""

import hashlib
import hmac
import uuid

from django.conf import settings

from audits.models import Case

_SPLITS = ((80, "train"), (90, "validation"), (100, "test"))


def pseudonym(seed: str, kind: str, value: object) -> str:
    """The same value is the same name within a release, and unrelated names across releases."""
    return _keyed(seed, f"{kind}:{value}")[:16]


def split_of(case: Case) -> str:
    """Train, validation or test (80/10/10) by a keyed hash of the patient: stable for ever.

    A case of an unknown patient counts as a patient of its own.
    """
    share = int(_keyed(settings.IDENTITY_KEY or settings.SECRET_KEY, _person(case))[:8], 16) % 100
    return next(name for below, name in _SPLITS if share < below)


def patient_name(seed: str, case: Case) -> str:
    return pseudonym(seed, "patient", _person(case))


def reader_name(seed: str, reviewer_id: uuid.UUID) -> str:
    return pseudonym(seed, "reader", reviewer_id)


def _person(case: Case) -> str:
    return case.patient_hash or f"case:{case.pixels_sha256}"


def _keyed(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()

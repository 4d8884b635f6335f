"""Names that leave the system: random per release, and gone with its seed."""

import hashlib
import hmac
import uuid

from django.conf import settings


def pseudonym(seed: str, kind: str, value: object) -> str:
    """The same value is the same name within a release, and unrelated names across releases."""
    return _keyed(seed, f"{kind}:{value}")[:16]


def keyed_share(person: str) -> int:
    """A number in 0..2^32-1 that only this installation could foresee, the same for ever."""
    return int(_keyed(settings.IDENTITY_KEY or settings.SECRET_KEY, person)[:8], 16)


def person_of(patient_hash: str, pixels_sha256: str) -> str:
    """A case of an unknown patient counts as a patient of its own."""
    return patient_hash or f"case:{pixels_sha256}"


def patient_name(seed: str, person: str) -> str:
    return pseudonym(seed, "patient", person)


def reader_name(seed: str, reviewer_id: uuid.UUID) -> str:
    return pseudonym(seed, "reader", reviewer_id)


def _keyed(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()

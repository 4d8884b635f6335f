"""Keyed hashes stand in for patient codes and file names; the words themselves are not kept."""

import hashlib
import hmac

from django.conf import settings


def keyed_hash(*, kind: str, value: str) -> str:
    """Hex HMAC-SHA256 of ``value`` under the identity key; "" for an empty value.

    ``kind`` keeps equal words of different kinds apart.
    """
    if not value:
        return ""
    key = settings.IDENTITY_KEY or settings.SECRET_KEY
    return hmac.new(key.encode(), f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()

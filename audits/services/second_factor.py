"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes."""

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, ServiceError
from audits.models import SecondFactor, User
from audits.services.identity import keyed_hash
from audits.services.log import record

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
_ISSUER = "Overread"
_SLACK = (-1, 0, 1)
"""Steps beside the present one whose codes are taken too: clocks differ (RFC 6238, 5.2)."""


class SecondFactorMissing(ServiceError):
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "second_factor_missing",
            "Administrators need a second factor here: turn it on under Account first.",
        )


def secret_of(factor: SecondFactor) -> bytes:
    """20 bytes, as the RFC recommends for its HMAC-SHA-1."""
    return bytes.fromhex(keyed_hash(kind="second-factor-secret", value=factor.salt))[:20]


def code_at(secret: bytes, step: int) -> str:
    """HOTP (RFC 4226) of this step."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def has_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def lacks_factor(user: User) -> bool:
    """Whether the person may do nothing before they have turned one on."""
    return settings.ADMINISTRATORS_NEED_SECOND_FACTOR and user.is_staff and not has_factor(user)


@transaction.atomic
def factor_begin(*, user: User) -> str:
    """A new secret for their app, as an ``otpauth:`` address; nothing is asked for yet."""
    factor, _ = SecondFactor.objects.select_for_update().get_or_create(user=user)
    if factor.confirmed_at is not None:
        raise Conflict("second_factor_on", "A second factor is on; turn it off first.")
    factor.salt = secrets.token_hex(32)
    factor.save(update_fields=["salt"])
    secret = base64.b32encode(secret_of(factor)).decode()
    label = quote(f"{_ISSUER}:{user.username}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={_ISSUER}"


@transaction.atomic
def factor_confirm(*, user: User, code: str) -> list[str]:
    """Turn it on with a first code of the app; the recovery codes, which are shown once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise Conflict("second_factor_off", "Begin with a new secret first.")
    if factor.confirmed_at is not None:
        raise Conflict("second_factor_on", "The second factor is on already.")
    if not _is_code(factor, code):
        raise InvalidInput("code", "This is not the code that the app shows now.")
    codes = [secrets.token_hex(8) for _ in range(RECOVERY_CODES)]
    factor.recovery = [_digest(each) for each in codes]
    factor.confirmed_at = timezone.now()
    factor.save()
    record(actor=user, action="user.second_factor_on", target=user)
    return codes


@transaction.atomic
def factor_accepts(*, user: User, code: str) -> bool:
    """Whether the code is right. One code is right once, also when it comes twice at once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or factor.confirmed_at is None:
        return False
    if _is_code(factor, code):
        factor.save(update_fields=["last_step"])
        return True
    digest = _digest(code)
    if digest not in factor.recovery:
        return False
    factor.recovery.remove(digest)
    factor.save(update_fields=["recovery"])
    data = {"left": len(factor.recovery)}
    record(actor=user, action="user.recovery_code_used", target=user, data=data)
    return True


@transaction.atomic
def factor_remove(*, user: User, actor: User) -> None:
    """By the person, or by an administrator for somebody who lost it."""
    removed, _ = SecondFactor.objects.filter(user=user).delete()
    if removed:
        record(actor=actor, action="user.second_factor_off", target=user)


def _is_code(factor: SecondFactor, code: str) -> bool:
    """Whether a code fits, newer than the last that did; notes it on ``factor``, unsaved."""
    now = int(time.time()) // STEP_SECONDS
    secret = secret_of(factor)
    for step in (now + by for by in _SLACK):
        if step > factor.last_step and hmac.compare_digest(
            code_at(secret, step).encode(), code.encode()
        ):
            factor.last_step = step
            return True
    return False


def _digest(code: str) -> str:
    """64 random bits under the platform's key: nothing to search through, so no slow hash."""
    return keyed_hash(kind="recovery-code", value=code.strip().lower())

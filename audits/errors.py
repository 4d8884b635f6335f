"""The errors services raise. The API turns each into one envelope with its status."""

import errno
from typing import Any

_POSTGRES_DISK_FULL = "53100"


class ServiceError(Exception):
    """Something a caller can understand and mend. ``code`` is stable, the message is for people."""

    status = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: dict[str, list[str]] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}
        self.extra = extra or {}


class InvalidInput(ServiceError):
    """A field holds what it may not hold; nothing was stored."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__("invalid", sentence, fields={field: [sentence]})


class NotFound(ServiceError):
    """No such object, or not for this person: the answer is the same."""

    status = 404

    def __init__(self, what: str) -> None:
        super().__init__("not_found", f"No {what} of this id that you may see.")


class Conflict(ServiceError):
    """The object is not in a state for this; nothing that was stored is lost."""

    status = 409


def is_full_disk(error: BaseException | None) -> bool:
    """Whether that is behind it. DuckDB and Postgres have errors of their own for it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", None) == _POSTGRES_DISK_FULL:
            return True
        if "No space left on device" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False

"""The errors services raise. The API turns each into one envelope with its status."""

from typing import Any


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

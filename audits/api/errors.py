"""One envelope for every error: ``{"error": {"code", "message", "fields"}}``."""

import sys
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from audits.api.outages import outage
from audits.errors import ServiceError

_CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "throttled",
}


class TooLarge(ServiceError):
    status = 413

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__("too_large", message, fields={field: [message]} if field else None)


def envelope(
    code: str,
    message: str,
    fields: dict[str, list[str]] | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "fields": fields or {}, **(extra or {})}}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. An error nobody expected returns None and becomes Django's own 500."""
    error = outage(error) or error
    if isinstance(error, ServiceError):
        return Response(**_answer(error))
    known = _as_api_error(error)
    if known is None:
        return None
    response = Response(_body(known), status=known.status_code)
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(known, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _answer(error: ServiceError) -> dict[str, Any]:
    """What either kind of response is made of."""
    wait = getattr(error, "wait", None)
    return {
        "data": envelope(error.code, error.message, error.fields, error.extra),
        "status": error.status,
        "headers": {"Retry-After": str(wait)} if wait else None,
    }


def _as_api_error(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        too_large = exceptions.APIException("The request is too large.")
        too_large.status_code = 413
        return too_large
    if isinstance(error, TooManyFieldsSent | SuspiciousOperation):
        return exceptions.ParseError("The request is malformed.")
    return None


def _body(error: exceptions.APIException) -> dict[str, Any]:
    code = _CODES.get(error.status_code, "error")
    if not isinstance(error, exceptions.ValidationError):
        return envelope(code, str(error.detail))
    fields = _fields(error.detail)
    general = fields.pop("non_field_errors", [])
    sentences = [*general, *(line for lines in fields.values() for line in lines)]
    return envelope(code, sentences[0] if sentences else "The request is invalid.", fields)


def _fields(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested complaints flattened to ``field.inner``: a list of sentences each."""
    if isinstance(detail, dict):
        pairs = [
            (f"{prefix}.{key}" if prefix else str(key), value) for key, value in detail.items()
        ]
    elif isinstance(detail, list) and any(isinstance(part, dict | list) for part in detail):
        pairs = [(f"{prefix}.{at}", part) for at, part in enumerate(detail) if part]
    else:
        lines = detail if isinstance(detail, list) else [detail]
        return {prefix or "non_field_errors": [str(line) for line in lines]}
    flat: dict[str, list[str]] = {}
    for name, value in pairs:
        flat.update(_fields(value, name))
    return flat


@csrf_exempt  # nothing is here to protect, and 404 says more than a CSRF refusal
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return JsonResponse(envelope("not_found", "There is nothing at this address."), status=404)


def server_error(request: HttpRequest) -> JsonResponse:
    """Django's last resort, asked while the error is handled: for all that is not DRF's."""
    if found := outage(sys.exc_info()[1]):
        return JsonResponse(**_answer(found))
    message = "Something went wrong here; it was written to the server's log."
    return JsonResponse(envelope("internal_error", message), status=500)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return JsonResponse(envelope("invalid", "The request is malformed."), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return JsonResponse(envelope("permission_denied", "You may not do this."), status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    message = "The CSRF token is missing or wrong; reload the page."
    return JsonResponse(envelope("permission_denied", message), status=403)

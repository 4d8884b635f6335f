"""What the page will ask for first, put into the document that brings it.

The page's script then has who is signed in and, at an audit's address, that audit, without a round
trip; and the browser asks for the image before there is a script. Both are what the API answers
the same person at the same moment, through its own views: no rule is written here again.
"""

import re
from collections.abc import Callable
from copy import copy
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from rest_framework.utils.encoders import JSONEncoder

from audits.api.audits import AuditDetail
from audits.api.session import Session

_READING = re.compile(r"/audits/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_IMAGE = '<link rel="preload" as="fetch" crossorigin href="{}">'

_session, _audit = Session.as_view(), AuditDetail.as_view()


def known_ahead(request: HttpRequest) -> SafeString:
    """Elements for the document's head. Without a database there are none: the script asks itself,
    and shows what it meets."""
    try:
        found = _script("session", _answer(_session, request))
        if reading := _READING.fullmatch(request.path):
            audit = _answer(_audit, request, "all=1", audit_id=UUID(reading[1]))
            if audit is not None:
                found += format_html(_IMAGE, audit["case"]["image_url"]) + _script("audit", audit)
    except DatabaseError:
        return SafeString()
    return found


def _script(name: str, answer: dict[str, Any] | None) -> SafeString:
    return json_script(answer, name, JSONEncoder) if answer else SafeString()


def _answer(
    view: Callable[..., Any], request: HttpRequest, query: str = "", **address: UUID
) -> dict[str, Any] | None:
    """What the API tells whoever asks for the document; None where it refuses."""
    asked = copy(request)
    asked.GET = QueryDict(query)
    answer = view(asked, **address)
    return answer.data if answer.status_code == 200 else None

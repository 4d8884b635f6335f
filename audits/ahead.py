"""What the page will ask for next, named in the answer that brings it (`Link`, RFC 8288).

A browser asks for it at once, beside the script that would ask for it: the reading view has its
audit and its image a few round trips sooner. It is a hint, and no right: each address is asked for
as the person who is signed in, and a case is named to nobody who may not look at it.
"""

import json
import re
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from audits.selectors.cases import viewable_cases

_READING = re.compile(r"/audits/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_READING_SCRIPT = "src/reading/ReadingPage.tsx"


def links_ahead(request: HttpRequest) -> str:
    """The header's value; empty where nothing is known to follow."""
    found = _READING.fullmatch(request.path)
    if found is None or not request.user.is_authenticated:
        return ""
    cases = viewable_cases(request.user).filter(audits=UUID(found[1]))
    case = cases.values_list("pk", flat=True).first()
    if case is None:
        return ""
    data = [f"{reverse('audit', args=[found[1]])}?all=1", reverse("case-image", args=[case])]
    fetched = [f"<{address}>; rel=preload; as=fetch; crossorigin" for address in data]
    return ", ".join([*fetched, *_scripts()])


@cache
def _scripts() -> tuple[str, ...]:
    """The reading view's own files, as the build named them."""
    manifest = Path(settings.FRONTEND_DIST) / ".vite" / "manifest.json"
    if not manifest.is_file():
        return ()
    chunks = json.loads(manifest.read_text())
    files: dict[str, None] = {}

    def add(name: str) -> None:
        chunk = chunks.get(name)
        if chunk is None or chunk["file"] in files or chunk.get("isEntry"):
            return
        files[chunk["file"]] = None
        files.update(dict.fromkeys(chunk.get("css", [])))
        for each in chunk.get("imports", []):
            add(each)

    add(_READING_SCRIPT)
    return tuple(
        f"</static/{file}>; rel=preload; as=style; crossorigin"
        if file.endswith(".css")
        else f"</static/{file}>; rel=modulepreload"
        for file in files
    )

"""Large files, whole or in part: a download that broke goes on where it was (RFC 9110, 14)."""

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from rest_framework.request import Request

_CHUNK = 2**18
_ONE_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")

Download = FileResponse | StreamingHttpResponse | HttpResponse


def download(
    request: Request, stored: IO[bytes], *, size: int, shown: str, version: str
) -> Download:
    """The file as an attachment called ``shown``, or the one range of it that is asked for.

    ``version`` changes when the bytes do. What is no single range is answered with the whole file,
    as the standard allows; a range outside of it is 416.
    """
    tag = f'"{version}"'
    asked = request.headers.get("Range", "")
    # A part of another version would be stitched to a file that it does not belong to.
    if request.headers.get("If-Range", tag) != tag:
        asked = ""
    found = _ONE_RANGE.match(asked)
    if found is None or found.group(1) == found.group(2) == "":
        whole = FileResponse(stored, as_attachment=True, filename=shown)
        return _marked(whole, tag)
    first, last = _bounds(found.group(1), found.group(2), size)
    if not first <= last < size:
        stored.close()
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _marked(refused, tag)
    part = StreamingHttpResponse(
        _part(stored, first, last - first + 1),
        status=206,
        content_type="application/octet-stream",
        headers={
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Content-Length": str(last - first + 1),
            "Content-Disposition": f'attachment; filename="{shown}"',
        },
    )
    return _marked(part, tag)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:  # the last so many bytes
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _part(stored: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with stored:
        stored.seek(start)
        while length > 0 and (chunk := stored.read(min(_CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _marked(answer: Download, tag: str) -> Download:
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = tag
    return answer

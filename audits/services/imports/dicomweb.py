"""Pulling radiographs from a PACS by DICOMweb (DICOM PS3.18): QIDO finds them, WADO fetches each.

A server is one more place that an import reads from: what it sends goes through the same decoder,
allow-list and rows as a file. Its UIDs and dates are held while the import runs, and never stored
or logged. A study's date decides only in which order it is imported: so priors follow each other.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from io import BytesIO
from typing import Any, BinaryIO

import requests
from dicomweb_client.api import DICOMwebClient
from django.conf import settings

from audits.errors import InvalidInput
from audits.services.imports.containers import refuse_image_size
from audits.services.imports.layouts import Layout
from audits.services.imports.rows import ImportRefused, Row
from inference.described import MODALITIES

# Their logs quote addresses, which hold UIDs and a patient's code.
for _talkative in ("dicomweb_client.web", "urllib3.connectionpool"):
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)

PAGE = 100
MAX_INSTANCES = 100_000
_SECONDS = (10.0, 120.0)
_DICOM = "application/dicom"
_ACCEPT = f'multipart/related; type="{_DICOM}"; transfer-syntax=*, {_DICOM}; transfer-syntax=*'
_ENVELOPE_BYTES = 64 * 2**10
_UID = re.compile(r"[0-9.]{1,64}")
_STUDY, _SERIES, _INSTANCE = "0020000D", "0020000E", "00080018"
_DATE, _TIME = "00080020", "00080030"
_MODALITIES, _MODALITY = "00080061", "00080060"

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, in the words of DICOM's own attributes; ``limit`` studies at most."""

    attributes: Mapping[str, str]
    limit: int = 1_000


def session_of_settings() -> requests.Session:
    """With the account of the settings, if they have one."""
    session = requests.Session()
    if settings.DICOMWEB_TOKEN:
        session.headers["Authorization"] = f"Bearer {settings.DICOMWEB_TOKEN}"
    elif settings.DICOMWEB_USER:
        session.auth = (settings.DICOMWEB_USER, settings.DICOMWEB_PASSWORD)
    return session


class DicomWebContainer:
    """The instances of CR and DX that a search finds, oldest study first.

    A name is the path of an instance below the server's address. Raises ``ImportRefused`` if the
    server can't be asked.
    """

    def __init__(self, url: str, search: Search) -> None:
        if not url.startswith(("http://", "https://")):
            raise ImportRefused("bad_address", "A DICOMweb address starts with https://.")
        self._url = url.rstrip("/")
        self._session = session_of_settings()
        try:
            client = DICOMwebClient(self._url, session=self._session, timeout=_SECONDS)
            client.set_http_retry_params(max_attempts=3, wait_exponential_multiplier=500)
            self.names = list(dict.fromkeys(_listed(client, search)))
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            # Without the library's words, which quote the address with what was asked for.
            why = type(error).__name__
            raise ImportRefused(
                "server_failed", f"The server could not be searched: {why}."
            ) from None

    def layout(self) -> Layout:
        return Layout("pairs", self._rows)

    def open(self, name: str) -> BinaryIO:
        return BytesIO(self.read_image(name))

    def size(self, name: str) -> int:
        return len(self.read_image(name))

    def read_image(self, name: str) -> bytes:
        try:
            return self._fetched(f"{self._url}/{name}")
        except requests.RequestException as error:
            said = error.response
            why = f"it answered {said.status_code}" if said is not None else type(error).__name__
            raise InvalidInput("image", f"The server did not send it: {why}.") from None

    def read_text(self, name: str) -> str:
        raise InvalidInput("draft", "A DICOMweb server has pictures only.")

    def _rows(self) -> Iterator[Row]:
        for number, name in enumerate(self.names, start=1):
            if name:
                yield Row(number, name)
            else:
                yield Row(number, problem=("image", "The server names it by no valid UID."))

    def _fetched(self, address: str) -> bytes:
        most = settings.IMAGE_MAX_BYTES + _ENVELOPE_BYTES
        asked = {"Accept": _ACCEPT}
        with self._session.get(address, headers=asked, stream=True, timeout=_SECONDS) as answer:
            answer.raise_for_status()
            body = bytearray()
            for piece in answer.iter_content(2**20):
                body += piece
                if len(body) > most:
                    break
            image = _only_part(bytes(body), answer.headers.get("Content-Type", ""))
        refuse_image_size(len(image))
        return image


def _only_part(body: bytes, kind: str) -> bytes:
    """The instance itself: the body, or the one part of it."""
    header = Message()
    header["Content-Type"] = kind
    if header.get_content_type() != "multipart/related":
        return body
    marker = b"--" + str(header.get_param("boundary", "")).encode()
    _, found, rest = body.partition(marker)
    _, began, part = rest.partition(b"\r\n\r\n")
    part, ended, _ = part.partition(b"\r\n" + marker)
    if not (found and began and ended):
        raise InvalidInput("image", "The server's answer is cut off, or no answer of DICOMweb.")
    return part


def _listed(client: DICOMwebClient, search: Search) -> Iterator[str]:
    """Paths of instances; an empty one for what has no valid UIDs."""
    count = 0
    for study in _studies(client, search):
        for series in _pages(_SERIES, client.search_for_series, study):
            if not _is_radiograph(series, _MODALITY):
                continue
            of = study, _value(series, _SERIES)
            for instance in _pages(_INSTANCE, client.search_for_instances, *of):
                count += 1
                if count > MAX_INSTANCES:
                    why = f"The search finds over {MAX_INSTANCES:,} pictures: narrow it."
                    raise ImportRefused("too_many", why)
                yield _path(*of, _value(instance, _INSTANCE))


def _studies(client: DICOMwebClient, search: Search) -> list[str]:
    found: dict[str, tuple[str, str]] = {}
    for study in _pages(_STUDY, client.search_for_studies, search_filters=search.attributes):
        if _is_radiograph(study, _MODALITIES):
            found[_value(study, _STUDY)] = _value(study, _DATE), _value(study, _TIME)
        if len(found) > search.limit:
            why = f"The search finds over {search.limit:,} studies: narrow it, or raise --limit."
            raise ImportRefused("too_many", why)
    return sorted(found, key=lambda uid: (found[uid], uid))


def _is_radiograph(found: Found, tag: str) -> bool:
    """By what the server says, if it says; intake looks for itself.

    Not by a search for it: Orthanc 1.10 loses what lies behind the first page of such a one.
    """
    said = found.get(tag, {}).get("Value")
    return not said or any(modality in said for modality in MODALITIES)


def _pages(uid: str, ask: Any, *of: str, **wanted: Any) -> Iterator[Found]:
    """All that is found, until a page brings nothing new: servers shorten pages as they like, and
    some give the same one for every offset."""
    seen: set[str] = set()
    offset = 0
    while page := ask(*of, **wanted, limit=PAGE, offset=offset):
        new = [found for found in page if _value(found, uid) not in seen]
        if not new:
            return
        yield from new
        seen |= {_value(found, uid) for found in new}
        offset += len(page)


def _value(found: Found, tag: str) -> str:
    values = found.get(tag, {}).get("Value") or [""]
    return str(values[0])


def _path(study: str, series: str, instance: str) -> str:
    if not all(map(_UID.fullmatch, (study, series, instance))):
        return ""
    return f"studies/{study}/series/{series}/instances/{instance}"

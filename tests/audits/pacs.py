"""A DICOMweb server for tests: answers made by pydicom of files in memory, not a real PACS.

It knows the searches and the retrieval that `audits.services.imports.dicomweb` asks for, and no
others. ``docs/intake.md`` says what was tried by hand against a real one (Orthanc).
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pydicom

_LEVELS = {
    "studies": ("StudyInstanceUID", "StudyDate", "StudyTime", "PatientID", "PatientName"),
    "series": ("SeriesInstanceUID", "Modality"),
    "instances": ("SOPInstanceUID",),
}


@dataclass
class Pacs:
    """``files`` by UID of the instance; what is ``lost`` is found and not sent."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    needs: str = ""
    """The Authorization that it asks for."""
    repeats: bool = False
    """Whether it gives the first page for every offset, as careless servers do."""
    tells_modalities: bool = True
    asked: list[str] = field(default_factory=list)

    def add(self, data: bytes) -> None:
        self.files[str(pydicom.dcmread(io.BytesIO(data)).SOPInstanceUID)] = data

    def sets(self) -> Iterator[tuple[pydicom.Dataset, bytes]]:
        for data in self.files.values():
            yield pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True), data

    def search(self, path: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """DICOM JSON of the level that the path ends with."""
        level, found = path.rsplit("/", 1)[1], dict[str, dict[str, Any]]()
        for dataset, _ in self.sets():
            if _below(path, dataset) and _matches(dataset, query):
                shown = pydicom.Dataset()
                for name in _LEVELS[level]:
                    setattr(shown, name, dataset.get(name, ""))
                if level == "studies" and self.tells_modalities:
                    shown.ModalitiesInStudy = dataset.Modality
                found[str(dataset.get(_LEVELS[level][0]))] = shown.to_json_dict()
        start = 0 if self.repeats else int(query.get("offset", ["0"])[0])
        return list(found.values())[start : start + int(query.get("limit", ["100"])[0])]

    def instance(self, path: str) -> bytes | None:
        uid = path.rsplit("/", 1)[1]
        return None if uid in self.lost else self.files.get(uid)


def _below(path: str, dataset: pydicom.Dataset) -> bool:
    named = dict(re.findall(r"(studies|series)/([^/]+)", path))
    own = {"studies": dataset.StudyInstanceUID, "series": dataset.SeriesInstanceUID}
    return all(own[level] == uid for level, uid in named.items() if uid not in _LEVELS)


def _matches(dataset: pydicom.Dataset, query: dict[str, list[str]]) -> bool:
    wanted = {name: values[0] for name, values in query.items() if name not in ("limit", "offset")}
    return all(str(dataset.get(name, "")) == value for name, value in wanted.items())


@contextmanager
def pacs() -> Iterator[Pacs]:
    held = Pacs()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/dicom-web")
            if held.needs and self.headers.get("Authorization") != held.needs:
                return self._send(401, b"", "text/plain")
            if re.fullmatch(r".*/instances/[^/]+", path):
                return self._instance(held.instance(path))
            found = held.search(path, parse_qs(parts.query))
            return self._send(200, json.dumps(found).encode(), "application/dicom+json")

        def _instance(self, data: bytes | None) -> None:
            if data is None:
                return self._send(404, b"", "text/plain")
            body = b"--b0undary\r\nContent-Type: application/dicom\r\n\r\n" + data
            kind = 'multipart/related; type="application/dicom"; boundary=b0undary'
            return self._send(200, body + b"\r\n--b0undary--", kind)

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        held.url = f"http://127.0.0.1:{server.server_port}/dicom-web"
        Thread(target=server.serve_forever, daemon=True).start()
        yield held
        server.shutdown()

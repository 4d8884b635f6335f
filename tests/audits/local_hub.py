"""A dataset hub on this machine that speaks to `huggingface_hub` over HTTP as huggingface.co does.

Repositories, the upload of large files (Git LFS's batch API), commits as JSON lines, tags. It takes
nothing without its token and no large file whose bytes are not what their name says.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

LARGE = (".parquet", ".png")


@dataclass
class Repository:
    private: bool
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)
    """Name -> number of the commit."""


@dataclass
class Hub:
    token: str
    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    full: bool = False
    """Take no more large files."""

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Status and JSON of one request."""
        match [method, *path.strip("/").split("/")]:
            case ["POST", "api", "repos", "create"]:
                return self._create(json.loads(body))
            case ["POST", "api", "validate-yaml"]:
                return 200, {"errors": [], "warnings": []}
            case ["PUT", "large", oid]:
                return self._keep(oid, body)
            case ["POST", "datasets", _, _, "info", "lfs", "objects", "batch"]:
                return 200, {"transfer": "basic", "objects": self._wanted(json.loads(body))}
            case [method, "api", "datasets", owner, name, *rest]:
                return self._of(f"{owner}/{name}", method, rest, body)
        return 404, {"error": f"{method} {path}"}

    def _create(self, asked: dict[str, Any]) -> tuple[int, Any]:
        name = f"{asked['organization']}/{asked['name']}"
        said = {"url": f"{self.url}/datasets/{name}", "name": name}
        if name in self.repositories:
            return 409, said
        assert asked["type"] == "dataset"
        self.repositories[name] = Repository(private=asked["visibility"] == "private")
        return 200, said

    def _keep(self, oid: str, body: bytes) -> tuple[int, Any]:
        if hashlib.sha256(body).hexdigest() != oid:
            return 400, {"error": "not kept"}
        self.large[oid] = body
        return 200, {}

    def _wanted(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        if self.full:
            error = {"code": 507, "message": "There is no room."}
            return [{**one, "error": error} for one in asked["objects"]]
        return [
            {**one, "actions": {"upload": {"href": f"{self.url}/large/{one['oid']}"}}}
            for one in asked["objects"]
        ]

    def _of(self, name: str, method: str, path: list[str], body: bytes) -> tuple[int, Any]:
        repository = self.repositories[name]
        match [method, *path]:
            case ["GET", "tree", "main", *_]:
                return 200, [
                    {"type": "file", "path": name, "size": len(held), "oid": "0" * 40}
                    for name, held in sorted(repository.files.items())
                ]
            case ["POST", "preupload", "main"]:
                return 200, {"files": [_mode(one) for one in json.loads(body)["files"]]}
            case ["POST", "commit", "main"]:
                self._commit(repository, map(json.loads, body.splitlines()))
                oid = f"{len(repository.commits):040d}"
                url = f"{self.url}/datasets/{name}/commit/{oid}"
                return 200, {"commitUrl": url, "commitOid": oid, "hookOutput": ""}
            case ["POST", "tag", "main"]:
                repository.tags[json.loads(body)["tag"]] = len(repository.commits)
                return 200, {}
        return 404, {"error": "/".join(path)}

    def _commit(self, repository: Repository, lines: Iterator[dict[str, Any]]) -> None:
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "header":
                    repository.commits.append(value["summary"])
                case "file":
                    repository.files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    repository.files[value["path"]] = self.large[value["oid"]]
                case "deletedFile":
                    del repository.files[value["path"]]


def _mode(asked: dict[str, Any]) -> dict[str, Any]:
    mode = "lfs" if asked["path"].endswith(LARGE) else "regular"
    return {"path": asked["path"], "uploadMode": mode, "shouldIgnore": False}


@contextmanager
def local_hub(token: str) -> Iterator[Hub]:
    hub = Hub(token)

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            known = self.headers.get("Authorization") == f"Bearer {hub.token}"
            # A large file goes to the address that its batch named, without a token.
            if known or path.startswith("/large/"):
                status, said = hub.answer(self.command, path, body)
            else:
                status, said = 401, {"error": "Invalid user token."}
            sent = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 - the names that http.server looks for

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

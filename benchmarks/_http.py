"""A client that costs little beside the servers it measures: JSON over one kept connection."""

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Client:
    """One person's connection; each answer's milliseconds are kept under the name of the request.

    ``sent`` counts requests, so that work can be limited by their number and not by the clock.
    """

    port: int
    token: str
    scheme: str = "Bearer"
    sent: int = 0
    taken: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def get(self, path: str, name: str = "") -> Any:
        return self._ask("GET", path, None, name)

    def post(self, path: str, body: Any = None, name: str = "") -> Any:
        return self._ask("POST", path, body, name)

    def ask(self, method: str, path: str, body: Any = None, name: str = "") -> tuple[int, Any]:
        """Status and answer, whatever they are."""
        headers = {"Authorization": f"{self.scheme} {self.token}"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        began = time.perf_counter()
        status, text = self._exchange(method, path, data, headers)
        self.sent += 1
        if name:
            self.taken.setdefault(name, []).append(1000 * (time.perf_counter() - began))
        return status, json.loads(text) if text else None

    def _ask(self, method: str, path: str, body: Any, name: str) -> Any:
        status, answer = self.ask(method, path, body, name)
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {answer}")
        return answer

    def _exchange(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        try:
            self._connection.request(method, path, data, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server closed a connection that was idle: it has not taken this request.
            self._connection.close()
            self._connection.request(method, path, data, headers)
            answer = self._connection.getresponse()
        return answer.status, answer.read()

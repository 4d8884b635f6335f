"""A small OpenAI-compatible server on a real socket; each request takes the next answer."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer(ThreadingHTTPServer):
    """``script`` is taken from the front; its last answer serves for ever. ``bodies`` and
    ``headers`` are what was asked. ``closing`` is set when the test is over."""

    daemon_threads = True

    def __init__(self, *script: "Answer") -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.script = list(script)
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def next_answer(self, body: dict[str, Any], headers: dict[str, str]) -> "Answer":
        with self.lock:
            self.bodies.append(body)
            self.headers.append(headers)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


Answer = Callable[["_Requests"], None]


class _Requests(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.next_answer(body, {k.lower(): v for k, v in self.headers.items()})(self)

    def answer(self, status: int, data: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """The test's output is not for each request."""


@contextmanager
def serving(*script: Answer) -> Iterator[ModelServer]:
    with ModelServer(*script) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def says(text: object, finish: str = "stop") -> Answer:
    """A whole completion; anything but a text is written as JSON."""
    content = text if isinstance(text, str) else json.dumps(text)
    completion = {
        "model": "tiny",
        "choices": [{"message": {"content": content}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7},
    }
    data = json.dumps(completion).encode()
    return lambda request: request.answer(200, data, "application/json")


def refuses(status: int, text: str = "busy", **headers: str) -> Answer:
    return lambda request: request.answer(status, text.encode(), "text/plain", **headers)


def replies(data: bytes) -> Answer:
    return lambda request: request.answer(200, data, "application/json")


def streams(*pieces: str, whole: bool = True) -> Answer:
    """Server-sent chunks, though none were asked for; ``whole`` ends them with [DONE]."""
    chunks = [json.dumps({"choices": [{"delta": {"content": piece}}]}) for piece in pieces]
    usage = json.dumps({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}})
    events = [*chunks, usage, *(["[DONE]"] if whole else [])]
    data = "".join(f"data: {event}\n\n" for event in events).encode()
    return lambda request: request.answer(200, data, "text/event-stream")


def stalls(request: _Requests) -> None:
    """Sends nothing until the test is over."""
    request.server.closing.wait()


def drips(request: _Requests) -> None:
    """Sends a space now and then, so that no single read ever times out."""
    request.send_response(200)
    request.end_headers()
    while not request.server.closing.wait(0.02):
        try:
            request.wfile.write(b" ")
        except OSError:
            return


def hangs_up(request: _Requests) -> None:
    request.close_connection = True

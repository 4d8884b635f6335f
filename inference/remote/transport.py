"""One request to an OpenAI-compatible server: sent, bounded in time and size, sent again."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from inference.grounders.base import BackendUnavailable
from inference.remote.breaker import Breaker
from inference.remote.settings import RemoteSettings

MAX_BYTES = 4_000_000
"""No answer of a thousand tokens is larger: a server that sends more is cut off."""

_KEPT = 2_000
_AGAIN = {408, 409, 425, 429, 500, 502, 503, 504}
_chance = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Reply:
    """What one sending gave: the model's text, or ``problem``, a sentence, and what was sent.

    ``again`` says whether the same request may go better another time; ``after`` is how many
    seconds the server asked to be left alone.
    """

    text: str
    ms: int
    problem: str = ""
    again: bool = False
    after: float = 0.0
    finish: str = ""
    served_by: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


class Server:
    """Sends chat completions. Safe between threads; ``pause`` waits, in seconds.

    A client is opened for each request: workers fork, and a socket must not be shared by two
    processes. Proxies of the environment are not used and redirects not followed: images go to
    the address that the settings name and nowhere else.
    """

    def __init__(
        self, settings: RemoteSettings, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings, self._pause = settings, pause
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_seconds)

    def ask(self, body: dict[str, Any]) -> list[Reply]:
        """Every reply to ``body``, the last one the answer if it has no ``problem``.

        Raises ``BackendUnavailable`` without sending anything while the breaker is open.
        """
        wait = self._breaker.wait()
        if wait > 0:
            raise BackendUnavailable(
                f"The model's server failed {self._settings.breaker_failures} times in a row; "
                f"it is asked again in {wait:.0f} s."
            )
        replies = [self._send(body)]
        while replies[-1].again and len(replies) < self._settings.attempts:
            self._pause(self._backoff(len(replies), replies[-1].after))
            replies.append(self._send(body))
        if replies[-1].problem:
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return replies

    def _backoff(self, sent: int, after: float) -> float:
        """Full jitter, so that many workers don't come back at the same moment; or longer if the
        server says so (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter)"""
        longest = self._settings.backoff_max_seconds
        most = min(longest, self._settings.backoff_seconds * 2 ** (sent - 1))
        return max(_chance.uniform(0, most), min(after, longest))

    def _send(self, body: dict[str, Any]) -> Reply:
        started = time.monotonic()
        try:
            status, headers, data = self._exchange(body, started + self._settings.answer_seconds)
        except _TooLong as error:
            return Reply(error.got, _ms(started), str(error), again=error.again)
        except httpx.TimeoutException as error:
            return Reply("", _ms(started), f"No answer in time ({type(error).__name__}).", True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Reply("", _ms(started), f"The connection failed ({type(error).__name__}).", True)
        if status != 200:
            again, after = status in _AGAIN, _seconds(headers.get("retry-after", ""))
            return Reply(_shown(data), _ms(started), f"HTTP {status}.", again, after)
        return _read(data, headers.get("content-type", ""), _ms(started))

    def _exchange(self, body: dict[str, Any], deadline: float) -> tuple[int, httpx.Headers, bytes]:
        """Status, headers and body. httpx times each read: a server that drips a byte now and
        then would never time out, so the whole answer has a deadline of its own."""
        settings = self._settings
        timeout = httpx.Timeout(settings.answer_seconds, connect=settings.connect_seconds)
        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        got = bytearray()
        with (
            httpx.Client(timeout=timeout, headers=headers, trust_env=False) as client,
            client.stream("POST", f"{settings.url}/chat/completions", json=body) as response,
        ):
            for piece in response.iter_bytes():
                got += piece
                if len(got) > MAX_BYTES:
                    raise _TooLong("The answer is larger than any answer is.", got, again=False)
                if time.monotonic() > deadline:
                    raise _TooLong("No whole answer in time.", got, again=True)
            return response.status_code, response.headers, bytes(got)


class _TooLong(Exception):
    def __init__(self, message: str, got: bytearray, again: bool) -> None:
        super().__init__(message)
        self.got, self.again = _shown(bytes(got[:_KEPT])), again


def _read(data: bytes, kind: str, ms: int) -> Reply:
    """The model's text out of a completion, or of the chunks of a server that streams anyway."""
    try:
        chunks = _chunks(data) if kind.startswith("text/event-stream") else [json.loads(data)]
        text = _storable("".join(map(_text, chunks)))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Reply(_shown(data), ms, "The server's answer is not a chat completion.", True)
    finish = [choice.get("finish_reason") for each in chunks for choice in each["choices"][:1]]
    usage: dict[str, Any] = next(
        (each["usage"] for each in chunks if isinstance(each.get("usage"), dict)), {}
    )
    return Reply(
        text=text,
        ms=ms,
        finish=next((word for word in reversed(finish) if isinstance(word, str)), ""),
        served_by=str(chunks[0].get("model") or "")[:200],
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
    )


def _chunks(data: bytes) -> list[dict[str, Any]]:
    """The events of a stream; ``ValueError`` if it has none or ended before ``[DONE]``."""
    lines = data.decode().splitlines()
    events = [line[5:].strip() for line in lines if line.startswith("data:")]
    if not events or events[-1] != "[DONE]":
        raise ValueError("the stream was cut")
    return [json.loads(event) for event in events[:-1]]


def _text(completion: dict[str, Any]) -> str:
    """What the model wrote. A refusal, or thinking and nothing else, is an empty text."""
    if not completion["choices"]:
        return ""  # the last chunk of a stream carries the usage alone
    choice = completion["choices"][0]
    message = choice["message"] if "message" in choice else choice["delta"]
    content = message.get("content")
    if content is not None and not isinstance(content, str):
        raise TypeError("content is a text")
    return content or ""


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 2**31 else None


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _shown(data: bytes) -> str:
    return _storable(data[:_KEPT].decode(errors="replace"))


def _storable(text: str) -> str:
    """Postgres takes neither NUL nor half a surrogate pair, and JSON may spell both."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

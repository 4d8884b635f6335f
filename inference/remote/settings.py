"""What a remote backend is told by the environment.

Each variable stands once for the grounder and once for the parser, as ``REMOTE_GROUNDER_URL`` and
``REMOTE_PARSER_URL``; docs/models.md lists them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inference.grounders.base import BackendUnavailable
from inference.settings import SettingsReader

Role = Literal["GROUNDER", "PARSER"]

_DEFAULT_PROMPTS: dict[Role, str] = {"GROUNDER": "findings-1", "PARSER": "mentions-1"}
_DEFAULT_TOKENS: dict[Role, int] = {"GROUNDER": 512, "PARSER": 1024}


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """Where the model is, how it is asked, and for how long.

    ``url`` is the server's ``/v1``. Seconds and counts are at least 0; ``key`` never leaves the
    request's header. ``attempts`` is how often one request is sent before it counts as failed.
    """

    url: str
    model: str
    prompt: str
    max_tokens: int
    key: str = field(default="", repr=False)
    revision: str = ""
    licence: str = "unknown"
    may_release_output: bool = False
    force_schema: bool = True
    image_side: int = 896
    connect_seconds: float = 5.0
    answer_seconds: float = 120.0
    attempts: int = 3
    backoff_seconds: float = 1.0
    backoff_max_seconds: float = 30.0
    breaker_failures: int = 5
    breaker_seconds: float = 30.0
    concurrency: int = 8


def remote_settings(environ: Mapping[str, str], role: Role) -> RemoteSettings:
    """Read the settings; ``BackendUnavailable`` names the variable that is missing or wrong."""
    read = SettingsReader(environ, f"REMOTE_{role}_")
    url = read.text("URL").rstrip("/")
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", url):
        raise BackendUnavailable(
            f"REMOTE_{role}_URL must be the address of the model's server without a user in it, "
            "such as http://gpu-1:8000/v1."
        )
    if not read.text("MODEL"):
        raise BackendUnavailable(f"REMOTE_{role}_MODEL must name the model that the server runs.")
    return RemoteSettings(
        url=url,
        model=read.text("MODEL"),
        prompt=read.text("PROMPT") or _DEFAULT_PROMPTS[role],
        max_tokens=int(read.number("MAX_TOKENS", _DEFAULT_TOKENS[role], least=1)),
        key=read.secret("KEY"),
        revision=read.text("REVISION"),
        licence=read.text("LICENCE") or "unknown",
        may_release_output=read.flag("MAY_RELEASE_OUTPUT", False),
        force_schema=read.flag("FORCE_SCHEMA", True),
        image_side=int(read.number("IMAGE_SIDE", 896, least=64)),
        connect_seconds=read.number("CONNECT_SECONDS", 5.0, least=0.001),
        answer_seconds=read.number("ANSWER_SECONDS", 120.0, least=0.001),
        attempts=int(read.number("ATTEMPTS", 3, least=1)),
        backoff_seconds=read.number("BACKOFF_SECONDS", 1.0),
        backoff_max_seconds=read.number("BACKOFF_MAX_SECONDS", 30.0),
        breaker_failures=int(read.number("BREAKER_FAILURES", 5, least=1)),
        breaker_seconds=read.number("BREAKER_SECONDS", 30.0),
        concurrency=int(read.number("CONCURRENCY", 8, least=1)),
    )

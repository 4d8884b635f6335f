"""What a model in our own process is told by the environment.

Each variable stands once for each backend, as ``MEDGEMMA_CHECKPOINT`` and
``NEMOTRON_CHECKPOINT``; docs/models.md lists them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from inference.grounders.base import BackendUnavailable
from inference.prompts import Answer, prompt_of
from inference.settings import SettingsReader

Precision = Literal["bf16", "nf4", "fp32"]

_TOKENS: dict[Answer, int] = {"findings": 512, "mentions": 1536}


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Which weights, how they are held and how they are asked.

    ``checkpoint`` and ``adapter`` are folders, or names on the hub where ``download`` allows it
    (else they must be in its cache). ``batch`` is the most questions in one ``generate``;
    ``thinking`` the most tokens of reasoning before an answer, 0 for none. ``device`` is
    ``cuda``, ``cpu``, or empty for what there is.
    """

    checkpoint: str
    prompt: str
    max_tokens: int
    adapter: str = ""
    revision: str = ""
    precision: Precision = "bf16"
    device: str = ""
    batch: int = 8
    thinking: int = 0
    force_schema: bool = True
    image_side: int = 896
    licence: str = "unknown"
    may_release_output: bool = False
    download: bool = False
    threads: int = 0


def local_settings(
    environ: Mapping[str, str], prefix: str, answer: Answer, thinking: int = 0
) -> LocalSettings:
    """Read the settings; ``BackendUnavailable`` names the variable that is missing or wrong."""
    read = SettingsReader(environ, f"{prefix}_")
    checkpoint = read.text("CHECKPOINT")
    if not checkpoint:
        raise BackendUnavailable(f"{prefix}_CHECKPOINT must name a folder or a model of the hub.")
    prompt = read.text("PROMPT") or prompt_of(checkpoint, answer)
    if prompt is None:
        raise BackendUnavailable(
            f"{prefix}_PROMPT must name the template that {checkpoint} is asked with: with it "
            "comes what its boxes mean."
        )
    precision = read.text("PRECISION") or "bf16"
    if precision not in ("bf16", "nf4", "fp32"):
        raise BackendUnavailable(f"{prefix}_PRECISION must be bf16, nf4 or fp32.")
    return LocalSettings(
        checkpoint=checkpoint,
        prompt=prompt,
        max_tokens=int(read.number("MAX_TOKENS", _TOKENS[answer], least=1)),
        adapter=read.text("ADAPTER"),
        revision=read.text("REVISION"),
        precision=cast(Precision, precision),
        device=read.text("DEVICE"),
        batch=int(read.number("BATCH", 8, least=1)),
        thinking=int(read.number("THINKING", thinking)),
        force_schema=read.flag("FORCE_SCHEMA", True),
        image_side=int(read.number("IMAGE_SIDE", 896, least=64)),
        licence=read.text("LICENCE") or "unknown",
        may_release_output=read.flag("MAY_RELEASE_OUTPUT", False),
        download=read.flag("DOWNLOAD", False),
        threads=int(read.number("THREADS", 0)),
    )

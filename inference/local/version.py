"""What a model in our own process tells of itself, without loading it."""

import hashlib
import importlib.util
import json
from dataclasses import asdict
from pathlib import Path

from inference.generation.ladder import Rung
from inference.grounders.base import BackendUnavailable
from inference.local.settings import LocalSettings
from inference.prompts import Prompt
from inference.schema import BackendVersion

_NEEDED = ("torch", "transformers", "accelerate", "llguidance")


def check_packages(settings: LocalSettings) -> None:
    """Raises ``BackendUnavailable`` naming what is not installed."""
    needed = [*_NEEDED]
    needed += ["bitsandbytes"] if settings.precision == "nf4" else []
    needed += ["peft"] if settings.adapter else []
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise BackendUnavailable(
            f"{', '.join(missing)} not installed: pip install -r requirements-models.txt"
        )


def local_version(
    name: str, settings: LocalSettings, prompt: Prompt, steps: tuple[Rung, ...]
) -> BackendVersion:
    """The hash covers the weights and everything that changes what is asked or answered.

    Batch size and device are no part of it.
    """
    weights = _weights(settings)
    asked = {
        "weights": weights,
        "prompt": prompt.hash,
        "precision": settings.precision,
        "max_tokens": settings.max_tokens,
        "thinking": settings.thinking,
        "force_schema": settings.force_schema,
        "boxes": asdict(prompt.boxes) if prompt.boxes else None,
        "image_side": settings.image_side if prompt.boxes else None,
        "steps": [rung._asdict() for rung in steps],
    }
    told = ("precision", "max_tokens", "thinking", "force_schema", "image_side")
    return BackendVersion(
        name=name,
        version=f"{Path(settings.checkpoint).name[:40]}-{weights[:12]}",
        hash=hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest(),
        licence=settings.licence[:200],
        may_release_output=settings.may_release_output,
        checkpoint=settings.checkpoint[-200:],
        adapter=settings.adapter[-200:],
        prompt=prompt.reference,
        decoding=json.dumps({**{key: asked[key] for key in told}, "rungs": len(steps)}),
        weights_hash=weights,
    )


def _weights(settings: LocalSettings) -> str:
    from inference.local.loading import weights_hash  # noqa: PLC0415 - brings torch

    return weights_hash([_folder(name, settings) for name in _parts(settings)])


def _parts(settings: LocalSettings) -> list[str]:
    return [settings.checkpoint, settings.adapter] if settings.adapter else [settings.checkpoint]


def _folder(name: str, settings: LocalSettings) -> Path:
    """The folder of a checkpoint: itself, or where the hub's cache has it."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    revision = settings.revision if name == settings.checkpoint else ""
    try:
        return Path(
            snapshot_download(
                name, revision=revision or None, local_files_only=not settings.download
            )
        )
    except (OSError, ValueError) as error:
        raise BackendUnavailable(
            f"{name} is no folder and not in the hub's cache: download it first, or let the "
            "settings do it with DOWNLOAD=1."
        ) from error

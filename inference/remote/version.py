"""What a remote backend tells of itself: all that is known here of a model that runs elsewhere."""

import hashlib
import json
from dataclasses import asdict

from inference.generation.ladder import Rung
from inference.prompts import Prompt
from inference.remote.settings import RemoteSettings
from inference.schema import BackendVersion

NAME = "remote"


def remote_version(
    settings: RemoteSettings, prompt: Prompt, steps: tuple[Rung, ...]
) -> BackendVersion:
    """The hash covers model, revision, prompt and everything that changes what is asked.

    The server's weights can't be hashed from here: ``REVISION`` is whatever the host says of
    them. Addresses, keys and waiting times are no part of a version.
    """
    asked = {
        "model": settings.model,
        "revision": settings.revision,
        "prompt": prompt.hash,
        "max_tokens": settings.max_tokens,
        "force_schema": settings.force_schema,
        "boxes": asdict(prompt.boxes) if prompt.boxes else None,
        "image_side": settings.image_side if prompt.boxes else None,
        "steps": [rung._asdict() for rung in steps],
    }
    decoding = {name: asked[name] for name in ("max_tokens", "force_schema", "image_side")}
    return BackendVersion(
        name=NAME,
        version=(settings.revision or settings.model)[-60:],
        hash=hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest(),
        licence=settings.licence[:200],
        may_release_output=settings.may_release_output,
        checkpoint=settings.model[:200],
        prompt=prompt.reference,
        decoding=json.dumps({**decoding, "rungs": len(steps)}),
    )

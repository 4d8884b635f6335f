"""Backends that look at images, by name."""

import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from inference.grounders.base import BackendUnavailable, Grounder, GroundingFailed

__all__ = ["GROUNDERS", "BackendUnavailable", "Grounder", "GroundingFailed", "get_grounder"]


def _embedded() -> Grounder:
    from inference.grounders.embedded.backend import EmbeddedGrounder  # noqa: PLC0415
    from inference.grounders.embedded.card import FOLDER  # noqa: PLC0415

    # A retrained detector is a folder of its own: another card, so another version.
    return EmbeddedGrounder(Path(os.environ.get("EMBEDDED_WEIGHTS") or FOLDER))


def _remote() -> Grounder:
    from inference.grounders.remote import build  # noqa: PLC0415

    return build()


def _medgemma() -> Grounder:
    from inference.grounders.medgemma import build  # noqa: PLC0415

    return build()


def _ensemble() -> Grounder:
    from inference.grounders.ensemble import build  # noqa: PLC0415

    return build()


def _readings(name: str) -> Grounder:
    from inference.grounders.readings import ReadingsGrounder  # noqa: PLC0415

    return ReadingsGrounder(name)


GROUNDERS: dict[str, Callable[[], Grounder]] = {
    "annotated": partial(_readings, "annotated"),
    "embedded": _embedded,
    "ensemble": _ensemble,
    "medgemma": _medgemma,
    "recorded": partial(_readings, "recorded"),
    "remote": _remote,
}
"""Each backend's module, and the stack behind it, is imported only when it is asked for."""


@cache
def get_grounder(name: str) -> Grounder:
    """The grounder called ``name``, one a process (weights are loaded once).

    Raises ``ValueError`` for an unknown name, ``BackendUnavailable`` when it can't start.
    """
    if name not in GROUNDERS:
        raise ValueError(f"unknown grounder {name!r}; known: {', '.join(sorted(GROUNDERS))}")
    return GROUNDERS[name]()

"""Parsers of drafts, by name."""

import functools
import importlib
from collections.abc import Callable

from inference.parsers.base import Parser

_MODULES = {
    "rules": "inference.parsers.rules",
    "nemotron": "inference.parsers.nemotron",
    "remote": "inference.parsers.remote",
}

PARSER_NAMES: tuple[str, ...] = tuple(_MODULES)


@functools.cache
def get_parser(name: str) -> Parser:
    """Return the parser called ``name``; its module is imported on first use.

    Raises ``ValueError`` naming the known parsers.
    """
    if name not in _MODULES:
        raise ValueError(f"unknown parser {name!r}; known: {', '.join(PARSER_NAMES)}")
    build: Callable[[], Parser] = importlib.import_module(_MODULES[name]).build
    return build()

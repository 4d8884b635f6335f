"""The checks that need no services: lint, types and the page's own."""

from collections.abc import Sequence
from pathlib import Path

from bootstrap.commands import inherited_environment, show
from bootstrap.layout import Layout, python_of
from bootstrap.terminal import say

TYPED = ("bootstrap", "inference", "audits", "auditsite")


def lint(layout: Layout) -> bool:
    """Whether ruff finds nothing."""
    # Each runs whatever the other found: one look shows all there is to do.
    return all([_module(layout, "ruff", "check"), _module(layout, "ruff", "format", "--check")])


def types(layout: Layout) -> bool:
    """Whether mypy, strict by pyproject.toml, finds nothing in the typed rooms."""
    return _module(layout, "mypy", *TYPED)


def python_environment(layout: Layout) -> dict[str, str]:
    """An environment for tools that import the platform's settings and connect to nothing."""
    return {**inherited_environment(), "SECRET_KEY": "for checks and tests only"}


def _module(layout: Layout, module: str, *arguments: str) -> bool:
    say(f"$ {module} {' '.join(arguments)}")
    command: Sequence[str | Path] = [python_of(layout.venv), "-m", module, *arguments]
    return show(command, cwd=layout.root, env=python_environment(layout)) == 0

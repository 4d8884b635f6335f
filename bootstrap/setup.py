"""`make setup`: all that has to be there before anything can run."""

from collections.abc import Sequence

from bootstrap.environments import DEVELOPMENT_LOCKS, PLATFORM_LOCKS, ensure_packages
from bootstrap.frontend import ensure_built
from bootstrap.layout import Layout
from bootstrap.locks import waited_for


def ensure_setup(layout: Layout, *, development: bool = False) -> None:
    """Have the environment, the packages and the page; quick when they are there already."""
    layout.create_state()
    locks: Sequence[Sequence[str]] = (
        (PLATFORM_LOCKS, DEVELOPMENT_LOCKS) if development else (PLATFORM_LOCKS,)
    )
    notice = "Another make is setting up in this folder; waiting for it ..."
    with waited_for(layout.root / "Makefile", notice=notice):
        for each in locks:
            ensure_packages(layout, each)
        ensure_built(layout)

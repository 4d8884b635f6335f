"""What every parser of drafts offers, whatever it is made of."""

from typing import Protocol

from inference.schema import BackendVersion, Parsing


class Parser(Protocol):
    """Reads one draft. The same text always gives the same answer."""

    @property
    def version(self) -> BackendVersion: ...

    def parse(self, text: str) -> Parsing:
        """Read ``text`` (any unicode, any length); never raises for what a draft may hold."""
        ...

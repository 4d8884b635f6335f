"""Reading a backend's settings out of the environment."""

from collections.abc import Mapping
from pathlib import Path

from inference.grounders.base import BackendUnavailable


class SettingsReader:
    """Variables under one prefix. ``BackendUnavailable`` names the one that does not hold."""

    def __init__(self, environ: Mapping[str, str], prefix: str) -> None:
        self._environ, self._prefix = environ, prefix

    def text(self, name: str) -> str:
        return self._environ.get(self._prefix + name, "").strip()

    def secret(self, name: str) -> str:
        """The value itself, or the contents of the file that ``NAME_FILE`` names."""
        path = self.text(f"{name}_FILE")
        try:
            return Path(path).read_text().strip() if path else self.text(name)
        except (OSError, ValueError) as error:
            raise BackendUnavailable(
                f"{self._prefix}{name}_FILE names a file that can't be read."
            ) from error

    def flag(self, name: str, default: bool) -> bool:
        given = self.text(name)
        if given not in ("", "0", "1"):
            raise BackendUnavailable(f"{self._prefix}{name} must be 0 or 1.")
        return given == "1" if given else default

    def number(self, name: str, default: float, least: float = 0.0) -> float:
        given = self.text(name)
        try:
            value = float(given) if given else default
        except ValueError:
            value = -1.0
        if not least <= value < 1e6:
            raise BackendUnavailable(f"{self._prefix}{name} must be a number from {least:g}.")
        return value

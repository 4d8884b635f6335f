"""Model cards: the opening of a backend's card in docs/, as Markdown."""

from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def card_of(name: str) -> str:
    """The card up to its first section; "" for a backend without one."""
    path = Path(settings.BASE_DIR) / "docs" / f"model-card-{name}.md"
    if not path.is_file():
        return ""
    opening = path.read_text(encoding="utf-8").partition("\n## ")[0]
    return opening.partition("\n")[2].strip()

"""The page shows what an answer says of a flag's layers before the server has the answer."""

import json
from pathlib import Path
from typing import Any

from inference.decisions import Layers, Verdict, layers, reasons_for
from inference.vocabulary import FlagKind

PAGE = Path(__file__).parents[2] / "frontend" / "src" / "reading" / "layers.json"


def of(said: Layers) -> dict[str, bool | None]:
    return {
        "finding_true": said.finding_true,
        "box_right": said.box_right,
        "draft_read_right": said.draft_read_right,
    }


def table() -> dict[str, Any]:
    """By kind: the answers without a reason by verdict, and dismissals by reason."""
    return {
        kind.value: {
            "confirmed": of(layers(kind, Verdict.CONFIRMED, None)),
            "confirmed_modified": None
            if kind is FlagKind.UNSUPPORTED
            else of(layers(kind, Verdict.CONFIRMED_MODIFIED, None)),
            "dismissed": {
                reason.value: of(layers(kind, Verdict.DISMISSED, reason))
                for reason in reasons_for(kind)
            },
        }
        for kind in FlagKind
    }


def test_the_page_has_the_same_table() -> None:
    same = json.loads(PAGE.read_text()) == table()
    assert same, f"write this into {PAGE}:\n{json.dumps(table(), indent=2)}"

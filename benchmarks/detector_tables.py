"""How the detector's benchmarks write: cells, Markdown tables, and the card's marked parts."""

from collections.abc import Sequence
from pathlib import Path

from inference.metrics.intervals import Measure

DOCUMENT = Path(__file__).parents[1] / "docs" / "model-card-embedded.md"


def cell(measure: Measure) -> str:
    """``.912 [.880, .940] (95)``; a dash where nothing is known."""
    if measure.value is None or not measure.n:
        return "-"
    interval = ""
    if measure.low is not None and measure.high is not None:
        interval = f" [{measure.low:.2f}, {measure.high:.2f}]"
    return f"{measure.value:.3f}{interval} ({measure.n})"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def write_between(part: str, text: str, document: Path = DOCUMENT) -> None:
    """Put ``text`` between ``<!-- part: begin -->`` and ``<!-- part: end -->`` of ``document``.

    Raises ``ValueError`` if the document lacks the markers.
    """
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    whole = document.read_text(encoding="utf-8")
    head, found, rest = whole.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{document} has no part between {begin} and {end}")
    document.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}", encoding="utf-8")

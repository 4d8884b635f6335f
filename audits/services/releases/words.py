"""Words of readers and adjudicators on their way out: those that may name a person stay behind.

Nobody has cleared a comment, as curators clear drafts. So one in which the scrubber finds anything
stays behind whole: who names one person may name another whom its rules miss.
"""

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from audits.models import Release, ReleaseShard
from inference.scrubbing import scrub

COMMENTS = "comments"
"""Beside the kinds of `inference.scrubbing`: the comments in which anything was found."""


def without_names(
    pieces: Iterator[pa.Table], columns: tuple[str, ...], found: Counter[str]
) -> Iterator[pa.Table]:
    """The pieces without the marked texts of ``columns``; what was found is added to ``found``."""
    for piece in pieces:
        for column in columns:
            if piece[column].null_count < piece.num_rows:
                at = piece.schema.get_field_index(column)
                said = [_leaving(text, found) for text in piece[column].to_pylist()]
                piece = piece.set_column(  # noqa: PLW2901
                    at, piece.schema.field(at), pa.array(said, type=pa.string())
                )
        yield piece


def _leaving(text: str | None, found: Counter[str]) -> str | None:
    counts = scrub(text).counts if text else {}
    if not counts:
        return text
    found.update(counts)
    found[COMMENTS] += 1
    return None


def count_marked(release: Release) -> Counter[tuple[str, str]]:
    """Comments that stayed behind, and what was found in them, as the shards counted it."""
    counts: Counter[tuple[str, str]] = Counter()
    for shard in ReleaseShard.objects.filter(release=release).exclude(marked={}):
        for kind, number in shard.marked.items():
            what = COMMENTS if kind == COMMENTS else f"found: {kind}"
            counts["marked_comment", f"{shard.table}, {what}"] += number
    return counts

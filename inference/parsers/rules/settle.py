"""What a sentence read whole says of its own parts: angles, shapes and headers."""

from collections.abc import Container, Sequence

from inference.parsers.rules.mentions import Cue, Draft

_BACK = frozenset(("returned", "back", "reverted", "normalized", "normalised"))
_DOUBTS = frozenset(("hedge", "cannot_exclude", "instead", "doubt_instead"))


def settle_angles(drafts: Sequence[Draft], words: Sequence[str]) -> None:
    """ "Blunted angle, no effusion": a denial in the same sentence settles the doubt."""
    denied = any(
        d.before is not None
        and d.before.kind in ("negation", "instead")
        and "other" not in words[d.before.first : d.before.first + 2]
        for d in drafts
        if d.entry.name == "effusion"
    )
    for draft in drafts:
        excepted = draft.before is not None and draft.before.kind == "exception"
        if denied and draft.bare == "uncertain" and draft.entry.name == "angle":
            draft.dropped = not excepted


def settle_shapes(drafts: Sequence[Draft]) -> None:
    """ "Rounded opacity, likely a mass": the doubt is about what the round shape is."""
    doubted = False
    for draft in reversed(drafts):
        if draft.entry.name == "rounded shadow":
            draft.dropped = doubted and draft.before is None and draft.after is None
        elif draft.entry.name in ("nodule", "mass"):
            cues = (draft.before, draft.after)
            doubted = doubted or any(c is not None and c.kind in _DOUBTS for c in cues)


def settle_hearts(drafts: Sequence[Draft], words: Sequence[str]) -> None:
    """ "The heart, large in June, has returned to normal": what it was no longer counts."""
    hearts = [draft for draft in drafts if draft.entry.name == "heart" and draft.statement]
    said = hearts[-1].statement if hearts else None
    if said is not None and not _BACK.isdisjoint(words[said.first : said.stop]):
        for draft in hearts[:-1]:
            draft.dropped = True


def settle_conditions(drafts: Sequence[Draft], words: Sequence[str], sizes: Container[str]) -> None:
    """ "If there is an effusion, it is tiny": it may well be there."""
    for draft in drafts:
        before = draft.before
        if before is None or before.kind != "conditional":
            continue
        rest = words[draft.stop : draft.stop + 7]
        it = rest.index("it") if "it" in rest else len(rest)
        if any(word in sizes or word == "too" for word in rest[it + 2 : it + 5]):
            draft.before = Cue("hedge", before.first, before.stop, before.word)
            draft.after = None


def settle_headers(drafts: Sequence[Draft], stop: int) -> None:
    """A header is answered by what follows it; alone it asserts nothing for certain."""
    heads = [draft for draft in drafts if draft.header]
    if not heads:
        return
    rest = [draft for draft in drafts if not draft.header and not draft.echo]
    said = {label for draft in rest for label in draft.labels}
    for head in heads:
        if head.after is None and said & set(head.labels):
            head.dropped = True
        elif head.after is None and head.stop + 1 >= stop:
            head.before = Cue("conflict", head.stop, head.stop + 1)


def answer_queries(asked: Sequence[Draft], drafts: Sequence[Draft], whole: bool) -> None:
    """ "Pneumonia? No consolidation.": the next sentence answers what the last one asked."""
    said = {label for draft in drafts for label in draft.labels}
    for draft in asked:
        query = draft.after is not None and draft.after.word == "queried"
        query = query or (draft.before is not None and draft.before.word == "query" and whole)
        draft.dropped = draft.dropped or (query and said >= set(draft.labels))

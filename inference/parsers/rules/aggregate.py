"""From single mentions to one reading: impression over findings, and what a normal chest denies."""

from collections.abc import Sequence
from dataclasses import replace

from inference.parsers.rules.lexicon import Lexicon
from inference.schema import Mention
from inference.vocabulary import LABELS, State

# An interpretation said or denied does not take back what was seen: "no pneumonia" after "basal
# opacity" leaves the opacity.
_INTERPRETATIONS = frozenset(("pneumonia",))


def overrule(
    lexicon: Lexicon, mentions: Sequence[tuple[Mention, str]]
) -> tuple[list[Mention], list[str]]:
    """Mark the findings' mentions that the impression contradicts; say so in a note each.

    ``mentions`` come with their concept. An impression's mention overrules one of the findings of
    the same label and side; a denial without a side covers every side.
    """
    last: dict[object, tuple[Mention, str]] = {}
    for said in mentions:
        if lexicon.roles.get(said[0].section) == "impression":
            last.setdefault((said[0].label, said[0].side, said[0].state, said[1]), said)
    final = list(last.values())
    kept: list[Mention] = []
    notes: list[str] = []
    for mention, concept in mentions:
        against = _against(lexicon, final, mention, concept)
        if against is None:
            kept.append(mention)
            continue
        kept.append(replace(mention, overruled=True))
        notes.append(
            f"The impression ({against.text!r}: {against.state}) overrules the findings "
            f"({mention.text!r}: {mention.state})."
        )
    return kept, notes


def _against(
    lexicon: Lexicon, final: Sequence[tuple[Mention, str]], mention: Mention, concept: str
) -> Mention | None:
    """The impression's mention that overrules this one, unless another there repeats it."""
    if not final or lexicon.roles.get(mention.section) == "impression":
        return None
    if any(m.state == mention.state and _covers(m, mention) for m, _ in final):
        return None
    return next((m for m, c in final if _contradicts(m, c, mention, concept)), None)


def _contradicts(final: Mention, concept: str, mention: Mention, other: str) -> bool:
    if final.label != mention.label or final.state == mention.state:
        return False
    if concept in _INTERPRETATIONS and other not in _INTERPRETATIONS:
        return False
    return _covers(final, mention)


def _covers(final: Mention, mention: Mention) -> bool:
    if final.label != mention.label:
        return False
    if final.side in (mention.side, "bilateral"):
        return True
    return final.side is None and final.state is State.ABSENT


def spread_normal(mentions: list[Mention], normals: Sequence[Mention]) -> list[Mention]:
    """Let a global normal deny each label that has no mention of its own."""
    if not normals:
        return mentions
    named = {mention.label for mention in mentions}
    denied = [
        replace(normals[-1], label=label, state=State.ABSENT, cue="global_normal")
        for label in LABELS
        if label not in named
    ]
    return mentions + denied


def in_order(mentions: list[Mention]) -> tuple[Mention, ...]:
    """Sort by place, then label; one mention a label and span."""
    rank = {label: index for index, label in enumerate(LABELS)}
    unique = {(m.start, m.end, rank[m.label]): m for m in mentions}
    return tuple(unique[key] for key in sorted(unique))

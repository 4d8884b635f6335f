"""Two readings that need a look at plain words: masses outside the lung, and the heart's ratio."""

from collections.abc import Sequence

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.lexicon import Entry, Kind, Lexicon
from inference.parsers.rules.mentions import Cue, Draft
from inference.vocabulary import Label

_ENLARGED_RATIO = 0.5
_REACH = 8


def is_elsewhere(
    lexicon: Lexicon, words: Sequence[str], draft: Draft, first: int, stop: int
) -> bool:
    """True for a nodule, a mass or air that its own words place outside lung and pleura."""
    if draft.labels == () and draft.bare == "denied_global":
        return _placed(lexicon, words, draft.stop, stop)
    if draft.labels != (Label.NODULE_MASS,) and draft.entry.name != "air":
        return False
    if words[first] in lexicon.elsewhere and ":" in words[first + 1 : min(first + 3, stop)]:
        return True  # "Bones: multiple metastases"
    return _placed(lexicon, words, draft.stop, stop)


def _placed(lexicon: Lexicon, words: Sequence[str], at: int, stop: int) -> bool:
    if at >= stop or words[at] not in lexicon.sets["places"]:
        return False
    at += 1
    while at < stop and words[at] in lexicon.sets["between"]:
        at += 1
    return at < stop and words[at] in lexicon.elsewhere


def ratio_drafts(
    lexicon: Lexicon, words: Sequence[str], atoms: Sequence[Atom], stop: int
) -> list[Draft]:
    """Read "CTR 0.58", "cardiothoracic ratio above 50%" against one half (Danzer's limit)."""
    drafts = []
    for atom in atoms:
        entry = atom.entries[0]
        if entry.kind is not Kind.ORGAN or entry.name != "ratio":
            continue
        for at in range(atom.stop, min(stop, atom.stop + _REACH)):
            value = _ratio(words[at])
            if value is not None:
                drafts.append(_ratio_draft(entry, atom, words, at, value))
                break
    return drafts


def _ratio(word: str) -> float | None:
    if not word[0].isdigit():
        return None
    try:
        value = float(word.replace(",", "."))
    except ValueError:
        return None
    value = value / 100 if value > 1 else value
    return value if 0.2 <= value <= 0.95 else None


def _ratio_draft(entry: Entry, atom: Atom, words: Sequence[str], at: int, value: float) -> Draft:
    between = set(words[atom.stop : at])
    above = not between.isdisjoint(
        (">", "greater", "above", "over", "exceed", "exceeds", "exceeding", "more", "higher")
    )
    below = not between.isdisjoint(("<", "less", "below", "under", "lower"))
    denied = not between.isdisjoint(("not", "no"))
    enlarged = (value >= _ENLARGED_RATIO if above else value > _ENLARGED_RATIO) and not below
    draft = Draft(
        (Label.CARDIOMEGALY,),
        "present" if enlarged != denied else "absent",
        atom.first,
        at + 1,
        entry,
    )
    draft.statement = Cue("statement", at, at + 1)
    return draft

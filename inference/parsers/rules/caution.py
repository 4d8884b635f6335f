"""The last look at a denial: where a word around it was not understood, it is left in doubt.

A false denial hides a finding, so a denial must be read whole: every word of denial and of
measure beside it must have been put to use by some cue.
"""

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import replace

from inference.parsers.rules.atoms import TERMS, Atom
from inference.parsers.rules.lexicon import Kind, Lexicon
from inference.parsers.rules.mentions import Cue, Draft, verdict
from inference.vocabulary import State

_MARKS = frozenset(
    (",", ";", ":", "-", "(", ")", "and", "or", "nor", "/", "but", "though", "although", "while")
)
# Bounds the work: a clause of a real draft is shorter.
_REACH = 24
Span = tuple[int, int]
_LISTS = frozenset((",", "and", "or", "nor", "/", ":", ";", "(", "-"))
_DEFINITE = frozenset(("the", "this", "these"))
_EXCEPTS = frozenset(("except", "excepting", "excluding", "save", "bar", "barring"))
_ENDS_PLACE = frozenset((",", "there", "no", "neither"))
_LIGHT = (Kind.CUE, Kind.OPENER)
# "No encysted effusion": an unknown word, but an adjective by its form.
_PLAIN_NO = frozenset(("no", "without", "nor"))
_ADJECTIVAL = ("ing", "ed", "al", "ive", "ous", "ic", "ant", "able", "ible", "ary", "ar", "oid")
_FOUND = frozenset(
    ("found", "detected", "suspected", "suggested", "appreciated", "shown", "observed", "there",
     "to", "recognized", "discernible", "apparent", "any", "at", "in", "on", "been", "being")
)  # fmt: skip
_OBJECTS = (Kind.EXCLUDED, Kind.ORGAN, Kind.PREDICATE)
_COMPARING = frozenset(
    ("larger", "bigger", "smaller", "greater", "denser", "worse", "better", "more", "less")
)
_NOT_DENYING = ("change", "kept", "present", "break")
_TOLD = ("negated", "negated_after", "resolved", "state_phrase", "instead_of")


def doubt_odd_denials(
    lexicon: Lexicon,
    words: Sequence[str],
    atoms: Sequence[Atom],
    drafts: Sequence[Draft],
    bounds: tuple[int, int],
) -> None:
    """Turn each denial that leaves a negative or a measuring word unread into a conflict."""
    odd_words = lexicon.odd
    odd_places = [at for at in range(*bounds) if words[at] in odd_words]
    told = {p.first for d in drafts for p in (d.before, d.after, d.statement) if p is not None}
    if told.issuperset(odd_places):
        return  # the common case: each such word is the cue of its denial
    read = _read(atoms, drafts)
    for draft in drafts:
        state, rule, cue = verdict(draft)
        if state is not State.ABSENT or rule not in _TOLD or cue is None:
            continue
        lead = max(min(cue.first, draft.first), draft.first - _REACH)
        # "Normal without widening": told of something else.
        last = min(max(cue.stop, draft.stop), draft.stop + _REACH)
        stop = last if rule == "state_phrase" else _mark_after(words, last, bounds[1])
        clause = (_mark_before(words, lead, bounds[0]), stop)
        gap = (max(cue.stop, lead), draft.first)
        compared = any(words[at] in _COMPARING for at in range(*gap))
        if compared and words[draft.stop : draft.stop + 1] == ["than"]:
            known = Cue("presupposed", cue.first, draft.first, words[cue.first])
            draft.before, draft.after = known, None  # "no larger effusion than before"
        elif cue.word != "nor":
            odd = _odd(lexicon, words, draft, clause, gap, read)
            if odd is not None:
                draft.before, draft.after = Cue("conflict", odd, odd + 1, words[odd]), None


def doubt_strange_denials(
    lexicon: Lexicon, words: Sequence[str], atoms: Sequence[Atom], drafts: Sequence[Draft]
) -> None:
    """ "Negative culture from the effusion": a word that describes no finding stands between."""
    excepted = _excepts_place(lexicon, words, atoms)
    starts = [atom.first for atom in atoms]
    for draft in drafts:
        cue = draft.before
        if excepted is not None and verdict(draft)[0] is State.ABSENT:
            draft.before, draft.after = excepted, None
        if cue is None or cue.kind != "negation" or cue.stop > draft.first:
            continue
        if _of_known_ones(lexicon, words, draft, cue):
            draft.before, draft.after = replace(cue, kind="presupposed"), None
            continue
        at, known = draft.first - 1, False
        while at >= max(cue.stop, draft.first - _REACH) and words[at] not in _LISTS:
            word = words[at]
            known = known or word in _DEFINITE
            strange = word not in lexicon.describing or (known and word == "make")
            strange = strange and not (cue.word in _PLAIN_NO and word.endswith(_ADJECTIVAL))
            if word.isalpha() and strange and not _in_atom(atoms, starts, at):
                kind = "presupposed" if known else "conflict"
                draft.before, draft.after = Cue(kind, at, at + 1, word), None
                break
            at -= 1


def _of_known_ones(lexicon: Lexicon, words: Sequence[str], draft: Draft, cue: Cue) -> bool:
    """ "Neither effusion is loculated", "the tip is not in the effusion": they are there."""
    gap = words[cue.stop : draft.first]
    if cue.word == "not" and cue.stop - cue.first == 1:
        inside = bool(gap) and gap[0] in lexicon.sets["places"]
        return inside and not _DEFINITE.isdisjoint(gap)
    after = words[draft.stop : draft.stop + 2]
    if cue.word not in ("neither", "none") or len(after) < 2:
        return False
    told = after[1] not in lexicon.sets["seen"] and after[1] not in _FOUND
    return after[0] in lexicon.sets["being"] and told and after[1].isalpha()


def _excepts_place(lexicon: Lexicon, words: Sequence[str], atoms: Sequence[Atom]) -> Cue | None:
    """ "Except on the left there is no effusion": something is said to be there."""
    at = atoms[0].first if atoms else 0
    at -= at > 0 and words[at] not in _EXCEPTS  # "excluding" is no atom of its own
    if words[at] not in _EXCEPTS:
        return None
    first = at + 1
    term = next((a.first for a in atoms[1:] if a.kind in TERMS), first + _REACH)
    stop = next(
        (at for at in range(first, min(term, len(words))) if words[at] in _ENDS_PLACE), first
    )
    rest = words[first:stop]
    known = all(word in lexicon.places or word in lexicon.sets["ellipsis"] for word in rest)
    if not rest or not known or lexicon.places.isdisjoint(rest):
        return None
    return Cue("conflict", first - 1, first, words[first - 1])


def _in_atom(atoms: Sequence[Atom], starts: Sequence[int], at: int) -> bool:
    last = bisect_right(starts, at) - 1
    return last >= 0 and at < atoms[last].stop


def _odd(  # noqa: PLR0913, PLR0917
    lexicon: Lexicon, words: Sequence[str], draft: Draft, clause: Span, gap: Span,
    read: Container[int],
) -> int | None:  # fmt: skip
    """Return where a word stands that makes the denial doubtful, or None."""
    odd = _unread(words, clause, lexicon.sets["negative"], read)
    if odd is None:
        odd = _unread(words, gap, lexicon.sets["measures"], read)
    if odd is None:
        odd = next((at for at in range(*clause) if words[at] == "only"), None)
    if odd is None:
        odd = next(
            (at for at in range(draft.stop, clause[1]) if words[at] == "one" and at not in read),
            None,
        )
    if odd is None and words[draft.stop : draft.stop + 1] == ["this"]:
        odd = draft.stop  # "no small effusion this"
    return odd


def _read(atoms: Sequence[Atom], drafts: Sequence[Draft]) -> set[int]:
    """Return where the words stand that some phrase or some cue has put to use."""
    read = {at for a in atoms if a.kind not in _LIGHT for at in range(a.first, a.stop)}
    object_of: Atom | None = None
    for atom in reversed(atoms):
        if atom.kind in _OBJECTS:
            object_of = atom if atom.entries[0].name != "chest" else None
        elif atom.kind is Kind.CUE:
            if object_of is not None or atom.entries[0].name in _NOT_DENYING:
                read.update(range(atom.first, atom.stop))  # "no fracture": its own object
            object_of = None
    for draft in drafts:
        for place in (draft.before, draft.after, draft.statement, draft):
            if place is not None:
                read.update(range(place.first, place.stop))
    return read


def _unread(
    words: Sequence[str], span: Span, odd: Container[str], read: Container[int]
) -> int | None:
    return next((at for at in range(*span) if words[at] in odd and at not in read), None)


def _mark_before(words: Sequence[str], at: int, first: int) -> int:
    first = max(first, at - _REACH)
    while at > first and words[at - 1] not in _MARKS:
        at -= 1
    return at


def _mark_after(words: Sequence[str], at: int, stop: int) -> int:
    stop = min(stop, at + _REACH)
    while at < stop and words[at] not in _MARKS:
        at += 1
    return at

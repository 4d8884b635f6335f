"""Clauses without a subject of their own: "no effusion on the right; on the left there is"."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.lexicon import Kind, Lexicon
from inference.parsers.rules.mentions import Cue, Draft, verdict
from inference.vocabulary import Label, State

_SUBJECTS = (Kind.FINDING, Kind.EXCLUDED, Kind.ORGAN, Kind.PREDICATE)
_MARKS = frozenset((",", ";", ":", "-", "(", ")", "and"))
_STANDS = frozenset(("kept", "affirmed", "present", "hedge", "cannot_exclude"))
_SAYS_NOTHING = frozenset(("break", "with", "now", "relative"))
_TURNED_BY_NOT = ("resolved", "state_phrase")
_ALIKE = frozenset(("so", "neither", "nor", "same", "likewise"))
_LONGEST_CLAUSE = 24
Region = tuple[int, int]


class Ellipsis:
    """Finds, in one sentence, what is said to be there of a finding denied just before.

    Without this the denial alone would stand: the most dangerous way to misread a draft.
    """

    def __init__(self, lexicon: Lexicon, words: Sequence[str], atoms: Sequence[Atom]) -> None:
        self._lexicon = lexicon
        self._words = words
        self._atoms = atoms
        self._starts: list[int] = []
        self._breaks: set[int] = set()

    def told_again(
        self, drafts: Sequence[Draft], carry: Sequence[Draft], bounds: Region
    ) -> list[Draft]:
        """Return the findings that such clauses say are there, each under its own words."""
        said = self._words[bounds[0] : bounds[1]]
        if any(map(_open, drafts)):
            self._breaks = {a.first for a in self._atoms if a.entries[0].name == "break"}
            clauses = bool(self._breaks) or not _MARKS.isdisjoint(said)
        else:
            clauses = False
        if not clauses and not any(map(_open, carry)):
            return []
        self._starts = [atom.first for atom in self._atoms]
        told = sorted(drafts, key=lambda draft: draft.first)
        starts = [draft.first for draft in told]
        used = _used(drafts, carry)
        again = []
        for region, last in self._regions(bounds):
            at = bisect_right(starts, last.first) if last is not None else 0
            known = told[at - 1 : at] if last is not None else list(carry[-1:])
            if not known or not _open(known[0]) or not used.isdisjoint(range(*region)):
                continue
            cue = self._positive(region, verdict(known[0])[1])
            if cue is not None:
                labels, entry = known[0].labels, known[0].entry
                known[0].dropped = known[0].dropped or _queried(known[0])
                again.append(Draft(labels, "present", *region, entry, after=cue, echo=True))
        return again

    def _regions(self, bounds: Region) -> Iterator[tuple[Region, Atom | None]]:
        """Yield each run of words between subjects, from mark to mark, and the subject before."""
        first, last = bounds[0], None
        for atom in (*(a for a in self._atoms if a.kind in _SUBJECTS), None):
            stop = atom.first if atom is not None else bounds[1]
            marks = [at for at in range(first, stop) if self._ends_clause(at)]
            start = first
            if last is not None and marks:
                start = marks[0] + (self._words[marks[0]] in _MARKS)
            end = stop if atom is None else (marks[-1] if marks else first)
            if start < end <= start + _LONGEST_CLAUSE and (marks or last is None):
                yield (start, end), last
            if atom is not None:
                first, last = atom.stop, atom

    def _ends_clause(self, at: int) -> bool:
        return self._words[at] in _MARKS or (at in self._breaks and self._words[at] != "there")

    def _positive(self, region: Region, rule: str) -> Cue | None:
        """Return the cue by which the clause says that another one is there, or None."""
        low, high = bisect_left(self._starts, region[0]), bisect_left(self._starts, region[1])
        inside = self._atoms[low:high]
        kinds = {e.name for atom in inside for e in atom.entries if e.kind is Kind.CUE}
        said = self._words[region[0] : region[1]]
        spoken = set(said)
        if not spoken.isdisjoint(self._lexicon.sets["retorts"]):
            return Cue("hedge", *region, said[0])
        opinion = said[0] == "i" and "hedge" in kinds
        if opinion or said[0] in self._lexicon.sets["afterthoughts"]:
            return Cue("hedge", *region, said[0])  # "no pneumothorax, possibly due to position"
        if "kept" in kinds:
            kinds.discard("earlier")  # "but the old one persists"
        not_so = "negation" in kinds and kinds <= {"negation", *_SAYS_NOTHING}
        if not_so and (rule in _TURNED_BY_NOT or "but" in spoken):  # "cleared right but not left"
            kinds = {"hedge" if rule == "state_phrase" else "kept"}
        if kinds - _STANDS - _SAYS_NOTHING or not spoken.isdisjoint(_ALIKE):
            return None
        again = not spoken.isdisjoint(self._lexicon.sets["recurs"])
        contrast = "but" in spoken and "kept" in kinds
        placed = self._placed(region, inside, kinds)
        if not (again or contrast or placed or self._elliptical(said)):
            return None
        doubted = kinds & {"hedge", "cannot_exclude"}
        return Cue("hedge" if doubted else "kept", *region, said[0])

    def _elliptical(self, said: Sequence[str]) -> bool:
        """ "But the frontal view does", "there is today": the verb stands for the whole."""
        rest = [word for word in said if word not in self._lexicon.sets["at_present"]]
        return len(said) > 1 and bool(rest) and rest[-1] in self._lexicon.sets["being"]

    def _placed(self, region: Region, inside: Sequence[Atom], kinds: Collection[str]) -> bool:
        """ "The left has one", "a trace is present": no word in it names a subject of its own."""
        words, lexicon = self._words, self._lexicon
        spoken = set(words[region[0] : region[1]])
        details, proforms = lexicon.details, lexicon.sets["proforms"]
        if spoken.isdisjoint(details["side"].keys() | details["location"].keys() | proforms):
            return False
        tells = lexicon.sets["being"] | details["severity"].keys() | {"unlike"}
        if _STANDS.isdisjoint(kinds) and spoken.isdisjoint(tells):
            return False
        covered = {at for a in inside for at in range(a.first, a.stop)}
        known = (lexicon.small_words, lexicon.sets["ellipsis"], proforms)
        return all(
            not words[at].isalpha() or at in covered or any(words[at] in ws for ws in known)
            for at in range(*region)
        )


def _open(draft: Draft) -> bool:
    """True if a later clause may yet say that the finding is there."""
    return _queried(draft) or _denied(draft) or verdict(draft)[1] == "prior_study"


def _queried(draft: Draft) -> bool:
    return draft.after is not None and draft.after.word == "queried"


def _denied(draft: Draft) -> bool:
    """True if the draft stands denied; a heart has no other side that may differ."""
    sided = bool(draft.labels) and Label.CARDIOMEGALY not in draft.labels
    return sided and verdict(draft)[0] is State.ABSENT


def _used(drafts: Sequence[Draft], carry: Sequence[Draft]) -> set[int]:
    """Return where phrases and deciding cues stand: a clause that holds one was read already."""
    used: set[int] = set()
    for draft in (*drafts, *carry[-1:]):
        kept = draft.after is not None and draft.after.kind == "kept" and not draft.echo
        places = (draft, draft.before, None if kept else draft.after)
        used.update(place.first for place in places if place is not None)
    return used

"""Scopes: one pass over a sentence's atoms decides which cue reaches which phrase.

A cue before a finding stays active along its list and ends with its clause; a cue behind one
reaches back over the list it closes. ``docs/parser.md`` tells the rules in words.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from inference.parsers.rules.atoms import TERMS, Atom
from inference.parsers.rules.lexicon import Entry, Kind, Lexicon
from inference.parsers.rules.mentions import Cue, Draft
from inference.parsers.rules.openers import Openers
from inference.parsers.rules.settle import (
    settle_angles,
    settle_conditions,
    settle_headers,
    settle_hearts,
    settle_shapes,
)
from inference.parsers.rules.turns import SPECIAL
from inference.vocabulary import Label

_NARROW = frozenset(("conditional", "background", "change", "resolved", "exception", "hedge"))
_PASSIVE = frozenset(("excluded", "out", "discounted", "dismissed", "eliminated"))
_BESIDE = frozenset(("beneath", "behind", "within", "in", "under", "underneath", "at", "below"))
_TOLD_BEFORE = frozenset(("prior", "background"))
_LEADS_ON = frozenset(("following", "of", "for", "any"))
_CLAUSE_ENDS = frozenset(".,;)(:")


class Scanner(Openers):
    """Reads one sentence, atom by atom."""

    def __init__(self, lexicon: Lexicon, words: Sequence[str], carry: list[Draft]) -> None:
        super().__init__(lexicon, words, carry)
        self._handlers: tuple[Callable[[Atom, Atom | None], None], ...] = (
            self._finding,
            self._excluded,
            self._organ,
            self._predicate,
            self._cue,
            self._glue,
            self._on_verb,
            self._opener,
            self._on_pronoun,
        )

    def read(self, atoms: Sequence[Atom], first: int, stop: int) -> list[Draft]:
        self._first = self._clause_first = first
        self._stop = stop
        handlers = self._handlers
        for atom in atoms:
            handlers[atom.kind](atom, atom.following)
        self._end_clause(stop)
        if not self.drafts:
            return []
        settle_headers(self.drafts, stop)
        settle_angles(self.drafts, self._words)
        settle_shapes(self.drafts)
        settle_hearts(self.drafts, self._words)
        settle_conditions(self.drafts, self._words, self._lexicon.details["severity"])
        return self.drafts

    def _finding(self, atom: Atom, following: Atom | None) -> None:
        entry = atom.entries[0]
        if self._told_as_whole(atom, following):
            return
        if self._overbroad(atom):
            self._excluded(atom, following)
            return
        self._denies_adjectives(atom)
        draft = Draft(entry.labels, entry.state, atom.first, atom.stop, entry, before=self._active)
        draft.plain = self._before_is_plain(atom.first)
        self._alternative(draft)
        self._run_on(draft, atom)
        self._presupposed(draft)
        self._join(draft)
        self.drafts.append(draft)
        self._met_term(True, atom.stop)
        if draft.before is not None and draft.before.kind == "earlier":
            self._remember_heart(draft)

    def _remember_heart(self, draft: Draft) -> None:
        """ "The previously enlarged heart is now normal": the subject is inside the finding."""
        if draft.labels == (Label.CARDIOMEGALY,):
            heart = Entry(Kind.ORGAN, "heart")
            self._old_organs = [Atom((heart,), heart.kind, draft.first, draft.stop)]

    def _excluded(self, atom: Atom, following: Atom | None) -> None:
        self._denies_adjectives(atom)
        self._alternative(None)
        listed = bool(self._link and self._group and not self._verb)
        self._other_link = self._link if listed else ""
        self._met_term(False, atom.stop)
        if not listed:
            self._verb = self._verb or "other"

    def _predicate(self, atom: Atom, following: Atom | None) -> None:
        told = self._says(atom, following)
        self._said = atom
        active = self._active
        denied = active is not None and active.word == "not" and active.stop == atom.first
        if denied and not told and self._pending is not atom and len(atom.entries) == 1:
            self._drop_active()  # "not normal because of an effusion"
        if not told and len(atom.entries) > 1:
            other = atom.other_reading()
            self._handlers[other.kind](other, following)

    def _cue(self, atom: Atom, following: Atom | None) -> None:
        entry = self._pick(atom)
        tests = self._lexicon.sets["tests"]
        if self._words[atom.first] == "negative" and self._words[atom.first - 1] in tests:
            return  # "PCR negative pneumonia"
        if entry.name == "hedge" and (self._of_degree(atom.stop) or self._of_character(atom)):
            return
        if self._presents(entry, atom):
            self._drop_active()
            return
        cue = Cue(entry.name, atom.first, atom.stop, self._words[atom.first])
        special = SPECIAL.get(entry.name)
        if special is not None:
            special(self, cue)
        elif entry.direction == "before" or self._leads_on(entry, atom):
            self._before(cue)
        elif entry.direction == "after" or self._reaches_back(atom):
            self._after(cue, atom)
        else:
            self._before(replace(cue, kind="cannot_exclude") if entry.name == "either" else cue)

    def _presents(self, entry: Entry, atom: Atom) -> bool:
        """ "Absent effusion, present consolidation"."""
        found = atom.following
        if self._link != "comma" or found is None or self._words[atom.first] != "present":
            return False
        return entry.name == "kept" and found.kind is Kind.FINDING and found.first == atom.stop

    def _of_degree(self, at: int) -> bool:
        """ "Enlarged, which may be exaggerated by projection": the size is in doubt, no more."""
        return not self._lexicon.sets["degree"].isdisjoint(
            self._words[at : min(at + 2, self._stop)]
        )

    def _of_character(self, atom: Atom) -> bool:
        """ "Probably benign nodule": there is a nodule."""
        words, found = self._words, atom.following
        sets = self._lexicon.sets
        return (
            found is not None
            and found.kind is Kind.FINDING
            and words[atom.stop - 1] in sets["doubting"]
            and words[atom.stop] in sets["character"]
        )

    def _leads_on(self, entry: Entry, atom: Atom) -> bool:
        """ "The density is most likely a nodule": the doubt is about what comes next."""
        found = atom.following
        than = self._words[atom.stop - 1] == "than"
        if entry.name != "hedge" or found is None or found.kind not in TERMS or than:
            return False
        gap = self._words[atom.stop : found.first]
        lexicon = self._lexicon
        return all(word in lexicon.determiner or word in lexicon.details_words for word in gap)

    def _reaches_back(self, atom: Atom) -> bool:
        passive = bool(self._group) and not self._link and self._words[atom.stop - 1] in _PASSIVE
        if passive and atom.stop < self._stop and self._words[atom.stop] in _BESIDE:
            return True  # "a mass cannot be excluded beneath the effusion"
        return not atom.term_ahead and bool(self._group or self._carry)

    def _pick(self, atom: Atom) -> Entry:
        """Choose between the readings of one wording by what stands before and after it."""
        entries = atom.entries
        if len(entries) == 1:
            return entries[0]
        cues = [entry for entry in entries if entry.kind is Kind.CUE] or list(entries)
        behind = [entry for entry in cues if entry.direction == "after"]
        ahead = [entry for entry in cues if entry.direction != "after"]
        if not (behind and ahead):
            return cues[0] if cues else entries[0]
        ends = atom.stop >= self._stop or self._words[atom.stop] in _CLAUSE_ENDS
        loose = self._link or self._words[atom.first] in self._lexicon.sets["adverbs"]
        back = bool(self._group) and not atom.term_ahead and (ends or not loose)
        back = back or (behind[0].name == "resolved" and self._met_at == atom.first > 0)
        back = back and self._verb != "with"
        if (not self._group and not atom.term_ahead) or (ends and self._group and not self._link):
            back = True
        return behind[0] if back else ahead[0]

    def _glue(self, atom: Atom, following: Atom | None) -> None:
        name = atom.entries[0].name
        if name == "determiner":
            self._determiner(atom, following)
        elif name == "colon":
            self._colon(atom)
        else:
            self._linked(name, atom)

    def _linked(self, name: str, atom: Atom) -> None:
        if self._link == "or" and name != "or":
            return
        self._link = name
        self._link_at = atom.stop
        self._link_or_ahead = atom.or_ahead
        if name == "comma" and not atom.or_ahead:
            self._denied_another(atom)
            self._left_behind(atom)
        asserted = self._active is None or self._active.kind == "present"
        self._either = asserted and self._words[atom.first] == "or"
        if name == "or" and self._active is None and self._artifact_follows(atom.stop):
            self._set_after(self._group[-1:], Cue("hedge", atom.first, atom.stop))
        if (
            name == "comma"
            and self._active is not None
            and self._active.kind in ("prior", "conditional")
        ):
            if not atom.or_ahead:
                self._drop_active()
            return
        if name == "or" or atom.or_ahead or self._active is None or not self._since:
            return
        narrow = self._active.kind in _NARROW and not self._lists_diagnoses(self._active)
        if self._closed or (name in ("comma", "dash") and narrow):
            self._drop_active()

    def _lists_diagnoses(self, cue: Cue) -> bool:
        """ "The differential includes A, B and C": each of them is in doubt."""
        return not self._lexicon.sets["lists"].isdisjoint(self._words[cue.first : cue.stop])

    def _determiner(self, atom: Atom, following: Atom | None) -> None:
        if len(atom.entries) > 1 and following is not None and following.first == atom.stop:
            self._pronoun = following.kind in (Kind.VERB, Kind.CUE)
        if self._link in ("comma", "and", "dash") and self._active is not None and self._since:
            self._drop_active()

    def _colon(self, atom: Atom) -> None:
        active = self._active
        told = active is not None and active.kind in _TOLD_BEFORE and active.first >= self._first
        left = active is not None and active.kind == "negation" and self._words[active.stop] != ":"
        left = left and self._words[atom.first - 1] not in _LEADS_ON
        if told or self._since or left:
            self._drop_active()  # "No change from yesterday: small effusion": the effusion is now
        topic = self._group[-1] if self._group else None
        if topic is not None and not self._verb and all(d.before is None for d in self._group):
            for draft in self._group:
                draft.header = True

    def _opener(self, atom: Atom, following: Atom | None) -> None:
        """ "No effusion, small nodule": a size word after the comma opens a new statement."""
        if self._stands_for_finding(atom):
            return
        if self._verb and self._group:
            self._doubts_change(Cue("kept", atom.first, atom.stop))
        self._open(atom)
        if len(atom.entries) > 1 and not atom.term_ahead and not self._link:
            self._cue(atom.other_reading(), following)

    def _on_verb(self, atom: Atom, following: Atom | None) -> None:
        self._verb = self._words[atom.first]
        if self._since:
            self._closed = True
        if self._group and self._is_artifact(atom.stop):
            self._set_after(self._group[-1:], Cue("hedge", atom.first, atom.stop))

    def _on_pronoun(self, atom: Atom, following: Atom | None) -> None:
        self._pronoun = True
        if self._link == "or" and self._either and self._words[atom.first] == "both":
            self._set_after(self._reached(), Cue("hedge", atom.first, atom.stop))

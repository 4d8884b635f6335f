"""Subjects and what is said of them: "heart is not enlarged", "clear lungs", "angles sharp"."""

from collections.abc import Sequence

from inference.parsers.rules.atoms import TERMS, Atom
from inference.parsers.rules.clause import LONGEST_LEAD, LONGEST_LIST
from inference.parsers.rules.ends import ClauseEnds
from inference.parsers.rules.lexicon import Kind
from inference.parsers.rules.mentions import Cue, Draft


class Organs(ClauseEnds):
    """A predicate speaks of the subjects before it, or of the one it stands in front of."""

    def _organ(self, atom: Atom, following: Atom | None) -> None:
        if following is not None and following.first == atom.stop and following.kind in TERMS:
            return  # "lung consolidation": the organ only tells where
        another = self._link in ("comma", "and", "dash") and self._since
        if another or self._opens_statement(atom, following):
            self._drop_active()
        if self._organs and self._link and not self._verb:
            self._organs.append(atom)
            del self._organs[:-LONGEST_LIST]
        else:
            self._organs = [atom]
            self._verb = ""
        if self._pending is not None:
            self._state(self._pending, [atom])
            self._told_at = atom.first
        elif self._link:
            self._group = []
        self._bare_clause = False
        self._link = ""

    def _opens_statement(self, atom: Atom, following: Atom | None) -> bool:
        """ "No effusion heart enlarged": the subject of a statement of its own."""
        if not self._since or self._link or following is None or self._verb == "with":
            return False
        said = following.kind in (Kind.PREDICATE, Kind.VERB) and following.first == atom.stop
        gap = self._words[self._met_at : atom.first]
        return said and all(word in self._lexicon.places for word in gap)

    def _says(self, atom: Atom, following: Atom | None) -> bool:
        """Read a predicate; False if it said nothing here, so that its other readings may."""
        if self._group and any(entry.name == "resolved" for entry in atom.entries):
            return False  # "opacity in the lung has cleared": the opacity has
        if following is None or self._ends_statement(atom) or not self._modifies(atom, following):
            return self._state(atom, self._organs or self._old_organs) or self._now_clear(atom)
        if following.kind is Kind.ORGAN:
            self._pending = atom
        elif "clear" in atom.entries[0].classes and self._state(atom, self._organs):
            # "Lungs clear infiltrate": the "of" is often lost in dictation.
            self._active, self._since = Cue("negation", atom.first, atom.stop), 0
            return True
        return False

    def _final_no(self, cue: Cue) -> None:
        """ "The mediastinum is widened, the heart is not": the same is said of it, denied."""
        said = self._said
        after = [o for o in self._organs if said is not None and said.stop <= o.first]
        if said is not None and after and not self._link:
            self._state(said, after)
        else:
            super()._final_no(cue)

    def _part_excepted(self, organ: Atom) -> bool:
        """ "Except for the left base the lungs are clear": something is there."""
        active, lexicon = self._active, self._lexicon
        if active is None or active.kind != "exception" or self._since:
            return False
        rest = self._words[active.stop : min(organ.first, active.stop + LONGEST_LEAD)]
        places = bool(rest) and not lexicon.places.isdisjoint(rest)
        return places and all(w in lexicon.places or w in lexicon.sets["ellipsis"] for w in rest)

    def _spent_denial(self) -> bool:
        """True if the denial at hand has denied something: it does not go on to what is normal."""
        return self._active is not None and self._active.kind == "negation" and self._since > 0

    def _now_clear(self, atom: Atom) -> bool:
        """ "The consolidation at the base now appears clear": it has gone."""
        if not self._group or self._organs or "clear" not in atom.entries[0].classes:
            return False
        first = max(self._group[-1].stop, atom.first - LONGEST_LEAD)
        if "now" not in self._words[first : atom.first]:
            return False
        self._set_after(self._group[-1:], Cue("resolved", atom.first, atom.stop))
        return True

    def _ends_statement(self, atom: Atom) -> bool:
        """ "Lungs clear heart normal": said of what stands right before it, if nothing was yet."""
        organs = self._organs
        if not organs or organs[-1].stop != atom.first or organs[-1].first == self._told_at:
            return False
        names = atom.entries[0].classes
        return any((organs[-1].entries[0].name, name) in self._lexicon.statements for name in names)

    def _modifies(self, atom: Atom, following: Atom) -> bool:
        gap = self._words[atom.stop : following.first]
        if following.kind is Kind.ORGAN:
            return len(gap) <= 4 and not self._organs_wait()
        places = self._lexicon.details["side"], self._lexicon.details["location"]
        near = all(any(word in known for known in places) for word in gap)
        return following.kind in (Kind.FINDING, Kind.EXCLUDED) and near

    def _organs_wait(self) -> bool:
        """True if a subject still waits for what is said of it ("heart is normal ... size")."""
        return bool(self._organs) and bool(self._verb) and not self._link

    def _state(self, predicate: Atom, organs: Sequence[Atom]) -> bool:
        """Note what ``predicate`` says of each of ``organs``; False if it says nothing known."""
        said, spent = False, self._spent_denial()
        for organ in organs:
            for name in sorted(predicate.entries[0].classes):
                found = self._lexicon.statements.get((organ.entries[0].name, name))
                if found is None:
                    continue
                first = min(organ.first, predicate.first)
                stop = max(organ.stop, predicate.stop)
                cue = Cue("statement", predicate.first, predicate.stop)
                if found[1] in ("absent", "global") and spent:
                    self._drop_active()  # "no pneumothorax normal heart"
                draft = Draft(found[0], found[1], first, stop, organ.entries[0], self._active)
                if found[1] == "absent" and self._part_excepted(organ):
                    draft.before = Cue("conflict", organ.first - 1, organ.first)
                draft.statement = cue
                self.drafts.append(draft)
                self._group = [draft]
                self._since += 1
                said = True
                break
        return said

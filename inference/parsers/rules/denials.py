"""Normal findings told as a whole: "no abnormality", of the chest or of a part of it."""

from collections.abc import Sequence

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.clause import LONGEST_LEAD
from inference.parsers.rules.doubts import Doubts
from inference.parsers.rules.lexicon import Kind
from inference.parsers.rules.mentions import Cue, Draft
from inference.vocabulary import Label

_PLACES = frozenset(("in", "of", "within", "at", "on", "to", "involving"))
_JOINS = frozenset(("or", "and", ",", "/", "nor"))


def _listed(organ: Atom) -> list[Atom]:
    """Return the list that ``organ`` opens: "of the heart or lungs"."""
    organs = [organ]
    link = organ.following
    while link is not None and link.kind is Kind.GLUE and len(organs) < LONGEST_LEAD:
        if link.following is not None and link.following.kind is Kind.ORGAN:
            organs.append(link.following)
        link = link.following
        if link is not None and link.kind is Kind.ORGAN:
            link = link.following
    return organs


class Denials(Doubts):
    """Which labels a denied "abnormality" or a clear part of the lung speaks of."""

    def _told_as_whole(self, atom: Atom, following: Atom | None) -> bool:
        """Read what denies a part of the chest as a whole; False if it is not of this kind."""
        entry = atom.entries[0]
        if entry.name == "part of the lung clear" and self._place_of_last(atom):
            self._set_after(self._group[-1:], Cue("resolved", atom.first, atom.stop))
            return True
        if entry.state != "denied_global":
            return False
        seen = following is not None and following.entries[0].name == "kept"
        last, organ = (following, following.following) if following and seen else (atom, following)
        if organ is not None and self._in_organ(last, organ):
            self._denies_organs(atom, _listed(organ))
            return True
        if self._of_organ():
            self._denies_organs(atom, self._organs)
            return True
        return False

    def _overbroad(self, atom: Atom) -> bool:
        """ "No gallbladder abnormality" is no global normal; "no other abnormality" is."""
        if atom.entries[0].state != "denied_global" or atom.stop - atom.first > 1:
            return False
        before = self._words[atom.first - 1] if atom.first > self._first else ""
        return not (
            before in ("no", "without", "other", "any", "of") or before in self._lexicon.filler
        )

    def _of_organ(self) -> bool:
        """ "The lungs show no ...", "Bones: no ...": only a verb or a colon stands between."""
        if not self._organs or self._active is None or self._active.kind != "negation":
            return False
        between = self._words[self._organs[-1].stop : self._active.first]
        has = self._lexicon.sets["has"]
        return bool(between) and all(word == ":" or word in has for word in between)

    def _denies_organs(self, atom: Atom, organs: Sequence[Atom]) -> None:
        """ "The lungs show no abnormality" says that of the lungs, not of the chest."""
        for organ in organs:
            said = self._lexicon.statements.get((organ.entries[0].name, "normal"))
            if said is not None:
                bare = "denied_only" if said[0] else "denied_global"
                self.drafts.append(
                    Draft(said[0], bare, atom.first, atom.stop, atom.entries[0], self._active)
                )
        self._met_term(False, atom.stop)

    def _in_organ(self, atom: Atom, following: Atom) -> bool:
        """ "No abnormality in the lungs": told of a part, it denies nothing of the rest."""
        gap = self._words[atom.stop : following.first]
        if following.kind is not Kind.ORGAN or not gap or gap[0] not in _PLACES:
            return False
        lexicon = self._lexicon
        return all(word in lexicon.determiner or word in lexicon.details_words for word in gap[1:])

    def _denies_adjectives(self, atom: Atom) -> None:
        """ "No cardiac, pulmonary or pleural abnormality": the noun stands once for all three."""
        words, meanings = self._words, self._lexicon.adjectives
        if words[atom.stop - 1] not in self._lexicon.sets["abnormal"]:
            return
        at = atom.first
        if atom.stop - at == 1 and at > self._first and words[at - 1] in meanings:
            at -= 1  # "abnormality" alone was met, its own adjective stands before it
            self._deny(meanings[words[at]], at, atom)
        while at - 2 >= self._first and words[at - 1] in _JOINS and words[at - 2] in meanings:
            at -= 2
            self._deny(meanings[words[at]], at, atom)

    def _deny(self, labels: tuple[Label, ...], first: int, atom: Atom) -> None:
        if labels:
            draft = Draft(labels, "denied_only", first, atom.stop, atom.entries[0], self._active)
            self.drafts.append(draft)

    def _place_of_last(self, atom: Atom) -> bool:
        """ "The consolidation at the base now appears clear": the base is its place."""
        if not self._group or self._link or self._verb:
            return False
        first = max(self._group[-1].stop, atom.first - LONGEST_LEAD)
        return not _PLACES.isdisjoint(self._words[first : atom.first])

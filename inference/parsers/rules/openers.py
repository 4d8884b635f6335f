"""Size words, and whether they open a new statement behind a denied list."""

from dataclasses import replace

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.denials import Denials
from inference.parsers.rules.lexicon import Kind
from inference.parsers.rules.mentions import Draft

_HOLDS = frozenset(("present", "change", "exception", "presupposed", "double_negation"))
_ONE_SIDE = frozenset(("left", "right", "left-sided", "right-sided"))


class Openers(Denials):
    """ "No effusion, small nodule": where the denied list ends, or may end."""

    def _open(self, atom: Atom) -> None:
        if self._active is None or not self._since:
            return
        if self._link == "or" and self._words[atom.first - 1] != "/":
            return
        strong = atom.entries[0].name == "strong"
        if not self._link:
            if strong and (self._closed or self._met_at == atom.first or self._strayed(atom)):
                self._drop_active()
            elif self._met_at == atom.first and not atom.or_ahead and atom.term_ahead:
                self._active = replace(self._active, kind="conflict")
            return
        if not self._link_or_ahead and (strong or self._ends_list(atom)):
            self._drop_active()
        elif self._active.kind not in _HOLDS and (
            strong or not self._link_or_ahead or self._words[atom.first] in _ONE_SIDE
        ):
            self._active = replace(self._active, kind="conflict")

    def _strayed(self, atom: Atom) -> bool:
        """True if words that belong to no denied list stand since its last phrase."""
        gap = self._words[self._met_at : min(atom.first, self._met_at + 8)]
        small = self._lexicon.small_words
        return any(word.isalpha() and word not in small for word in gap)

    def _ends_list(self, atom: Atom) -> bool:
        """ "No pneumothorax, large effusion.": two phrases and no "or" make no denied list."""
        found = atom.following
        return (
            self._since == 1
            and self._link == "comma"
            and found is not None
            and found.kind is Kind.FINDING
            and found.following is None
        )

    def _stands_for_finding(self, atom: Atom) -> bool:
        """ "No right effusion but a small left one", "..., small on the left": the same finding."""
        known = self._group or self._carry
        if not known or (not self._link and self._group):
            return False
        words, at = self._words, atom.first
        details = self._lexicon.details
        before = words[at - 1] if at > self._first else ""
        one = words[at] == "one" and (before in details["severity"] or before in details["side"])
        placed = words[at] in details["severity"] and words[atom.stop : atom.stop + 1] in (
            ["on"],
            ["at"],
        )
        if not (one or placed):
            return False
        last = known[-1]
        again = Draft(last.labels, "present", atom.first, atom.stop, last.entry)
        self._drop_active()
        self.drafts.append(again)
        self._group = [again]
        self._met_term(True, atom.stop)
        return True

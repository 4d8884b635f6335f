"""Findings that a cue only seems to reach: alternatives, lost stops, what is known already."""

from collections.abc import Sequence
from dataclasses import replace

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.mentions import Cue, Draft
from inference.parsers.rules.turns import Turns

_LONGEST_DENIED = 12
_BEHIND = frozenset(("behind", "within", "beneath", "under", "underlying", "inside", "in"))
_OF_KNOWN = frozenset(("represents", "represent", "reflects", "reflect", "has", "have"))
_WHEN = frozenset(("if", "until", "till", "once", "when", "should"))
_UNITS = frozenset(("mm", "cm"))


class Doubts(Turns):
    """Looks at a finding as it is met; where the grammar is open, it is left in doubt."""

    def _alternative(self, draft: Draft | None) -> None:
        """ "Consolidation or collapse", asserted: either may be meant."""
        organ = bool(self._organs) and self._organs[-1].stop == self._link_at - 1
        if self._link != "or" or not self._either or not (self._met_at >= 0 or organ):
            return
        cue = Cue("hedge", self._met_at, self._met_at + 1)
        last = self._group[-1] if self._group and self._last_is_finding else None
        if last is not None and (draft is None or last.labels != draft.labels):
            self._set_after([last], cue)
        if draft is not None and (last is None or last.labels != draft.labels):
            draft.after = cue

    def _denied_another(self, atom: Atom) -> None:
        """ "No fever, ...", "not intubated, ...": the denial has had its object."""
        active = self._active
        if active is None or active.kind != "negation" or self._since:
            return
        small, adjectives = self._lexicon.small_words, self._lexicon.sets["adjectives"]
        first = max(active.stop, atom.first - _LONGEST_DENIED)
        if any(
            word.isalpha() and word not in small and word not in adjectives
            for word in self._words[first : atom.first]
        ):
            self._since, self._met_at, self._another_at = 1, atom.first, atom.stop

    def _left_behind(self, atom: Atom) -> None:
        """ "Not unexpectedly, ...", "instead of clearing, ...": the comma ends what it was of."""
        active = self._active
        if active is None or self._since:
            return
        gap = self._words[active.stop : min(atom.first, active.stop + _LONGEST_DENIED)]
        aside = active.word == "not" and all(word in self._lexicon.filler for word in gap)
        if aside or active.kind == "instead":
            self._drop_active()

    def _run_on(self, draft: Draft, atom: Atom) -> None:
        """ "No pneumothorax, consolidation at both bases": told of one place, it is there."""
        active = self._active
        if active is None or active.kind != "negation" or not self._since or atom.or_ahead:
            return
        if self._link not in ("", "comma", "and", "dash"):
            return
        after = self._words[atom.stop : min(atom.stop + 5, self._stop)]
        placed = bool(after) and self._told_there(after)
        if placed and self._link == "and":
            draft.before = self._active = replace(active, kind="conflict")  # or one denied list?
        elif placed or (after and (after[0] == "measuring" or self._measured(after))):
            draft.before = None
            self._drop_active()
        elif self._link_at == self._another_at or self._bare_next(draft):
            draft.before = replace(active, kind="conflict")

    def _bare_next(self, draft: Draft) -> bool:
        """ "No effusion cardiomegaly": a list without commas, or a lost full stop?"""
        known = self._group[-1] if self._group else None
        gap = self._link == "" and known is not None and known.stop == draft.first
        return gap and known is not None and known.labels != draft.labels

    def _told_there(self, after: Sequence[str]) -> bool:
        lexicon = self._lexicon
        if after[0] in lexicon.details["severity"] and after[1:2] in ([], [","], [";"], ["."]):
            return True  # "no consolidation, effusion small"
        return after[0] in lexicon.sets["just_after"] and self._one_place(after)

    @staticmethod
    def _measured(after: Sequence[str]) -> bool:
        return after[0][0].isdigit() and not _UNITS.isdisjoint(after[1:])

    def _known_already(self, active: Cue, draft: Draft, the: int) -> bool:
        """True of "the" finding behind "if the ...", "whether the ... has", "behind the ..."."""
        after = self._words[draft.stop : draft.stop + 3]
        if active.kind in ("exclude", "not_asserted", "cannot_exclude"):
            return bool(self._since) and self._words[the - 1] in _BEHIND
        if active.word == "whether":
            return after[:1] != [] and after[0] in _OF_KNOWN
        returns = self._lexicon.sets["returns"]
        return active.kind == "conditional" and active.word in _WHEN and returns.isdisjoint(after)

    def _presupposed(self, draft: Draft) -> None:
        """ "No cavity within the mass", "if the mass grows": the mass itself is known."""
        active = draft.before
        if active is None:
            return
        the = self._definite_at(draft, active)
        if the < 0:
            return
        if self._known_already(active, draft, the):
            draft.before = replace(active, kind="presupposed")
        elif active.kind == "negation" and active.word in ("no", "without"):
            lexicon = self._lexicon
            denied = self._words[active.stop : min(the, active.stop + _LONGEST_DENIED)]
            if the > active.stop and not all(
                w in lexicon.sets["remains"] or w in lexicon.filler for w in denied
            ):
                draft.before = replace(active, kind="presupposed")

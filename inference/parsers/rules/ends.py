"""The ends of clauses: a last "no" or "not", and exceptions that name no finding of their own."""

from dataclasses import replace

from inference.parsers.rules.backward import BackwardCues, gone
from inference.parsers.rules.clause import LONGEST_LEAD
from inference.parsers.rules.mentions import Cue, verdict
from inference.vocabulary import State

# "Has the effusion resolved? No.", "Can pneumonia be excluded? No."
_ANSWERED_NO = {
    "resolved": "kept",
    "excluded": "cannot_exclude",
    "cannot_exclude": "cannot_exclude",
}
_GONE = frozenset(("negation", "excluded", "resolved"))


class ClauseEnds(BackwardCues):
    """What a clause that ends without a phrase of its own says of the one before."""

    def _behind(self, cue: Cue) -> bool:
        return not self._group or cue.first >= self._group[-1].stop

    def _end_clause(self, stop: int) -> None:
        active = self._active
        if active is None or self._since:
            return
        if active.kind == "exception":
            self._elliptical_exception(stop)
        elif active.kind == "negation" and active.stop == stop and self._behind(active):
            self._final_no(active)

    def _final_no(self, cue: Cue) -> None:
        """ "Effusion: no", "Any effusion? No.", "... has cleared; that on the left has not"."""
        if self._group and cue.word == "not" and gone(self._group[-1]):
            self._again(replace(cue, kind="kept"), self._group)
        elif self._group and cue.word == "not" and (told := self._told_otherwise()):
            kind = "cannot_exclude" if told.kind == "excluded" else "kept"
            self._set_after(self._reached(), replace(cue, kind=kind))
        elif self._group and self._of_one_side(cue):
            denied = verdict(self._group[-1])[0] is State.ABSENT
            self._again(replace(cue, kind="kept") if denied else cue, self._group)
        elif self._group:
            self._set_after(self._reached(), cue)
        elif not self._carry:
            return
        elif cue.first == self._clause_first:
            kind = _ANSWERED_NO.get(self._carry[-1].asked, cue.kind)
            self._set_after(self._carry, replace(cue, kind=kind))
        elif self._tells_side(cue.first) and gone(self._carry[-1]):
            self._again(replace(cue, kind="kept"), self._carry)

    def _told_otherwise(self) -> Cue | None:
        """ "The effusion is stable; the pneumothorax is not": not stable, but there."""
        at = len(self.drafts) - len(self._group) - 1
        told = self.drafts[at : at + 1] if at >= 0 else self._carry
        known = told[-1].after if told else None
        if known is None:
            return None
        changed = known.kind in _GONE or known.word not in self._lexicon.sets["seen"]
        return known if changed else None

    def _elliptical_exception(self, stop: int) -> None:
        """ "No consolidation except at the left base": the exception is the finding itself."""
        rest = self._words[self._exception_at : min(stop, self._exception_at + LONGEST_LEAD)]
        lexicon = self._lexicon
        if rest and all(w in lexicon.places or w in lexicon.sets["ellipsis"] for w in rest):
            cue = Cue("exception", self._exception_at - 1, self._exception_at)
            doubt = replace(cue, kind="conflict")  # "lungs clear except the left base"
            for draft in self._denied:
                draft.before = cue if draft.bare == "present" else doubt
                draft.after = None
        elif rest:
            cue = Cue("conflict", self._exception_at - 1, self._exception_at)
            for draft in self._denied:
                if draft.bare == "present":
                    draft.before = cue

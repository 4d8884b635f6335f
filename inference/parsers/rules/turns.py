"""Cues that turn a sentence: a new clause, an exception, an alternative, another time."""

from collections.abc import Callable
from dataclasses import replace

from inference.parsers.rules.forward import STICKY
from inference.parsers.rules.mentions import Cue, verdict
from inference.parsers.rules.organs import Organs
from inference.vocabulary import State

_INTERPRETS = frozenset(("of", "for", "represent", "reflect", "suggest", "suggests", "suggesting"))
_TO_PAST = frozenset(("prior", "earlier", "background"))


class Turns(Organs):
    """What such a cue does to the cue that is active and to the list met so far."""

    def _break(self, cue: Cue) -> None:
        self._end_clause(cue.first)
        sticky = self._active is not None and self._active.kind in STICKY
        if sticky and cue.word in ("there", "so", "then"):
            return
        denies = self._active is not None and self._active.kind == "negation" and not self._since
        if denies and cue.word == "this":
            return  # "in no way does this represent a mass"
        if self._active is not None and cue.word == "there" and self._goes_on(cue):
            return
        self._drop_active()
        if self._group:
            self._carry = self._group
            self._inside = True
        self._group = []
        self._hedged = False
        self._old_organs = self._organs or self._old_organs
        self._organs = []
        self._pending = None
        self._link = ""
        self._bare_clause = True
        self._clause_first = cue.stop

    def _goes_on(self, cue: Cue) -> bool:
        """ "No sign that there is ..." still denies; "on the prior there was ..." is still past."""
        if self._active is not None and self._active.kind in _TO_PAST:
            return self._words[cue.stop - 1] in ("was", "were")
        return not self._since and not self._link

    def _relative(self, cue: Cue) -> None:
        if self._active is not None and self._since:
            self._drop_active()
        self._verb = ""
        self._link, self._link_at = "", cue.stop
        self._relative_at = cue.stop

    def _with(self, cue: Cue) -> None:
        if self._active is not None and self._interprets(self._active):
            pass  # "suggestive of consolidation with effusion": both are the interpretation
        elif (self._active is not None and self._since and self._active.kind not in STICKY) or (
            self._active is not None and self._active.kind == "background"
        ):
            self._drop_active()
        self._link = ""
        self._verb = "with"

    def _interprets(self, active: Cue) -> bool:
        return active.kind == "hedge" and self._words[active.stop - 1] in _INTERPRETS

    def _now(self, cue: Cue) -> None:
        if self._active is not None and self._active.kind in _TO_PAST:
            self._drop_active()
        last = self._group[-1] if self._group else None
        if last is not None and last.after is not None and last.after.kind == "earlier":
            last.after = replace(cue, kind="kept")  # "measured 8 mm before and now measures 12"

    def _exception(self, cue: Cue) -> None:
        self._denied = self._reached() if self._group else []
        self._exception_at = cue.stop
        self._active, self._since, self._closed = cue, 0, False

    def _instead(self, cue: Cue) -> None:
        doubted = any(
            c is not None and c.kind == "hedge"
            for c in (self._active, self._group[-1].after if self._group else None)
        )
        self._active = replace(cue, kind="doubt_instead" if doubted else "instead")
        self._since, self._closed = 0, False

    def _same(self, cue: Cue) -> None:
        known = (self._group or self._carry)[-1:]
        if known and verdict(known[0])[0] is State.ABSENT:
            self._before(replace(cue, kind="negation"))

    def _cause(self, cue: Cue) -> None:
        if self._is_artifact(cue.stop):
            self._set_after(self._group[-1:], replace(cue, kind="hedge"))

    def _than(self, cue: Cue) -> None:
        active, last = self._active, self._group[-1].after if self._group else None
        if active is not None and active.kind == "negation" and self._since:
            if "other" in self._words[active.stop : active.stop + 2]:
                self._exception(
                    replace(cue, kind="exception")
                )  # "no other consolidation than that at the base"
            return
        if any(c is not None and c.kind == "hedge" for c in (self._active, last)):
            self._before(replace(cue, kind="hedge"))

    def _versus(self, cue: Cue) -> None:
        """ "Mass versus consolidation": both are in doubt, what is merely near them is not."""
        hedge = replace(cue, kind="hedge")
        if self._since_term():
            self._set_after(self._group[-1:], hedge)
        self._before(hedge)

    def _since_term(self) -> bool:
        """True if the last phrase met is a finding of its own, not another diagnosis."""
        return bool(self._group) and self._last_is_finding and not self._verb and not self._link


SPECIAL: dict[str, Callable[[Turns, Cue], None]] = {
    "break": Turns._break,
    "relative": Turns._relative,
    "with": Turns._with,
    "now": Turns._now,
    "exception": Turns._exception,
    "instead": Turns._instead,
    "versus": Turns._versus,
    "than": Turns._than,
    "cause": Turns._cause,
    "same": Turns._same,
}

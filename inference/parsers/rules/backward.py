"""Cues that stand behind what they decide, and clauses that end without saying it again."""

from dataclasses import replace

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.clause import LONGEST_LEAD
from inference.parsers.rules.forward import ForwardCues
from inference.parsers.rules.mentions import EARLIER_SECTION, Cue, Draft

_VERBAL = frozenset(("not", "cannot", "never", "no longer", "neither"))
_SIDES = frozenset(("left", "right"))
_OBJECTS = frozenset(("it", "one", "this", "that", "them", "any", "these"))
_WHETHER = frozenset(("whether", "if", "that", "sure", "certain", "convinced", "certainty"))
_DEFINITE = frozenset(("the", "this", "these"))
_GONE = frozenset(("negation", "excluded", "resolved"))


class BackwardCues(ForwardCues):
    """A cue behind a finding reaches back over the list it closes, or to what "it" stands for."""

    def _after(self, cue: Cue, atom: Atom) -> None:
        if self._other_subject(cue):
            return
        if cue.kind == "resolved" and (self._in_part(cue.stop) or self._some_of()):
            cue = replace(cue, kind="kept")
        elif cue.kind in _GONE and self._some_of():
            cue = replace(cue, kind="hedge")
        if cue.kind == "negation" and self._dated(cue.stop):
            cue = replace(cue, kind="kept")
        self._decide_behind(cue, atom)
        self._link_at = cue.stop

    def _decide_behind(self, cue: Cue, atom: Atom) -> None:
        pending = self._active
        if pending is not None and not self._since and self._group and pending.word in _VERBAL:
            cue = self._pending_negation(pending, cue)
            self._active = None
        if self._doubted(cue):
            cue = replace(cue, kind="hedge")
        if not self._group:
            self._decide_without(cue, atom)
        elif self._of_one_side(cue):
            self._again(cue, self._group)
        elif self._neither_of(cue):
            last = self._group[-1]
            last.before = replace(last.before or cue, kind="presupposed")
        else:
            self._doubts_both(cue)
            self._frees(cue, atom.stop)
            self._doubts_change(cue)
            self._set_after(self._reached(), cue)
            if self._active is not None and self._active.kind == "hedge" and not self._since:
                self._active = None
            self._verb = "after"
            self._closed = True
            if self._words[cue.stop - 1] == "than":
                self._before(cue)  # "effusion more likely than pneumonia": nor is that settled

    def _decide_without(self, cue: Cue, atom: Atom) -> None:
        """Take a cue that nothing stands before: for what was met earlier, or what comes."""
        if self._carry and self._bare_clause and self._refers_back(cue):
            self._set_carried(cue, atom)
        elif cue.kind == "earlier":
            self._before(replace(cue, kind="prior"))
        elif cue.word == "if" and atom.following is not None:
            self._before(cue)  # "small, if any, effusion"
        elif atom.term_ahead and cue.kind in ("negation", "hedge", "cannot_exclude", "excluded"):
            self._before(replace(cue, kind="negation") if cue.kind == "excluded" else cue)

    def _doubted(self, cue: Cue) -> bool:
        """ "May have resolved", "is likely not present": the denial itself is in doubt."""
        if cue.kind not in _GONE or not self._group:
            return False
        doubting, words = self._lexicon.sets["doubting"], self._words
        before, active = self._group[-1].before, self._active
        if words[cue.first - 1] in doubting:
            return True
        if before is not None and before.kind == "hedge" and self._asks_whether(before):
            return True
        if active is None or active.kind != "hedge" or self._since:
            return False
        told = active.first >= self._met_at
        return told and (cue.kind == "resolved" or active.word in doubting)

    def _neither_of(self, cue: Cue) -> bool:
        """ "Neither of the nodules has changed", "none of them has cleared": they are there."""
        before = self._group[-1].before
        if before is None or before.word not in ("neither", "none") or before.kind != "negation":
            return False
        of = "of" in self._words[before.first : before.stop + 1]
        told = cue.kind == "resolved" or self._words[cue.stop - 1] not in self._lexicon.sets["seen"]
        return of and told and cue.kind in ("resolved", "kept")

    def _doubts_both(self, cue: Cue) -> None:
        """ "Effusion rather than consolidation is favored": neither is settled."""
        last = self._group[-1]
        if cue.kind != "hedge" or self._link or not last.before or last.before.kind != "instead":
            return
        last.before = replace(last.before, kind="doubt_instead")
        chosen = [d for d in self.drafts[-3:] if d.stop <= last.before.first and not d.after]
        self._set_after(chosen[-1:], cue)

    def _of_one_side(self, cue: Cue) -> bool:
        """ "Bilateral effusions, the left having resolved", "effusion on the left, none right"."""
        sides, words = self._lexicon.details["side"], self._words
        first = self._group[-1].first
        bilateral = "bilateral" in map(sides.get, words[max(self._first, first - 3) : first])
        if bilateral and cue.kind in _GONE and self._side_follows(cue.stop):
            return True
        if not self._link:
            return False
        if cue.word in ("none", "nil") and self._side_follows(cue.stop):
            return True
        start = max(self._link_at, cue.first - LONGEST_LEAD)
        here = {sides.get(word) for word in words[start : cue.first]} & _SIDES
        lead = max(self._first, first - LONGEST_LEAD)
        there = {sides.get(word) for word in words[lead : self._link_at]}
        return "other" in words[start : cue.first] or (
            len(here) == 1 and bool(there - here - {None})
        )

    def _dated(self, at: int) -> bool:
        """ "Not present in 2017": that was then."""
        year = self._words[at + 1] if at + 1 < self._stop else ""
        dated = year.isdigit() and len(year) == 4 and year[:2] in ("19", "20")
        return dated and self._words[at] in ("in", "on", "of")

    def _in_part(self, at: int) -> bool:
        """ "Has cleared partially", "resolved only in part": some of it is still there."""
        after = self._words[at : min(at + 3, self._stop)]
        after = after[: after.index(",")] if "," in after else after
        return not self._lexicon.sets["partly"].isdisjoint(after)

    def _some_of(self) -> bool:
        """ "Most of the effusion has gone", "some of the nodules": not all of it."""
        words, parts = self._words, self._lexicon.sets["quantities"]
        stop = self._group[-1].first if self._group else 0
        return any(
            words[at] == "of" and words[at - 1] in parts
            for at in range(max(self._first + 1, stop - 6), stop)
        )

    def _frees(self, cue: Cue, stop: int) -> None:
        """ "No pneumothorax, effusion unchanged": what is told of change was not denied."""
        last = self._group[-1]
        run_on = last.before is not None and last.before.kind == "conflict" and not last.link
        if run_on and cue.kind == "kept" and not self._link:
            last.before = None  # "no effusion cardiomegaly unchanged"
        if cue.kind != "kept" or last.link not in ("comma", "and", "dash") or self._link == "or":
            return
        if len(self._group) > 1 and self._group[-2].before is not last.before:
            return
        if last.before is None or last.before.kind != "negation" or last.before.word == "neither":
            return
        after = self._words[stop : min(stop + 5, self._stop)]
        if cue.word not in self._lexicon.sets["seen"] or self._one_place(after):
            last.before = None
        elif len(self._group) <= 2:
            last.before = replace(last.before, kind="conflict")

    def _doubts_change(self, cue: Cue) -> None:
        """ "Unclear whether the effusion has grown": the doubt is about the growth."""
        last = self._group[-1]
        before = last.before
        if before is None or before.kind != "hedge" or cue.kind != "kept":
            return
        changed = self._words[cue.stop - 1] not in self._lexicon.sets["seen"]
        if changed and self._asks_whether(before) and self._definite_at(last, before) >= 0:
            last.before = replace(before, kind="presupposed")

    def _asks_whether(self, cue: Cue) -> bool:
        return not _WHETHER.isdisjoint(self._words[cue.stop - 1 : cue.stop + 1])

    def _definite_at(self, draft: Draft, cue: Cue) -> int:
        """Return where a "the" stands that makes the phrase one known already, or -1."""
        words, at = self._words, draft.first - 1
        while at >= cue.stop and self._describes(words[at]):
            at -= 1
        return at if at > cue.first and words[at] in _DEFINITE else -1

    def _describes(self, word: str) -> bool:
        lexicon = self._lexicon
        adjectives = word in lexicon.places or word in lexicon.filler
        return adjectives or word in lexicon.sets["parts"] or word[0].isdigit()

    def _other_subject(self, cue: Cue) -> bool:
        """ "Effusion, gallstone not seen": what is not seen is none of ours."""
        if not self._last_is_finding and self._other_link in ("comma", "dash"):
            alone = len(self._group) == 1 or self._group[-1].link == "and"
            return alone and cue.word not in ("none", "nil")
        aside = cue.kind == "not_asserted" and self._relative_at > self._met_at
        if not self._group or (self._link not in ("comma", "and", "dash") and not aside):
            return False
        between = self._words[max(self._link_at, cue.first - LONGEST_LEAD) : cue.first]
        small = self._lexicon.small_words
        return any(word.isalpha() and word not in small for word in between)

    def _pending_negation(self, pending: Cue, cue: Cue) -> Cue:
        """ "Cannot on this supine film be excluded": a denial waiting for its verb."""
        kind = {"excluded": "cannot_exclude", "resolved": "kept", "kept": "negation"}.get(cue.kind)
        return Cue(kind or cue.kind, pending.first, cue.stop, pending.word)

    def _set_carried(self, cue: Cue, atom: Atom) -> None:
        """ "... but absent on the right": told of another side, it is a mention of its own."""
        before, asked = self._carry[-1].before, self._carry[-1].asked
        if cue.word == "yes" and asked in _GONE:
            cue = replace(cue, kind=asked)  # "Has the effusion resolved? Yes."
        if (
            cue.kind == "hedge"
            and cue.word != "not"
            and self._inside
            and before
            and before.kind == "negation"
        ):
            cue = replace(cue, kind="cannot_exclude")
        other = "other" in self._words[self._clause_first : cue.first]
        if other or before == EARLIER_SECTION or (self._inside and self._tells_side(atom.stop + 4)):
            self._again(cue, self._carry)
        else:
            self._set_after(self._carry, cue)

    def _refers_back(self, cue: Cue) -> bool:
        if self._pronoun or cue.word in ("yes", "none") or self._words[cue.stop - 1] in _OBJECTS:
            return True
        inside = self._inside
        if inside and cue.kind == "cannot_exclude":
            return True  # "no pneumonia, but early disease cannot be excluded"
        if cue.word == "not" and cue.kind == "hedge" and self._carry[-1].before is not None:
            return False  # "no consolidation, though the left base is not well seen"
        if (not inside and cue.kind not in _GONE) or cue.first - self._clause_first > LONGEST_LEAD:
            return False
        leads = self._lexicon.sets["leads"]
        places = self._lexicon.places if inside else leads
        lead = self._words[self._clause_first : cue.first]
        return all(word in leads or word in places for word in lead)

    def _reached(self) -> list[Draft]:
        """The phrases a cue behind them reaches: the last, and the list it closes."""
        group = self._group
        if group[-1].header:
            return [draft for draft in group if draft.header]
        reached = [group[-1]]
        for draft, later in zip(reversed(group[:-1]), reversed(group[1:]), strict=True):
            if draft.statement is not None and group[-1].statement is None:
                break  # "heart normal, and the pneumothorax has resolved"
            singular = self._verb in self._lexicon.singular
            if (
                later.link == "or"
                or (later.link == "and" and (not singular or draft.plain))
                or (later.link == "comma" and reached[-1].link and len(reached) > 1)
            ):
                reached.append(draft)
            else:
                break
        return reached


def gone(draft: Draft) -> bool:
    return draft.after is not None and draft.after.kind in _GONE

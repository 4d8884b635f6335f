"""The state of a sentence while it is read: what is active, what was met, what an "it" means."""

from collections.abc import Sequence
from dataclasses import replace

from inference.parsers.rules.atoms import Atom
from inference.parsers.rules.lexicon import Lexicon
from inference.parsers.rules.mentions import Cue, Draft
from inference.parsers.rules.phrases import longest

# No real list is longer; without a bound, hostile text would cost its length squared.
LONGEST_LIST = 24
# Nor does one look further back for what a cue behind it speaks of.
LONGEST_LEAD = 12
_CLAUSE_MARKS = frozenset((",", ";", ".", ":"))


class Clause:
    """Words, cues and phrases of the clause at hand; ``carry`` is what a pronoun may stand for.

    ``active`` is the cue that reaches forward, ``since`` the phrases met under it, ``closed`` that
    their verb has come. ``group`` is the list a cue behind it reaches back over; ``link`` the glue
    since its last phrase.
    """

    _active: Cue | None = None
    _since = 0
    _closed = False
    _link = ""
    _link_at = 0
    _relative_at = -1
    _link_or_ahead = False
    _either = False
    _verb = ""
    _pending: Atom | None = None
    _exception_at = -1
    _first = 0
    _stop = 0
    _clause_first = 0
    _bare_clause = True
    _pronoun = False
    _inside = False
    _last_is_finding = False
    _other_link = ""
    _met_at = -1
    _told_at = -1
    _said: Atom | None = None
    _another_at = -1
    _hedged = False

    def __init__(self, lexicon: Lexicon, words: Sequence[str], carry: list[Draft]) -> None:
        self._lexicon = lexicon
        self._words = words
        self.drafts: list[Draft] = []
        self._carry = carry
        self._group: list[Draft] = []
        self._organs: list[Atom] = []
        self._old_organs: list[Atom] = []
        self._denied: list[Draft] = []

    def _drop_active(self) -> None:
        self._active, self._since, self._closed = None, 0, False

    def _join(self, draft: Draft) -> None:
        linked = bool(self._group) and self._link != "" and not self._verb
        alone = not self._group and self._since > 0  # what it is linked to is none of the labels
        draft.link = self._link if linked or alone else ""
        if linked or (self._group and not self._link and not self._verb):
            self._group.append(draft)
            del self._group[:-LONGEST_LIST]
        else:
            self._group = [draft]
        self._verb = ""

    def _met_term(self, finding: bool, stop: int) -> None:
        self._since += 1
        self._link = ""
        self._bare_clause = False
        self._pending = None
        self._last_is_finding = finding
        self._met_at = stop

    def _before_is_plain(self, at: int) -> bool:
        """True if no article or size word opens the phrase: "effusion", not "a small effusion"."""
        before = self._words[at - 1] if at > self._first else ""
        return before in ("pleural", "and", "or", ",", "/", "") or at == self._first

    def _artifact_follows(self, at: int) -> bool:
        words, stop = self._words, min(len(self._words), at + 4)
        stop = next((i for i in range(at, stop) if words[i] in _CLAUSE_MARKS), stop)
        return any(longest(self._lexicon.artifacts, words, i, stop, ()) for i in range(at, stop))

    def _is_artifact(self, at: int) -> bool:
        """ "The nodule is a nipple shadow": what was seen is explained away."""
        words = self._words
        while at < self._stop and words[at] in self._lexicon.sets["just"]:
            at += 1
        return (
            at < self._stop
            and longest(self._lexicon.artifacts, words, at, self._stop, ()) is not None
        )

    def _one_place(self, words: Sequence[str]) -> bool:
        places = self._lexicon.places
        general = {"either", "any", "or"}.intersection(words)
        return not general and any(word in places for word in words)

    def _side_follows(self, at: int) -> bool:
        sides = self._lexicon.details["side"]
        return any(word in sides for word in self._words[at : min(at + 4, self._stop)])

    def _tells_side(self, stop: int) -> bool:
        sides = self._lexicon.details["side"]
        first = max(self._clause_first, stop - 12)
        return any(word in sides for word in self._words[first:stop])

    def _again(self, cue: Cue, known: Sequence[Draft]) -> None:
        last = known[-1]
        again = Draft(last.labels, "present", cue.first, cue.stop, last.entry, after=cue, echo=True)
        self.drafts.append(again)
        self._group = [again]

    def _set_after(self, drafts: Sequence[Draft], cue: Cue) -> None:
        for draft in drafts:
            known = draft.after.kind if draft.after else ""
            told = known not in ("", "kept", "earlier")
            if cue.kind == "kept" and told and cue.word != "yes":
                continue
            if cue.kind == "earlier" and known in ("negation", "hedge", "resolved"):
                if known == "negation":
                    draft.after = replace(cue, kind="kept")
                continue
            if cue.word == "queried":
                draft.asked = known
            draft.after = cue

"""A mention while its sentence is still being read, and the state its cues add up to."""

from dataclasses import dataclass

from inference.parsers.rules.lexicon import Entry
from inference.vocabulary import Label, State


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue that was met: its kind and the tokens it stands on."""

    kind: str
    first: int
    stop: int
    word: str = ""


# Reaches what stands in the comparison section: an earlier study.
EARLIER_SECTION = Cue("prior", -1, -1)


@dataclass(slots=True)
class Draft:
    """A phrase about ``labels`` on tokens ``first:stop``, with the cues that reach it.

    ``bare`` is its state without any cue: present, uncertain, absent, ``global`` (a normal chest),
    ``denied_global`` ("abnormality": a normal chest if denied), ``denied_only`` or ``sign``
    (present, but nothing if denied). ``asked`` is the kind of the cue that a question asks about.
    """

    labels: tuple[Label, ...]
    bare: str
    first: int
    stop: int
    entry: Entry
    before: Cue | None = None
    after: Cue | None = None
    statement: Cue | None = None
    plain: bool = True
    header: bool = False
    link: str = ""
    echo: bool = False
    dropped: bool = False
    asked: str = ""


_NOT_NOW = frozenset(("not_asserted", "conditional", "exclude", "prior", "background", "earlier"))
_THEN = frozenset(("prior", "earlier", "background"))
_OPEN = frozenset(("hedge", "cannot_exclude"))
_GONE = frozenset(("negation", "excluded", "resolved"))
_NOT_ALL = frozenset(("until", "till", "once", "when", "not"))
_EXTENT = frozenset(("extent", "amount", "volume", "degree", "severity"))
_PAST_VERBS = frozenset(("was", "were"))
_HEDGED = frozenset(("hedge", "conflict"))
# "Absence of effusion cannot be confirmed", "no pneumothorax, could be missed".
_DOUBTS_DENIAL = frozenset(
    (
        "may",
        "might",
        "could",
        "can",
        "cannot",
        "not",
        "never",
        "difficult",
        "hard",
        "due",
        "because",
    )
)

Verdict = tuple[State | None, str, Cue | None]


def verdict(draft: Draft) -> Verdict:
    """Return (state, rule, deciding cue); the state is None when the draft does not assert it."""
    state, rule, cue = _finding_verdict(draft)
    if draft.bare == "present" or state is None:
        return state, rule, cue
    if draft.bare == "uncertain":
        return _blunt(state), rule if cue else "state_phrase", cue or draft.statement
    if draft.bare in ("denied_only", "denied_global", "sign"):
        counts = (state is State.ABSENT) != (draft.bare == "sign")
        return state if counts else None, rule, cue
    if state is State.PRESENT:
        return State.ABSENT, "state_phrase", draft.statement
    if draft.bare == "global":
        return None, rule, cue
    return State.UNCERTAIN, "state_phrase_in_doubt", cue or draft.statement


def _blunt(state: State) -> State:
    return State.UNCERTAIN if state is State.PRESENT else state


def _finding_verdict(draft: Draft) -> Verdict:
    before, after = draft.before, draft.after
    first = before.kind if before else ""
    last = after.kind if after else ""
    if first in _NOT_NOW:
        return _past(first, last, before, after)
    if last == "not_asserted" or (
        last == "earlier" and first not in ("negation", "resolved", "change")
    ):
        return _untold(last, before, after)
    if "cannot_exclude" in (first, last):
        return State.UNCERTAIN, "cannot_exclude", before if first == "cannot_exclude" else after
    if first == "negation":
        return _denied(last, before, after)
    if first not in ("instead", "doubt_instead") and last in _GONE:
        return _gone(last, before, after)
    return _standing(first, last, before, after)


def _gone(last: str, before: Cue | None, after: Cue | None) -> Verdict:
    if before is not None and before.kind == "presupposed" and before.word in _NOT_ALL:
        return State.PRESENT, "presupposed", before  # "until the consolidation has cleared"
    if before is not None and before.kind == "presupposed" and before.word == "if":
        return State.UNCERTAIN, "hedged", before
    return State.ABSENT, "resolved" if last == "resolved" else "negated_after", after


def _untold(last: str, before: Cue | None, after: Cue | None) -> Verdict:
    if last == "not_asserted" and before is not None and before.word in _EXTENT:
        return State.PRESENT, "asserted", before  # "the extent of the effusion is hard to assess"
    return None, "not_asserted" if last == "not_asserted" else "prior_study", after


# What a cue before a finding means when nothing stronger stands behind the finding.
_BY_FIRST: dict[str, tuple[State, str]] = {
    "instead": (State.ABSENT, "instead_of"),
    "doubt_instead": (State.UNCERTAIN, "instead_of"),
    "resolved": (State.ABSENT, "resolved"),
    "conflict": (State.UNCERTAIN, "conflict"),
    "hedge": (State.UNCERTAIN, "hedged"),
}
_AFFIRMED: dict[str, str] = {
    "double_negation": "double_negation",
    "change": "change_only",
    "exception": "exception",
    "presupposed": "presupposed",
}


def _standing(first: str, last: str, before: Cue | None, after: Cue | None) -> Verdict:
    if last == "unfinished":
        return State.PRESENT, "change_only", after  # "resolution of the effusion is incomplete"
    if last == "affirmed":
        return State.PRESENT, "confirmed", after
    if first in _BY_FIRST:
        state, rule = _BY_FIRST[first]
        return state, rule, before
    if last in _HEDGED:
        return State.UNCERTAIN, "hedged", after
    if first in _AFFIRMED:
        return State.PRESENT, _AFFIRMED[first], before
    return State.PRESENT, "asserted", after if last == "kept" else before


def _denied(last: str, before: Cue | None, after: Cue | None) -> Verdict:
    if last == "excluded":
        return State.UNCERTAIN, "cannot_exclude", after
    if last == "negation" and after and after.word.startswith(("not", "cannot", "never")):
        return State.UNCERTAIN, "conflict", after
    if last in _HEDGED and after and after.word in _DOUBTS_DENIAL:
        return State.UNCERTAIN, "denial_in_doubt", after
    return State.ABSENT, "negated", before


def _past(first: str, last: str, before: Cue | None, after: Cue | None) -> Verdict:
    """What belongs to a prior study, a plan or an "if" counts only if told about the present."""
    if after is not None and after.word in ("none", "nil"):
        return State.ABSENT, "negated_after", after
    whether = before is not None and before.word == "whether"
    if last in _OPEN and (first == "exclude" or whether):
        return State.UNCERTAIN, "cannot_exclude", after  # "whether there is one is unclear"
    if first in _THEN and after is not None:
        if last in _GONE:
            return State.ABSENT, "resolved" if last == "resolved" else "negated_after", after
        was = after.word in _PAST_VERBS
        if last == "affirmed" or (last == "kept" and not was):
            return State.PRESENT, "asserted", after
        if last in _OPEN and not was:
            return State.UNCERTAIN, "hedged", after
    rule = "prior_study" if first in _THEN else first
    return None, rule, before

"""Cues that stand before what they decide, and what two of them in a row add up to."""

from dataclasses import replace

from inference.parsers.rules.clause import LONGEST_LEAD, Clause
from inference.parsers.rules.mentions import Cue

STICKY = frozenset(("not_asserted", "conditional", "exclude"))

# What an active cue (left) becomes when another (inner key) follows before any finding; a pair
# that is not here leaves the later cue alone.
_COMPOSED: dict[str, dict[str, str]] = {
    "negation": {
        "negation": "double_negation",
        "instead": "double_negation",
        "hedge": "negation",
        "present": "negation",
        "earlier": "negation",
        "change": "change",
        "resolved": "change",
        "exclude": "cannot_exclude",
    },
    "hedge": {
        **dict.fromkeys(
            ("negation", "conditional", "change", "present", "earlier", "resolved"), "hedge"
        ),
        "instead": "doubt_instead",
    },
    "change": dict.fromkeys(("earlier", "change", "present"), "change"),
    "resolved": dict.fromkeys(("earlier", "hedge", "present", "change"), "resolved"),
    "cannot_exclude": dict.fromkeys(
        ("negation", "hedge", "present", "change", "earlier"), "cannot_exclude"
    ),
    "earlier": dict.fromkeys(("hedge", "present"), "earlier"),
    "prior": dict.fromkeys(
        ("hedge", "negation", "present", "change", "resolved", "earlier", "prior"), "prior"
    ),
    "double_negation": {"hedge": "hedge", "present": "double_negation"},
}


# "Absence of lung markings raises concern for pneumothorax": what lacks is itself a sign.
_LACKS = frozenset(("absence", "lack", "loss", "absent", "paucity"))
_FREE = frozenset(("free", "devoid", "void"))
_EXCLUDES = frozenset(("excludes", "exclude", "rules", "excluding"))
_RAISES = frozenset(
    (
        "favor",
        "indicates",
        "indicating",
        "suggesting",
        "raises",
        "raise",
        "suggests",
        "suggest",
        "is",
        "may",
        "could",
        "might",
    )
)


class ForwardCues(Clause):
    """A cue before a finding stays active along its list and ends with its clause."""

    def _before(self, cue: Cue) -> None:
        active = self._active
        if active is not None and active.word == cue.word == "no" and cue.first - active.first == 1:
            self._active = replace(cue, first=active.first)  # "no no effusion": a stutter
            return
        if active is not None and (not self._since or self._in_denied_phrase(cue)):
            cue = self._composed(active, cue)
        elif (active is not None and active.kind in STICKY and not self._link) or (
            active is not None and cue.kind in ("hedge", "present") and self._link == "or"
        ):
            return
        if (cue.kind == "hedge" and self._artifact_follows(cue.stop)) or (
            cue.kind == "present" and self._is_artifact(cue.stop)
        ):
            told = self._group or (self._carry if self._pronoun else [])
            self._set_after(told[-1:], replace(cue, kind="hedge"))
        if cue.word == "not" and cue.kind == "negation" and self._link == "comma" and self._hedged:
            cue = replace(cue, kind="hedge")  # "likely a granuloma, not a metastasis"
        self._hedged = self._hedged or cue.kind == "hedge"
        if cue.kind == "hedge":
            self._link = ""
            self._verb = "hedge"
        if cue.word == "nor":
            self._link = "or"
        self._active = cue
        self._since = 0
        self._closed = False

    def _in_denied_phrase(self, cue: Cue) -> bool:
        """ "No opacity (is seen) to suggest pneumonia" denies the pneumonia too."""
        active = self._active
        return (
            active is not None
            and active.kind == "negation"
            and cue.kind in ("hedge", "present", "not_asserted")
            and not (active.word in _LACKS and cue.word in _RAISES)
            and not self._link
            and (not self._closed or "to" in (cue.word, self._words[cue.first - 1]))
        )

    def _denies_anew(self, active: Cue, cue: Cue) -> bool:
        """ "No fracture, no effusion" denies twice; only "not without" turns a denial round."""
        if active.kind != "negation" or cue.kind != "negation":
            return False
        if not self._link and cue.word in _FREE:
            return False  # "no part of the lung is free of consolidation"
        between = self._words[active.stop : min(cue.first, active.stop + LONGEST_LEAD)]
        small = "that" in between or all(w in self._lexicon.small_words for w in between)
        return bool(self._link) or not small

    def _composed(self, active: Cue, cue: Cue) -> Cue:
        if active.kind in STICKY and cue.kind != "break":
            return active
        if self._link in ("comma", "dash") and active.kind != "negation":
            return cue
        aside = cue.kind == "hedge" and "it" in self._words[active.stop : cue.first]
        if aside or cue.word == "nor" or (active.word in _LACKS and cue.word in _RAISES):
            return cue  # aside: "without prior images it is unclear"
        if active.kind == cue.kind == "negation" and not self._link and cue.word in _EXCLUDES:
            cue = replace(cue, kind="exclude")  # "nothing on this film excludes"
        if (cue.word in _LACKS and active.kind == "hedge") or self._denies_anew(active, cue):
            return cue  # "suggesting the absence of effusion"
        kind = _COMPOSED.get(active.kind, {}).get(cue.kind)
        if kind is None:
            return cue
        return Cue(kind, active.first, cue.stop, active.word)

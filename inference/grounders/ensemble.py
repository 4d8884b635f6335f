"""Several grounders on one image: boxes fused label by label, every vote kept.

A label is **present** if members that weigh more than half of those which assessed it say so;
**absent** if none says present and more than half say absent; not assessed if no member did; else
**uncertain**: members that disagree never make a flag. A member that fails, or loses a part of what
it said, makes the image ``partial``, so that nothing counts as absent from it; if all fail, the
grounding has failed.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from inference.fusion import Fused, fuse
from inference.grounders.base import BackendUnavailable, Grounder, GroundingFailed
from inference.images import GrayImage
from inference.policies import PLAIN
from inference.schema import Attempt, BackendVersion, Finding, Grounding, LedgerEntry, Vote
from inference.settings import SettingsReader
from inference.vocabulary import LABELS, ImageState, Label, State

NAME: Final = "ensemble"
PREFIX: Final = "ENSEMBLE_"
_SAYS: Final = {
    State.PRESENT: "present",
    State.UNCERTAIN: "uncertain",
    State.ABSENT: "absent",
    None: "not assessed",
}
_NO_ANSWER: Final = Grounding(ImageState.FAILED, dict.fromkeys(LABELS))


class EnsembleGrounder:
    """``members`` by name, with a weight above 0 each. One that can't start stops the ensemble
    (``BackendUnavailable``): a vote is never left out without a word."""

    def __init__(self, members: Mapping[str, Grounder], weights: Mapping[str, float]) -> None:
        if len(members) < 2:
            raise BackendUnavailable("An ensemble needs two members or more: ENSEMBLE_MEMBERS.")
        self._members = dict(members)
        self._weights = {name: weights[name] for name in members}
        self.version = _version(self._members, self._weights)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        """See ``Grounder.ground``. Raises ``GroundingFailed`` if every member does."""
        answers: dict[str, list[Grounding]] = {}
        raised: dict[str, GroundingFailed] = {}
        for name, member in self._members.items():
            try:
                answers[name] = member.ground(images)
            except GroundingFailed as failed:
                raised[name] = failed
                answers[name] = [_failed(failed) for _ in images]
        if len(raised) == len(self._members):
            sentences = "; ".join(f"{name}: {failed}" for name, failed in raised.items())
            attempts = [_of(name, one) for name, bad in raised.items() for one in bad.attempts]
            raise GroundingFailed(f"Every member failed: {sentences}", attempts)
        return [
            together({name: given[place] for name, given in answers.items()}, self._weights)
            for place in range(len(images))
        ]


def build() -> EnsembleGrounder:
    """From ENSEMBLE_MEMBERS (names, commas between) and ENSEMBLE_WEIGHTS (numbers, likewise)."""
    from inference.grounders import get_grounder  # noqa: PLC0415 - the registry knows this module

    reader = SettingsReader(os.environ, PREFIX)
    names = [name.strip() for name in reader.text("MEMBERS").split(",") if name.strip()]
    if NAME in names or len(set(names)) != len(names):
        raise BackendUnavailable("ENSEMBLE_MEMBERS names each member once, and not the ensemble.")
    given = reader.text("WEIGHTS").split(",") if reader.text("WEIGHTS") else ["1"] * len(names)
    try:
        weights = [float(weight) for weight in given]
    except ValueError:
        weights = []
    if len(weights) != len(names) or not all(0 < weight < 1e6 for weight in weights):
        raise BackendUnavailable("ENSEMBLE_WEIGHTS needs a number above 0 for each member.")
    try:
        members = {name: get_grounder(name) for name in names}
    except ValueError as unknown:
        raise BackendUnavailable(f"ENSEMBLE_MEMBERS: {unknown}") from unknown
    return EnsembleGrounder(members, dict(zip(names, weights, strict=True)))


def together(answers: Mapping[str, Grounding], weights: Mapping[str, float]) -> Grounding:
    """One grounding out of its members', in the order of their names' setting."""
    working = {n: a for n, a in answers.items() if a.image_state is not ImageState.FAILED}
    kept = replace(
        _NO_ANSWER,
        notes=_notes(answers),
        ledger=_ledger(answers),
        attempts=tuple(_of(name, one) for name, a in answers.items() for one in a.attempts),
        votes=_votes(answers),
    )
    if not working:
        return kept
    labels = {label: _state(label, working, weights) for label in LABELS}
    whole = all(answer.image_state is ImageState.GROUNDED for answer in answers.values())
    return replace(
        kept,
        image_state=ImageState.GROUNDED if whole else ImageState.PARTIAL,
        labels=labels,
        findings=tuple(
            finding
            for label in LABELS
            for finding in _findings(label, labels[label], working, weights)
        ),
        image_normal=whole and all(answer.image_normal for answer in answers.values()),
        scores=_scores(working, weights),
        measurements=_measurements(working.values()),
        notes=(*kept.notes, *_disagreements(labels, working)),
    )


def _notes(answers: Mapping[str, Grounding]) -> tuple[str, ...]:
    """Every member's, once; of one that failed, that it did and why."""
    notes: dict[str, None] = {}
    for name, answer in answers.items():
        if answer.image_state is ImageState.FAILED:
            reason = " ".join(answer.notes) or "It gave no reason."
            notes[f"{name} could not read the image and has no vote: {reason}"] = None
        else:
            notes.update(dict.fromkeys(answer.notes))
    return tuple(notes)


def _ledger(answers: Mapping[str, Grounding]) -> tuple[LedgerEntry, ...]:
    return tuple(
        LedgerEntry(entry.reason, entry.raw, f"{name}: {entry.detail}".rstrip(": "))
        for name, answer in answers.items()
        for entry in answer.ledger
    )


def _of(member: str, attempt: Attempt) -> Attempt:
    return replace(attempt, member=member)


def _failed(failed: GroundingFailed) -> Grounding:
    return replace(_NO_ANSWER, notes=(str(failed),), attempts=failed.attempts)


def _votes(answers: Mapping[str, Grounding]) -> tuple[Vote, ...]:
    return tuple(
        Vote(
            member=name,
            label=label,
            state=answer.labels.get(label),
            score=answer.scores.get(label),
            boxes=tuple(f.box for f in _seen(answer, label) if f.box is not None),
        )
        for name, answer in answers.items()
        for label in LABELS
    )


def _seen(answer: Grounding, label: Label) -> list[Finding]:
    return [f for f in answer.findings if f.label is label and not f.below]


def _state(
    label: Label, working: Mapping[str, Grounding], weights: Mapping[str, float]
) -> State | None:
    """The rule at the head of this module. A finding is a vote for present whatever the member's
    own label says, and what a partial answer calls absent is no vote at all."""
    votes: dict[State, float] = dict.fromkeys(State, 0.0)
    for name, answer in working.items():
        state = State.PRESENT if _seen(answer, label) else answer.labels.get(label)
        if state is State.ABSENT and answer.image_state is ImageState.PARTIAL:
            state = None
        if state is not None:
            votes[state] += weights[name]
    total = sum(votes.values())
    if not total:
        return None
    if votes[State.PRESENT] > total / 2:
        return State.PRESENT
    is_denied = not votes[State.PRESENT] and votes[State.ABSENT] > total / 2
    return State.ABSENT if is_denied else State.UNCERTAIN


def _findings(
    label: Label,
    state: State | None,
    working: Mapping[str, Grounding],
    weights: Mapping[str, float],
) -> list[Finding]:
    """Where the label is present the boxes that half of the weight agrees on, or else the
    strongest one, or a finding without a box; the strongest other one is shown as ``below``."""
    fused = _fused(label, working, weights)
    if state is not State.PRESENT:
        return [_finding(label, fused[0], below=True)] if fused else []
    agreed = [one for one in fused if one.share >= 1 / 2] or fused[:1]
    if not agreed:
        return [Finding(label)]
    others = [one for one in fused if one not in agreed][:1]
    return [
        *[_finding(label, one, below=False) for one in agreed],
        *[_finding(label, one, below=True) for one in others],
    ]


def _fused(
    label: Label, working: Mapping[str, Grounding], weights: Mapping[str, float]
) -> list[Fused]:
    """Boxes of all members fused; candidates below a threshold only where none is above it."""
    boxed = {
        name: [f for f in answer.findings if f.label is label and f.box is not None]
        for name, answer in working.items()
    }
    above = {name: [f for f in found if not f.below] for name, found in boxed.items()}
    used = above if any(above.values()) else boxed
    return fuse(
        {name: [(f.box, f.score) for f in found if f.box] for name, found in used.items()}, weights
    )


def _finding(label: Label, fused: Fused, *, below: bool) -> Finding:
    return Finding(label, fused.box, fused.score, below)


def _scores(working: Mapping[str, Grounding], weights: Mapping[str, float]) -> dict[Label, float]:
    """The weighted mean over the members that score the label."""
    scores = {}
    for label in LABELS:
        known = [(weights[n], a.scores[label]) for n, a in working.items() if label in a.scores]
        if known:
            total = sum(weight for weight, _ in known)
            scores[label] = round(sum(weight * score for weight, score in known) / total, 4)
    return scores


def _measurements(answers: Iterable[Grounding]) -> dict[str, float]:
    """Those of the first member that measures anything: two rulers are not mixed."""
    return next((dict(answer.measurements) for answer in answers if answer.measurements), {})


def _disagreements(
    labels: Mapping[Label, State | None], working: Mapping[str, Grounding]
) -> list[str]:
    told = []
    for label in LABELS:
        said = {name: answer.labels.get(label) for name, answer in working.items()}
        if {State.PRESENT, State.ABSENT} <= set(said.values()):
            words = ", ".join(f"{name} says {_SAYS[state]}" for name, state in said.items())
            told.append(
                f"The models disagree on {PLAIN[label]}: {words}; it counts as"
                f" {_SAYS[labels[label]]}."
            )
    return told


def _version(members: Mapping[str, Grounder], weights: Mapping[str, float]) -> BackendVersion:
    """The hash covers every member's; output may leave only if every member's may."""
    versions = {name: member.version for name, member in members.items()}
    asked = {name: [version.hash, weights[name]] for name, version in versions.items()}
    return BackendVersion(
        name=NAME,
        version="+".join(versions)[-60:],
        hash=hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest(),
        licence="; ".join(dict.fromkeys(v.licence for v in versions.values()))[:200],
        may_release_output=all(version.may_release_output for version in versions.values()),
        checkpoint="; ".join(v.checkpoint for v in versions.values() if v.checkpoint)[:200],
        decoding=json.dumps({name: f"{v.name} {v.version}" for name, v in versions.items()}),
    )

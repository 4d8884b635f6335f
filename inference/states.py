"""How single mentions and findings add up to one state per label. Written once, used by all."""

from collections.abc import Iterable, Mapping

from inference.schema import Finding, Mention
from inference.vocabulary import LABELS, ImageState, Label, State

_STRENGTH = {State.PRESENT: 3, State.UNCERTAIN: 2, State.ABSENT: 1}


def draft_labels(mentions: Iterable[Mention]) -> dict[Label, State | None]:
    """State of each label over mentions not overruled: present > uncertain > absent > silent."""
    labels: dict[Label, State | None] = dict.fromkeys(LABELS)
    for mention in mentions:
        if mention.overruled:
            continue
        known = labels[mention.label]
        if known is None or _STRENGTH[mention.state] > _STRENGTH[known]:
            labels[mention.label] = mention.state
    return labels


def image_labels(
    findings: Iterable[Finding], otherwise: State | None = State.ABSENT
) -> dict[Label, State | None]:
    """State of each label where any finding counts as present and silence as ``otherwise``."""
    labels: dict[Label, State | None] = dict.fromkeys(LABELS, otherwise)
    for finding in findings:
        if not finding.below:
            labels[finding.label] = State.PRESENT
    return labels


def judged_labels(
    image_state: ImageState,
    labels: Mapping[Label, State | None],
    findings: Iterable[Finding] = (),
) -> dict[Label, State | None]:
    """State of each label on the image as it is judged.

    A finding counts as present whatever ``labels`` says; a label that ``labels`` does not name
    was not assessed. Of a ``partial`` image absent counts as not assessed, since what was lost
    may have been it; of a ``failed`` one nothing was assessed.
    """
    if image_state == ImageState.FAILED:
        return dict.fromkeys(LABELS)
    judged = {label: labels.get(label) for label in LABELS}
    if image_state == ImageState.PARTIAL:
        for label, state in judged.items():
            if state == State.ABSENT:
                judged[label] = None
    for finding in findings:
        if not finding.below:
            judged[finding.label] = State.PRESENT
    return judged

"""How far an audit is, in the words that the page and the event stream share."""

from collections.abc import Iterable
from typing import Any

from audits.models import LIVE_STATES, Audit, AuditStep, StepName, StepState

STEP_ORDER = tuple(StepName)


def current_step(audit: Audit, steps: Iterable[AuditStep]) -> str | None:
    """The step a live audit is in: the first that runs, else the first that waits."""
    if audit.state not in LIVE_STATES:
        return None
    states = {step.name: step.state for step in steps}
    for wanted in (StepState.RUNNING, StepState.WAITING):
        for name in STEP_ORDER:
            if states.get(name) == wanted:
                return name.value
    return None


def progress(audit: Audit, steps: Iterable[AuditStep]) -> dict[str, Any]:
    """The payload of an ``audit`` event."""
    known = list(steps)
    return {
        "id": str(audit.id),
        "state": str(audit.state),
        "attempt": audit.attempt,
        "step": current_step(audit, known),
        "steps": {step.name: str(step.state) for step in known},
    }

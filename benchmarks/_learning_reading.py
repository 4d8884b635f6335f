"""A scripted reader, who knows what is on each picture, at work through the API."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from benchmarks._learning_shown import Shown
from inference.boxes import iou
from inference.vocabulary import Label, State

API = "/api/v1"
BOX_RIGHT = 0.5
DRAFT = "Heart size is normal. The lungs are clear. No pleural effusion or pneumothorax."
"""Every draft of the loop: each finding the model sees is MISSING, each it overlooks is silent."""


class Refused(RuntimeError):
    """The API did not do what the reader asked."""


def read_queue(queue: uuid.UUID, shown: Mapping[str, Shown], username: str) -> dict[str, int]:
    """Read every item of the queue; what was answered, counted. ``shown`` goes by case id."""
    from rest_framework.test import APIClient  # noqa: PLC0415 - Django is set up by the caller

    from audits.models import User  # noqa: PLC0415

    client = APIClient(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=username))
    said: Counter[str] = Counter()
    while slot := _ask(client, f"queues/{queue}/claim", {})["slot"]:
        audit = client.get(f"{API}/audits/{slot['audit']}").json()
        _read(client, slot, audit, shown[audit["case"]["id"]], said)
        said["items"] += 1
    return dict(said)


def _read(
    client: Any, slot: dict[str, Any], audit: dict[str, Any], shown: Shown, said: Counter[str]
) -> None:
    for flag in audit["flags"]:
        answer = _answer(flag, shown)
        said[answer["verdict"]] += 1
        _say(client, slot, "decisions", flag=flag["id"], **answer)
    flagged = {flag["label"] for flag in audit["flags"]}
    for label in (label for label in shown.present if label not in flagged):
        for box in shown.boxes.get(label) or (None,):
            _say(client, slot, "missed-findings", label=label, box=list(box) if box else None)
            said["missed findings added"] += 1
    _ask(client, f"slots/{slot['id']}/submit", {**_lease(slot), "nothing_else_missed": True})


def _answer(flag: dict[str, Any], shown: Shown) -> dict[str, Any]:
    """Confirmed where the finding is there, with its own box where the model's is off."""
    label = Label(flag["label"])
    if flag["kind"] == "UNSUPPORTED":
        return {"verdict": "dismissed", "reason": "draft_misread"}
    if shown.states[label] is None:
        return {"verdict": "indeterminate"}
    if shown.states[label] is not State.PRESENT:
        return {"verdict": "dismissed", "reason": "not_on_image"}
    true = shown.boxes.get(label, ())
    if not true:
        # It is there, and whether the box is right nobody knows: none is learnt from.
        return {"verdict": "confirmed", "layers": {"box_right": None}}
    overlap, box = max((iou(tuple(drawn), own), own) for drawn in flag["boxes"] for own in true)
    if overlap >= BOX_RIGHT:
        return {"verdict": "confirmed"}
    return {"verdict": "confirmed_modified", "box": list(box)}


def _say(client: Any, slot: dict[str, Any], what: str, **body: Any) -> None:
    _ask(client, f"slots/{slot['id']}/{what}", {"id": str(uuid.uuid4()), **_lease(slot), **body})


def _lease(slot: dict[str, Any]) -> dict[str, Any]:
    return {"lease_token": slot["lease_token"], "fence": slot["fence"]}


def _ask(client: Any, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(f"{API}/{path}", body, format="json")
    if answer.status_code >= 400:
        raise Refused(f"{path}: {answer.status_code} {answer.content.decode()}")
    return answer.json()

"""A scripted reader, who knows what is drawn on each phantom, at work through the API."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from benchmarks._learning_films import Film
from inference.boxes import iou
from inference.vocabulary import LABELS, Label

API = "/api/v1"
BOX_RIGHT = 0.5
DRAFT = "Heart size is normal. The lungs are clear. No pleural effusion or pneumothorax."
"""Every draft of the loop: each finding the model sees is MISSING, each it overlooks is silent."""


class Refused(RuntimeError):
    """The API did not do what the reader asked."""


def read_queue(queue: uuid.UUID, films: Mapping[str, Film], username: str) -> dict[str, int]:
    """Read every item of the queue; what was answered, counted. ``films`` go by case id."""
    from rest_framework.test import APIClient  # noqa: PLC0415 - Django is set up by the caller

    from audits.models import User  # noqa: PLC0415

    client = APIClient(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=username))
    said: Counter[str] = Counter()
    while slot := _ask(client, f"queues/{queue}/claim", {})["slot"]:
        audit = client.get(f"{API}/audits/{slot['audit']}").json()
        _read(client, slot, audit, films[audit["case"]["id"]], said)
        said["items"] += 1
    return dict(said)


def _read(
    client: Any, slot: dict[str, Any], audit: dict[str, Any], film: Film, said: Counter[str]
) -> None:
    for flag in audit["flags"]:
        answer = _answer(flag, film)
        said[answer["verdict"]] += 1
        _say(client, slot, "decisions", flag=flag["id"], **answer)
    for label in film.labels - {flag["label"] for flag in audit["flags"]}:
        box = film.boxes(label)[0]
        _say(client, slot, "missed-findings", label=label, box=list(box))
        said["missed findings added"] += 1
    _ask(client, f"slots/{slot['id']}/submit", {**_lease(slot), "nothing_else_missed": True})


def _answer(flag: dict[str, Any], film: Film) -> dict[str, Any]:
    """Confirmed where the finding is drawn, with its own box where the model's is off."""
    label = Label(flag["label"])
    true = film.boxes(label)
    if flag["kind"] == "UNSUPPORTED":
        return {"verdict": "dismissed", "reason": "draft_misread"}
    if not true:
        return {"verdict": "dismissed", "reason": "not_on_image"}
    if any(iou(tuple(box), true[0]) >= BOX_RIGHT for box in flag["boxes"]):
        return {"verdict": "confirmed"}
    return {"verdict": "confirmed_modified", "box": list(true[0])}


def _say(client: Any, slot: dict[str, Any], what: str, **body: Any) -> None:
    _ask(client, f"slots/{slot['id']}/{what}", {"id": str(uuid.uuid4()), **_lease(slot), **body})


def _lease(slot: dict[str, Any]) -> dict[str, Any]:
    return {"lease_token": slot["lease_token"], "fence": slot["fence"]}


def _ask(client: Any, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(f"{API}/{path}", body, format="json")
    if answer.status_code >= 400:
        raise Refused(f"{path}: {answer.status_code} {answer.content.decode()}")
    return answer.json()


def truth_line(film: Film, name: str) -> dict[str, Any]:
    """The film as ``evaluate`` and ``compare-versions`` read a truth."""
    return {
        "id": name,
        "labels": {label: "present" if label in film.labels else "absent" for label in LABELS},
        "boxes": [{"label": label, "box": list(box)} for label, box in film.findings],
    }

"""Prompt templates: versioned files, each with the hash that an audit's version records."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from inference.boxes import BoxFormat
from inference.vocabulary import LABELS, State

FOLDER = Path(__file__).parent

Answer = Literal["findings", "mentions"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One template: the words, the answer they ask for, and the boxes' convention.

    ``correction`` is added to ``user`` when an answer could not be read. ``boxes`` is ``None``
    where none are asked for. ``hash`` is the SHA-256 of the file.
    """

    name: str
    answer: Answer
    system: str
    user: str
    correction: str
    boxes: BoxFormat | None
    hash: str

    @property
    def reference(self) -> str:
        """The name and the beginning of the hash, for ``BackendVersion.prompt``."""
        return f"{self.name}@{self.hash[:16]}"


def prompt_names(answer: Answer) -> list[str]:
    """The templates that ask for ``answer``, oldest first."""
    return sorted(path.stem for path in FOLDER.glob(f"{answer}-*.toml"))


@cache
def load_prompt(name: str, answer: Answer) -> Prompt:
    """The template ``name``. Raises ``ValueError`` that lists those there are for ``answer``."""
    known = prompt_names(answer)
    if name not in known:
        raise ValueError(f"There is no prompt {name} for {answer}; choose {', '.join(known)}.")
    data = (FOLDER / f"{name}.toml").read_bytes()
    read = tomllib.loads(data.decode())
    words = read["messages"]
    boxes = read.get("boxes")
    return Prompt(
        name=name,
        answer=answer,
        system=words["system"],
        user=words["user"],
        correction=words["correction"],
        boxes=BoxFormat(**boxes) if boxes else None,
        hash=hashlib.sha256(data).hexdigest(),
    )


def answer_schema(prompt: Prompt) -> dict[str, Any]:
    """The JSON Schema of the answer ``prompt`` asks for.

    An object around the list, since OpenAI's strict mode takes no list at the top. A schema can't
    say ``y0 < y1`` or that a span stands in the draft: answers are always read by recovery.
    """
    item = _finding(prompt.boxes or BoxFormat()) if prompt.answer == "findings" else _MENTION
    return _object({prompt.answer: {"type": "array", "maxItems": 64, "items": item}})


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def _finding(boxes: BoxFormat) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number", "minimum": 0}
    if boxes.scale != "pixels":
        number["maximum"] = boxes.scale
    corners = {"type": "array", "minItems": 4, "maxItems": 4, "items": number}
    return _object(
        {"label": {"enum": list(LABELS)}, "box_2d": {"anyOf": [corners, {"type": "null"}]}}
    )


_MENTION = _object(
    {
        "label": {"enum": [*LABELS, "no_finding"]},
        "status": {"enum": list(State)},
        "span": {"type": "string", "minLength": 1},
    }
)

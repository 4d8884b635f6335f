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
    where none are asked for. ``listed`` answers are the bare list, as some fine-tunes write it.
    ``hash`` is the SHA-256 of the file.
    """

    name: str
    answer: Answer
    system: str
    user: str
    correction: str
    boxes: BoxFormat | None
    hash: str
    listed: bool = False

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
        listed=read.get("listed", False),
    )


def prompt_of(checkpoint: str, answer: Answer) -> str | None:
    """The template that a published checkpoint is asked with; ``None`` for any other."""
    known = tomllib.loads((FOLDER / "checkpoints.toml").read_text())
    name: str | None = known[answer].get(checkpoint)
    return name


def answer_schema(prompt: Prompt) -> dict[str, Any]:
    """The JSON Schema of the answer ``prompt`` asks for.

    An object around the list, since OpenAI's strict mode takes no list at the top; the list itself
    where the prompt is ``listed``. It is bounded everywhere, so that a model that repeats itself
    comes to an end within its tokens. A schema can't say ``y0 < y1`` or that a span stands in the
    draft: answers are always read by recovery.
    """
    if prompt.answer == "findings":
        item, most = _finding(prompt.boxes or BoxFormat(), prompt.listed), _MOST_FINDINGS
    else:
        item, most = _MENTION, _MOST_MENTIONS
    members = {"type": "array", "maxItems": most, "items": item}
    return members if prompt.listed else _object({prompt.answer: members})


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def _finding(boxes: BoxFormat, with_normal: bool) -> dict[str, Any]:
    corners = {"type": "array", "minItems": 4, "maxItems": 4, "items": _number(boxes)}
    labels = [*LABELS, "no_finding"] if with_normal else list(LABELS)
    return _object({"label": {"enum": labels}, "box_2d": {"anyOf": [corners, {"type": "null"}]}})


def _number(boxes: BoxFormat) -> dict[str, Any]:
    """Whole numbers, or fractions of three digits: a model may write digits without end."""
    if boxes.scale == "pixels":
        return {"type": "integer", "minimum": 0, "maximum": 99_999}
    if boxes.scale > 1:
        return {"type": "integer", "minimum": 0, "maximum": round(boxes.scale)}
    return {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.001}


# More than any radiograph or report needs; 512 and 1,024 tokens hold them.
_MOST_FINDINGS = 16
_MOST_MENTIONS = 32
_MOST_LETTERS = 200

_MENTION = _object(
    {
        "label": {"enum": [*LABELS, "no_finding"]},
        "status": {"enum": list(State)},
        "span": {"type": "string", "minLength": 1, "maxLength": _MOST_LETTERS},
    }
)

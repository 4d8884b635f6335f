"""A corpus's chats as rows for the trainer: what is asked, what is to be answered, the image."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from datasets import Dataset

from inference.boxes import BoxFormat
from inference.generation.picture import picture
from inference.images import read_image
from inference.prompts import load_prompt

SIDE = 896
"""Longer side of what is shown, pixels: MedGemma's own, and the grounder's default."""


def read_chats(corpus: Path, split: str) -> Dataset:
    """``chats/<split>.jsonl``; a picture is drawn, as the grounder shows it, when it is asked for.

    Prompt and completion are apart, so that only the answer is learnt. Raises ``ValueError`` for
    a line that is no chat of one image by the corpus's one prompt, ``OSError`` for a file or an
    image that is not there.
    """
    path = corpus / "chats" / f"{split}.jsonl"
    with path.open(encoding="ascii") as lines:
        rows = [_row(corpus, f"{path}, line {n}", line) for n, line in enumerate(lines, 1)]
    if not rows:
        return Dataset.from_dict({"prompt": [], "completion": [], "images": []})
    asked = {row.pop("asked_with") for row in rows}
    if len(asked) > 1:
        raise ValueError(f"{path} asks with several prompts: {', '.join(sorted(asked))}")
    boxes = load_prompt(asked.pop(), "findings").boxes or BoxFormat()
    return Dataset.from_list(rows).with_transform(partial(_drawn, boxes=boxes))


def _drawn(rows: dict[str, Any], boxes: BoxFormat) -> dict[str, Any]:
    """A batch of rows with their images as RGB pictures, padded where the boxes count on it."""
    if "images" not in rows:
        return rows
    return {**rows, "images": [[_picture(name, boxes) for name in one] for one in rows["images"]]}


def _picture(name: str, boxes: BoxFormat) -> Any:
    return picture(read_image(Path(name).read_bytes()), boxes, SIDE).convert("RGB")


def _row(corpus: Path, where: str, line: str) -> dict[str, Any]:
    try:
        chat = json.loads(line)
        told, asked, answered = chat["messages"]
        (name,) = chat["images"]
        prompt = load_prompt(chat["prompt"], "findings").name
        words = _text(told, "system"), _text(asked, "user"), _text(answered, "assistant")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{where} is no chat of one image: {error!r}") from error
    if not (corpus / name).is_file():
        raise FileNotFoundError(f"{where}: there is no {name} in {corpus}")
    return {
        "prompt": [
            {"role": "system", "content": words[0]},
            {"role": "user", "content": words[1]},
        ],
        "completion": [{"role": "assistant", "content": words[2]}],
        "images": [str(corpus / name)],
        "asked_with": prompt,
    }


def _text(message: dict[str, Any], role: str) -> str:
    if message["role"] != role:
        raise ValueError(f"the role is {message['role']}, not {role}")
    return "".join(part["text"] for part in message["content"] if part["type"] == "text")

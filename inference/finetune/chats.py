"""A corpus's chats as rows for the trainer: what is asked, what is to be answered, the image."""

import json
from pathlib import Path
from typing import Any

from datasets import Dataset, Image, Sequence


def read_chats(corpus: Path, split: str) -> Dataset:
    """``chats/<split>.jsonl``; images are opened when a batch needs them.

    Prompt and completion are apart, so that only the answer is learnt. Raises ``ValueError`` for
    a line that is no chat of one image, ``OSError`` for a file or an image that is not there.
    """
    path = corpus / "chats" / f"{split}.jsonl"
    with path.open(encoding="ascii") as lines:
        rows = [_row(corpus, f"{path}, line {n}", line) for n, line in enumerate(lines, 1)]
    if not rows:
        return Dataset.from_dict({"prompt": [], "completion": [], "images": []})
    return Dataset.from_list(rows).cast_column("images", Sequence(Image(mode="RGB")))


def _row(corpus: Path, where: str, line: str) -> dict[str, Any]:
    try:
        chat = json.loads(line)
        asked, answered = chat["messages"]
        (name,) = chat["images"]
        question, answer = _text(asked, "user"), _text(answered, "assistant")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{where} is no chat of one image: {error!r}") from error
    if not (corpus / name).is_file():
        raise FileNotFoundError(f"{where}: there is no {name} in {corpus}")
    return {
        "prompt": [{"role": "user", "content": question}],
        "completion": [{"role": "assistant", "content": answer}],
        "images": [str(corpus / name)],
    }


def _text(message: dict[str, Any], role: str) -> str:
    if message["role"] != role:
        raise ValueError(f"the role is {message['role']}, not {role}")
    return "".join(part["text"] for part in message["content"] if part["type"] == "text")

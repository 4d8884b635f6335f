"""From a model's answer to the statements it makes, before any of them is understood."""

import json
from dataclasses import dataclass, field

from inference.mappings import label_of
from inference.recovery.reader import Node, Reader
from inference.schema import LedgerEntry
from inference.vocabulary import LedgerReason

LABEL_KEYS = ("label", "finding", "name", "class", "category", "pathology", "abnormality")
BOX_KEYS = ("box_2d", "box", "bbox", "bounding_box", "boxes")
_BOX_NUMBERS = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a model stated: an element of its list, with one of its boxes.

    ``label`` is the model's own wording; ``box`` is the node of the box, ``None`` if the element
    gives none; ``node`` is the whole element and ``raw`` its own characters.
    """

    label: str
    node: Node
    raw: str
    box: Node | None = None


@dataclass(slots=True)
class Answer:
    """All that was read out of an answer.

    ``strict`` is true if the whole answer is JSON as it stands. ``says_nothing`` means that the
    model wrote an empty list. ``scraps`` are the stretches that no statement could be read from,
    one ledger row each: junk inside a list, and the tail that the end of the text cut.
    """

    text: str
    strict: bool
    statements: list[Statement] = field(default_factory=list)
    scraps: list[LedgerEntry] = field(default_factory=list)
    says_nothing: bool = False


def read_answer(text: str) -> Answer:
    """Read every list and object in ``text``; prose around them is passed over."""
    answer = Answer(text, strict=_is_json(text))
    reader, at = Reader(text), _next_bracket(text, 0)
    while at is not None:
        node = reader.value(at)
        if not _is_prose(node):
            _collect(answer, node)
        at = _next_bracket(text, node.end)
    return answer


def member(node: Node, keys: tuple[str, ...]) -> Node | None:
    """The member under the first of ``keys`` that ``node`` has."""
    found = (node.get(key) for key in keys)
    return next((item for item in found if item is not None), None)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list | dict)
    except (ValueError, RecursionError):
        return False


def _next_bracket(text: str, at: int) -> int | None:
    found = (text.find("[", at), text.find("{", at))
    return min((place for place in found if place >= 0), default=None)


def _is_prose(node: Node) -> bool:
    """Brackets of ordinary prose: ``[see image]``, ``[1]``. Four numbers might be a box."""
    if node.kind != "list" or not node.items or len(node.items) == _BOX_NUMBERS:
        return False
    return all(item.kind == "scalar" and not _is_bare_label(item) for item in node.items)


def _is_bare_label(node: Node) -> bool:
    if not isinstance(node.scalar, str):
        return False
    return not node.junk or label_of(node.scalar) is not None


def _collect(answer: Answer, node: Node) -> None:
    label = member(node, LABEL_KEYS)
    if _is_bare_label(node) and node.complete:
        _state(answer, str(node.scalar), node)
    elif label is not None and isinstance(label.scalar, str) and label.complete:
        _state(answer, label.scalar, node)
        if not node.complete:
            _scrap(answer, node, "the text ends inside this statement")
    elif node.kind == "scalar" or label is not None:
        _scrap(answer, node, "no label can be read")
    else:
        _collect_members(answer, node)


def _collect_members(answer: Answer, node: Node) -> None:
    members = [item for item in node.items if item.kind != "scalar" or node.kind == "list"]
    if any(item.kind != "scalar" or _is_bare_label(item) for item in members):
        for item in members:
            _collect(answer, item)
        if not node.complete and node.items[-1].complete:
            _scrap(answer, node, "the list was never closed", start=node.items[-1].end)
    elif node.kind == "list" and not members and node.complete:
        answer.says_nothing = True
    else:
        _scrap(answer, node, "no statement can be read")


def _state(answer: Answer, label: str, node: Node) -> None:
    raw = answer.text[node.start : node.end]
    answer.statements += [Statement(label, node, raw, box) for box in _boxes(node)]


def _boxes(node: Node) -> list[Node | None]:
    """The element's boxes: it may give none, one, or a list of several."""
    box = member(node, BOX_KEYS)
    if box is None or (box.kind == "scalar" and box.scalar is None and not box.junk):
        return [None]
    if box.kind == "list" and box.items and all(item.kind == "list" for item in box.items):
        return list(box.items)
    return [None] if box.kind == "list" and not box.items else [box]


def _scrap(answer: Answer, node: Node, detail: str, start: int | None = None) -> None:
    reason = LedgerReason.UNPARSABLE if node.complete else LedgerReason.TRUNCATED
    raw = answer.text[node.start if start is None else start : node.end]
    answer.scraps.append(LedgerEntry(reason, raw, detail))

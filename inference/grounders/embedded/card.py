"""The shipped networks' card: which files, which hashes, which thresholds."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.grounders.base import BackendUnavailable
from inference.vocabulary import LABELS, Label

FOLDER = Path(__file__).parent / "weights"
CARD = "card.json"


@dataclass(frozen=True, slots=True)
class LabelCard:
    """How one label's logits become a score and a state.

    score = sigmoid(``slope`` * z + ``offset``) with z the mean of the image's and the peak's
    logit; present at or above ``present``, absent below ``rule_out``, uncertain between.
    """

    slope: float
    offset: float
    present: float
    rule_out: float


@dataclass(frozen=True, slots=True)
class Network:
    """One ONNX file in the weights folder and its SHA-256."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the backend reads besides pixels. ``hash`` covers the card and all weights."""

    version: str
    licence: str
    size: int
    members: tuple[Network, ...]
    anatomy: Network
    labels: dict[Label, LabelCard]
    hash: str


def read_card(folder: Path = FOLDER) -> Card:
    """Read ``card.json``; ``BackendUnavailable`` if it is missing or not a card."""
    path = folder / CARD
    try:
        text = path.read_bytes()
        raw: dict[str, Any] = json.loads(text)
        return Card(
            version=raw["version"],
            licence=raw["licence"],
            size=raw["size"],
            members=tuple(Network(**m) for m in raw["members"]),
            anatomy=Network(**raw["anatomy"]),
            labels={label: LabelCard(**raw["labels"][label]) for label in LABELS},
            hash=hashlib.sha256(text).hexdigest(),
        )
    except FileNotFoundError as missing:
        raise BackendUnavailable(f"the embedded detector's card is missing: {path}") from missing
    except (ValueError, KeyError, TypeError) as error:
        raise BackendUnavailable(f"{path} is not a detector card: {error}") from error


def read_weights(network: Network, folder: Path = FOLDER) -> bytes:
    """The bytes of one network, refused unless their SHA-256 is the card's."""
    path = folder / network.file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BackendUnavailable(f"can't read the weights {path}: {error.strerror}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != network.sha256:
        raise BackendUnavailable(
            f"{path} is corrupt or not the shipped file: its SHA-256 is {found[:12]}..., "
            f"the card says {network.sha256[:12]}...; restore it from the repository"
        )
    return data

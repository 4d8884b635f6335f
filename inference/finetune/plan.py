"""What a fine-tuning run is made of: a YAML file, every key known, every value checked."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import yaml

TARGETS = r".*language_model.*\.(q|k|v|o|gate|up|down)_proj"
"""Attention and MLP projections of the language model; the vision tower has q_proj too."""

Stored = Literal["nf4", "none"]
_KINDS = {"nf4", "none"}


@dataclass(frozen=True, slots=True)
class Plan:
    """One run; two runs of one plan on one machine take the same steps.

    ``base`` is a checkpoint's folder (nothing is downloaded), ``corpus`` what ``curate`` wrote.
    ``quantize`` says how the frozen base is stored while training. ``batch`` x ``accumulate``
    images make a step; ``steps`` (0: by epochs) ends a run early. Rank 16, alpha 16 and 2e-4 are
    QLoRA's (Dettmers et al., 2023).
    """

    base: Path
    corpus: Path
    rank: int = 16
    alpha: int = 16
    dropout: float = 0.05
    dora: bool = False
    rate: float = 2e-4
    warmup: float = 0.03
    epochs: float = 2.0
    steps: int = 0
    batch: int = 1
    accumulate: int = 16
    quantize: Stored = "nf4"
    checkpointing: bool = True
    save_every: int = 50
    log_every: int = 5
    seed: int = 1

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"base": str(self.base), "corpus": str(self.corpus)}


def read_plan(path: Path) -> Plan:
    """The plan in a YAML file; raises ``ValueError`` with a sentence for one that is none.

    Relative folders are those beside the file.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no YAML file: {error}") from error
    if not isinstance(given, dict):
        raise ValueError(f"{path} holds no settings, one a line, as `rank: 16`")
    known = {field.name: field.type for field in fields(Plan)}
    strange = sorted(str(name) for name in given.keys() - known.keys())
    if strange:
        raise ValueError(f"{path}: unknown {', '.join(strange)}; known: {', '.join(known)}")
    missing = [name for name in ("base", "corpus") if name not in given]
    if missing:
        raise ValueError(f"{path} names no {' and no '.join(missing)}")
    for name in ("base", "corpus"):
        given[name] = path.parent / str(given[name])
    plan = Plan(**given)
    _check(plan, path)
    return plan


_LEAST_ONE = ("rank", "alpha", "batch", "accumulate", "save_every", "log_every")


def _check(plan: Plan, path: Path) -> None:
    for name in (*_LEAST_ONE, "steps", "seed"):
        value = getattr(plan, name)
        least = 1 if name in _LEAST_ONE else 0
        if type(value) is not int or value < least:
            raise ValueError(f"{path}: {name} is a whole number of at least {least}")
    for name, most in (("dropout", 0.9), ("warmup", 1.0), ("rate", 1.0), ("epochs", 1000.0)):
        value = getattr(plan, name)
        if type(value) not in (int, float) or not 0 <= value <= most:
            raise ValueError(
                f"{path}: {name} is a number from 0 to {most:g} (write 2.0e-4, not 2e-4)"
            )
    for name in ("dora", "checkpointing"):
        if type(getattr(plan, name)) is not bool:
            raise ValueError(f"{path}: {name} is true or false")
    if plan.quantize not in _KINDS:
        raise ValueError(f"{path}: quantize is one of {', '.join(sorted(_KINDS))}")

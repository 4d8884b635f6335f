"""The records that pass between grounder, parser and comparator.

Plain frozen dataclasses: cheap to make (the comparator handles tens of thousands of audits a
second) and impossible to change after the fact. Untrusted JSON is validated into them at the
door by ``pydantic.TypeAdapter``; code inside the room may trust them.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from inference.vocabulary import DraftState, FlagKind, ImageState, Label, LedgerReason, State

Box = tuple[float, float, float, float]
"""``(y0, x0, y1, x1)`` in 0..1 of the stored image, ``y0 < y1`` and ``x0 < x1``."""

Span = tuple[int, int]
"""``(start, end)`` in characters; ``text[start:end]`` is the phrase."""

Side = Literal["left", "right", "bilateral"]
"""The patient's side, never the picture's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a grounder saw. A lost box (``None``) is never a lost finding.

    ``below`` marks the label's best candidate under its ``present`` threshold: shown on request
    as where the model looked, never counted as present.
    """

    label: Label
    box: Box | None = None
    score: float | None = None
    below: bool = False


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Something a model said that could not be used, kept verbatim."""

    reason: LedgerReason
    raw: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer of a generative model, as it came, with the settings that made it.

    ``outcome``: ``used`` as it was, ``recovered`` (repaired, or its readable part kept), or
    ``failed``. ``member`` names the grounder of an ensemble. ``detail`` says what was wrong.
    """

    outcome: Literal["used", "recovered", "failed"]
    raw: str
    ms: int
    settings: dict[str, Any] = field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None
    detail: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one member of an ensemble says of one label."""

    member: str
    label: Label
    state: State | None
    score: float | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounding:
    """What one grounder says of one image.

    ``labels`` holds every label; ``None`` means not assessed. ``scores`` are whole-image scores
    in 0..1 where the backend has them. ``notes`` are sentences for the page (image quality,
    view). ``measurements`` are named numbers such as ``cardiothoracic_ratio``. ``votes`` are an
    ensemble's members'.
    """

    image_state: ImageState
    labels: dict[Label, State | None]
    findings: tuple[Finding, ...] = ()
    image_normal: bool = False
    scores: dict[Label, float] = field(default_factory=dict)
    ledger: tuple[LedgerEntry, ...] = ()
    notes: tuple[str, ...] = ()
    measurements: dict[str, float] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase of the draft about one label; ``text == draft[start:end]`` always.

    ``cue`` is the wording that decided the state and ``rule`` the name of the rule, so that the
    page can say why. An overruled mention is kept and shown but does not count.
    """

    label: Label
    state: State
    start: int
    end: int
    text: str = ""
    cue: str = ""
    section: str = ""
    overruled: bool = False
    rule: str = ""
    side: Side | None = None
    location: str | None = None
    severity: str | None = None
    change: str | None = None
    size_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Parsing:
    """What one parser reads in one draft. ``reason`` says why an unparsed draft is unparsed."""

    draft_state: DraftState
    labels: dict[Label, State | None]
    mentions: tuple[Mention, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """One disagreement, with every box and phrase behind it and the rule that raised it.

    ``reason`` is ``None`` unless MISSING; ``reported`` is ``None`` unless URGENT (and also for an
    URGENT flag whose draft is empty or unparsed).
    """

    kind: FlagKind
    label: Label
    reason: Literal["omitted", "denied"] | None = None
    reported: bool | None = None
    side_agrees: bool | None = None
    boxes: tuple[Box, ...] = ()
    spans: tuple[Span, ...] = ()
    rule: str = ""


ClaimType = Literal["finding", "absence", "measurement", "impression", "recommendation", "other"]
Alignment = Literal["supported", "uncertain", "needs_review"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the draft and how the image supports it.

    ``alignment`` is ``None`` for what lies outside the labels. ``overconfident`` marks wording,
    as information only; ``suggestion`` is a hedged wording, offered and never applied.
    """

    start: int
    end: int
    text: str
    type: ClaimType
    labels: tuple[Label, ...] = ()
    alignment: Alignment | None = None
    penalty: int = 0
    cause: str = ""
    overconfident: tuple[Span, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparator's verdict on one audit: flags in label order, then kind."""

    policy: str
    flags: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackendVersion:
    """What made an output, recorded in every audit so that it can be made again.

    ``hash`` covers the weights and settings (hex SHA-256). ``may_release_output`` is false where
    the weights' licence forbids publishing what the model said. What the hash covers is named
    where the backend knows it: ``prompt`` is a template's name and hash, ``decoding`` the
    settings of sampling (at most 400 characters), ``weights_hash`` covers the weights alone.
    """

    name: str
    version: str
    hash: str
    licence: str
    may_release_output: bool
    checkpoint: str = ""
    adapter: str = ""
    prompt: str = ""
    decoding: str = ""
    weights_hash: str = ""

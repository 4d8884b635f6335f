"""From the ladder's outcome to a grounding or a parsing."""

from inference.generation.ladder import Climb, Verdict
from inference.recovery import (
    FindingRecovery,
    ImageFrame,
    MentionRecovery,
    recover_findings,
    recover_mentions,
)
from inference.schema import Attempt, Grounding, LedgerEntry, Parsing
from inference.states import draft_labels
from inference.vocabulary import LABELS, DraftState, ImageState, LedgerReason

MAX_CHARACTERS = 20_000

FINDINGS_SAMPLES = 2
MENTIONS_SAMPLES = 1

_CUT = {LedgerReason.TRUNCATED, LedgerReason.UNPARSABLE}


def judge_findings(text: str, frame: ImageFrame) -> Verdict[FindingRecovery]:
    """An unknown label is the model's own word, and asking again would not change it; what was
    cut or could not be read may come whole the next time."""
    read = recover_findings(text, frame)
    lost = [entry for entry in read.ledger if entry.reason in _CUT]
    usable = read.image_state is not ImageState.FAILED
    return Verdict(read, usable and not lost, usable, read.schema_valid, _detail(read.ledger))


def judge_mentions(text: str, draft: str) -> Verdict[MentionRecovery]:
    read = recover_mentions(text, draft)
    whole = read.draft_state is DraftState.PARSED
    usable = whole or bool(read.mentions)
    return Verdict(read, whole, usable, read.schema_valid, _detail(read.ledger))


def grounding_of(climb: Climb[FindingRecovery]) -> Grounding:
    """An image none of whose answers could be read is failed, never normal."""
    if climb.verdict is None:
        return failed_grounding(climb.problem, climb.attempts)
    read = climb.verdict.value
    return Grounding(
        image_state=read.image_state,
        labels=read.labels,
        findings=read.findings,
        image_normal=read.image_normal,
        ledger=read.ledger,
        attempts=climb.attempts,
    )


def failed_grounding(reason: str, attempts: tuple[Attempt, ...] = ()) -> Grounding:
    return Grounding(ImageState.FAILED, dict.fromkeys(LABELS), notes=(reason,), attempts=attempts)


def parsing_of(climb: Climb[MentionRecovery]) -> Parsing:
    """The mentions of an answer that was cut are shown, and decide nothing."""
    if climb.verdict is None:
        return unparsed(climb.problem, climb.attempts)
    read = climb.verdict.value
    parsed = read.draft_state is DraftState.PARSED
    return Parsing(
        draft_state=read.draft_state,
        labels=draft_labels(read.mentions) if parsed else dict.fromkeys(LABELS),
        mentions=read.mentions,
        ledger=read.ledger,
        reason="" if parsed else "No answer of the model could be read to its end.",
        attempts=climb.attempts,
    )


def unparsed(reason: str, attempts: tuple[Attempt, ...] = ()) -> Parsing:
    return Parsing(DraftState.UNPARSED, dict.fromkeys(LABELS), reason=reason, attempts=attempts)


def unasked(text: str) -> Parsing | None:
    """The parsing of a draft that no model need or can be asked about."""
    if not text.strip():
        return Parsing(DraftState.EMPTY, dict.fromkeys(LABELS))
    if len(text) > MAX_CHARACTERS:
        return unparsed(f"The draft is longer than {MAX_CHARACTERS:,} characters.")
    return None


def _detail(ledger: tuple[LedgerEntry, ...]) -> str:
    return "; ".join(sorted({f"{entry.reason}: {entry.detail}" for entry in ledger}))

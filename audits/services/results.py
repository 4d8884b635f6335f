"""Turns what the steps answer into rows, and rows' raw results back into the core's records.

Every function here runs under the audit's lock, in the transaction that ends the step.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from audits.models import Audit, Claim, Finding, Flag, Generation, LedgerRow, Mention, StepName
from inference import schema
from inference.boxes import side_of_all
from inference.policies import URGENCY
from inference.vocabulary import LABELS, DraftState, FlagKind, ImageState, Label, State

_GROUNDING = TypeAdapter(schema.Grounding)
_PARSING = TypeAdapter(schema.Parsing)
_ATTEMPTS = {"attempts"}

GroundingRecord = schema.Grounding
ParsingRecord = schema.Parsing


def raw_grounding(grounding: schema.Grounding) -> Any:
    """The record without its attempts, which have rows of their own."""
    return _GROUNDING.dump_python(grounding, mode="json", exclude=_ATTEMPTS)


def raw_parsing(parsing: schema.Parsing) -> Any:
    """As `raw_grounding`."""
    return _PARSING.dump_python(parsing, mode="json", exclude=_ATTEMPTS)


def load_grounding(raw: Any) -> schema.Grounding:
    return _GROUNDING.validate_python(raw)


def load_parsing(raw: Any) -> schema.Parsing:
    return _PARSING.validate_python(raw)


def grounding_store(*, audit: Audit, grounding: schema.Grounding) -> None:
    """Findings, labels and scores of the image. A failed grounding leaves only its ledger."""
    audit.image_state = grounding.image_state.value
    ledger_store(audit=audit, step=StepName.GROUNDING, entries=grounding.ledger)
    if grounding.image_state != ImageState.FAILED:
        audit.image_labels = _labels(grounding.labels)
        audit.scores = {label.value: score for label, score in grounding.scores.items()}
        audit.measurements = dict(grounding.measurements)
        Finding.objects.bulk_create(
            _finding(audit, position, finding)
            for position, finding in enumerate(grounding.findings)
        )
    audit.save()


def parsing_store(*, audit: Audit, parsing: schema.Parsing) -> None:
    """Mentions and labels of the draft; a draft nobody could read leaves the reason as a note."""
    audit.draft_state = parsing.draft_state.value
    audit.notes = [parsing.reason] if parsing.reason else []
    audit.draft_labels = _labels(parsing.labels)
    audit.save()
    ledger_store(audit=audit, step=StepName.PARSING, entries=parsing.ledger)
    Mention.objects.bulk_create(
        Mention(audit=audit, position=position, **asdict(mention))
        for position, mention in enumerate(parsing.mentions)
    )


def unparsed(reason: str) -> schema.Parsing:
    """What a parser that broke leaves: a draft nobody read, with the reason."""
    return schema.Parsing(
        draft_state=DraftState.UNPARSED, labels=dict.fromkeys(LABELS), reason=reason
    )


def comparison_store(
    *,
    audit: Audit,
    comparison: schema.Comparison,
    claims: Iterable[schema.Claim],
    score: int | None,
    notes: list[str],
) -> None:
    """Flags, claims, score and notes; sets the audit's fields, which `audit_finish` saves."""
    flags = [_flag(audit, position, flag) for position, flag in enumerate(comparison.flags)]
    Flag.objects.bulk_create(flags)
    Claim.objects.bulk_create(
        Claim(audit=audit, position=position, **asdict(claim))
        for position, claim in enumerate(claims)
    )
    audit.notes = notes
    audit.score = score
    audit.urgency_rank = max((_urgency_rank(flag) for flag in flags), default=0)


def ledger_store(*, audit: Audit, step: StepName, entries: Iterable[schema.LedgerEntry]) -> None:
    LedgerRow.objects.bulk_create(
        LedgerRow(
            audit=audit,
            step=step.value,
            attempt=audit.attempt,
            position=position,
            reason=entry.reason.value,
            raw=entry.raw,
            detail=entry.detail,
        )
        for position, entry in enumerate(entries)
    )


def generations_store(*, audit: Audit, step: StepName, attempts: Iterable[schema.Attempt]) -> None:
    """Every answer of the step's model, whatever came of it."""
    model = audit.grounder if step == StepName.GROUNDING else audit.parser
    Generation.objects.bulk_create(
        Generation(
            audit=audit,
            model=model,
            step=step.value,
            attempt=audit.attempt,
            position=position,
            **asdict(attempt),
        )
        for position, attempt in enumerate(attempts)
    )


def _labels(states: dict[Label, State | None]) -> dict[str, str | None]:
    """All five labels, whatever the backend left out."""
    return {label.value: _value(states.get(label)) for label in LABELS}


def _value(state: State | None) -> str | None:
    return None if state is None else state.value


def _finding(audit: Audit, position: int, finding: schema.Finding) -> Finding:
    y0, x0, y1, x1 = finding.box or (None, None, None, None)
    return Finding(
        audit=audit,
        position=position,
        label=finding.label.value,
        y0=y0,
        x0=x0,
        y1=y1,
        x1=x1,
        score=finding.score,
        below=finding.below,
    )


def _flag(audit: Audit, position: int, flag: schema.Flag) -> Flag:
    urgency = URGENCY.get(flag.label) if flag.kind == FlagKind.URGENT else None
    return Flag(
        audit=audit,
        position=position,
        kind=flag.kind.value,
        label=flag.label.value,
        reason=flag.reason,
        reported=flag.reported,
        side=side_of_all(flag.boxes),
        side_agrees=flag.side_agrees,
        boxes=[list(box) for box in flag.boxes],
        spans=[list(span) for span in flag.spans],
        rule=flag.rule,
        urgency_tier=urgency.tier if urgency else None,
        urgency_wording=urgency.wording if urgency else "",
    )


def _urgency_rank(flag: Flag) -> int:
    """4 to 1 as `Audit.urgency_rank` says; tiers below 2 rank like tier 2."""
    if flag.urgency_tier is None:
        return 0
    first_tier = 1 if flag.urgency_tier == 1 else 0
    return first_tier + (3 if flag.reported is False else 1)

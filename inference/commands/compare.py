"""``compare``: audits as JSON lines in, flags and claims as JSON lines out."""

import argparse
from functools import lru_cache
from itertools import chain
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, FiniteFloat, model_validator

from inference.boxes import BoxFormat, to_box
from inference.claims import align_claims, draft_score
from inference.comparator import compare
from inference.jsonl import Record, run_lines
from inference.parsers import get_parser
from inference.policies import PLAIN
from inference.schema import Claim, Finding, Flag, Mention, Side
from inference.states import image_labels, judged_labels
from inference.vocabulary import DraftState, ImageState, Label, State

HELP = "compare what images show with what drafts say (JSON lines in and out)"

_OURS: Final = BoxFormat()
_Offset = Annotated[int, Field(strict=True, ge=0)]


class FindingLine(BaseModel):
    """A finding as it arrives. The box may be anything: one that is unusable is lost alone."""

    label: Label
    box: Any = None
    score: FiniteFloat | None = None
    below: bool = False


class MentionLine(BaseModel):
    """A mention as it arrives; what only the page shows is not read.

    Without the keys ``side`` and ``location`` they are read from the draft; null says that there
    is none.
    """

    label: Label
    state: State
    start: _Offset
    end: _Offset
    text: str | None = None
    overruled: bool = False
    side: Side | None = None
    location: str | None = None


class AuditLine(BaseModel):
    """One input line. Fields that are not named here are ignored."""

    id: Annotated[int, Field(strict=True)] | Annotated[str, Field(strict=True)] | None = None
    image_state: ImageState
    findings: list[FindingLine]
    draft_state: DraftState
    mentions: list[MentionLine]
    image_labels: dict[Label, State | None] | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _spans_hold(self) -> "AuditLine":
        for place, mention in enumerate(self.mentions):
            trouble = _span_trouble(mention, self.text)
            if trouble:
                raise ValueError(f"mentions.{place}: {trouble}")
        return self


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[IN] [OUT]``."""
    parser.add_argument("source", nargs="?", metavar="IN", help="JSON lines (default: stdin)")
    parser.add_argument("out", nargs="?", metavar="OUT", help="JSON lines (default: stdout)")


def run(args: argparse.Namespace) -> int:
    """Compare every line; the exit code is 1 if any was bad."""
    return run_lines(compare_line, args.source, args.out)


def compare_line(record: Record) -> Record:
    """One audit. Raises ValueError (pydantic's, naming the fields) for a line that is not one."""
    line = AuditLine.model_validate(record)
    findings, lost = _findings(line)
    mentions = _mentions(line)
    given = image_labels(findings) if line.image_labels is None else line.image_labels
    result = compare(
        image_state=line.image_state,
        image_labels=given,
        findings=findings,
        draft_state=line.draft_state,
        mentions=mentions,
    )
    claims: tuple[Claim, ...] = ()
    if line.text is not None:
        claims = align_claims(
            line.text,
            image_state=line.image_state,
            image_labels=judged_labels(line.image_state, given, findings),
            draft_state=line.draft_state,
            mentions=mentions,
        )
    return {
        "id": line.id,
        "policy": result.policy,
        "flags": [_written(flag) for flag in result.flags],
        "claims": [_written(claim) for claim in claims],
        "score": draft_score(claims, line.draft_state),
        "notes": [*result.notes, *lost],
    }


def _findings(line: AuditLine) -> tuple[list[Finding], list[str]]:
    findings, lost = [], []
    for finding in line.findings:
        box, reason = (None, "") if finding.box is None else to_box(finding.box, _OURS, 1, 1)
        findings.append(Finding(finding.label, box, finding.score, finding.below))
        if reason and not finding.below:
            name = PLAIN[finding.label]
            lost.append(f"A box of {name} was not usable ({reason}); the finding still counts.")
    return findings, sorted(lost)


def _mentions(line: AuditLine) -> list[Mention]:
    return [
        Mention(
            m.label,
            m.state,
            m.start,
            m.end,
            overruled=m.overruled,
            side=m.side if "side" in m.model_fields_set else _read(m, line.text, "side"),
            location=(
                m.location if "location" in m.model_fields_set else _read(m, line.text, "location")
            ),
        )
        for m in line.mentions
    ]


def _read(mention: MentionLine, text: str | None, detail: str) -> Any:
    """What the rules parser reads of ``detail`` at this place, or else in the mention's words."""
    here = (m for m in _parsed(text) if m.start < mention.end and mention.start < m.end)
    told = (
        getattr(m, detail) for m in chain(here, _parsed(mention.text)) if m.label == mention.label
    )
    return next(filter(None, told), None)


@lru_cache(maxsize=64)
def _parsed(text: str | None) -> tuple[Mention, ...]:
    return () if text is None else get_parser("rules").parse(text).mentions


def _span_trouble(mention: MentionLine, text: str | None) -> str:
    start, end = mention.start, mention.end
    if start >= end:
        return f"start ({start}) must be less than end ({end})"
    if text is None:
        return ""
    if end > len(text):
        return f"end ({end}) lies past the end of text, which has {len(text)} characters"
    if mention.text and text[start:end] != mention.text:
        return (
            f"text[{start}:{end}] is {text[start:end]!a:.60}, not {mention.text!a:.60}:"
            " offsets count characters, not bytes"
        )
    return ""


def _written(record: Flag | Claim) -> Record:
    # Not dataclasses.asdict: its deep copies cost more than the whole comparison.
    return {name: getattr(record, name) for name in record.__slots__ if name != "rule"}

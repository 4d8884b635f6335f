"""One case end to end: image and draft in, flags with their evidence out. No database.

The platform calls the same pieces step by step; this is the whole path in one place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from inference import NOTICE
from inference.boxes import side_of_all
from inference.claims import align_claims, draft_score
from inference.comparator import compare
from inference.grounders.base import BackendUnavailable, Grounder, GroundingFailed
from inference.images import GrayImage
from inference.parsers.base import Parser
from inference.policies import URGENCY
from inference.regions import place_of
from inference.schema import (
    BackendVersion,
    Claim,
    Comparison,
    Finding,
    Flag,
    Grounding,
    LedgerEntry,
    Parsing,
)
from inference.states import draft_labels, judged_labels
from inference.vocabulary import LABELS, FlagKind, ImageState


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit ends with. A ``failed`` one has a ``failure`` sentence and the draft's
    mentions, and never findings, flags, claims or a score.
    """

    state: Literal["done", "failed"]
    grounding: Grounding
    parsing: Parsing
    comparison: Comparison
    claims: tuple[Claim, ...]
    score: int | None
    grounder: BackendVersion
    parser: BackendVersion
    failure: str | None = None


def audit(image: GrayImage, text: str, *, grounder: Grounder, parser: Parser) -> Audit:
    """Ground ``image``, parse ``text``, compare, align the claims, score.

    ``text`` may be empty (an image-only audit). A grounder that fails, by raising or by saying
    so, gives a ``failed`` audit: never one that looks empty or normal. Raises ``ValueError`` for
    an array that is no gray uint8 or uint16 image.
    """
    grounding = _ground(image, grounder)
    parsing = parser.parse(text)
    findings = [finding for finding in grounding.findings if not finding.below]
    image_labels = judged_labels(grounding.image_state, grounding.labels, findings)
    comparison = compare(
        image_state=grounding.image_state,
        image_labels=grounding.labels,
        findings=findings,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    failed = grounding.image_state == ImageState.FAILED
    claims = (
        ()
        if failed
        else align_claims(
            text,
            image_state=grounding.image_state,
            image_labels=image_labels,
            draft_state=parsing.draft_state,
            mentions=parsing.mentions,
        )
    )
    return Audit(
        state="failed" if failed else "done",
        grounding=grounding,
        parsing=parsing,
        comparison=comparison,
        claims=claims,
        score=draft_score(claims, parsing.draft_state),
        grounder=grounder.version,
        parser=parser.version,
        failure=_failure(grounding) if failed else None,
    )


def _ground(image: GrayImage, grounder: Grounder) -> Grounding:
    try:
        groundings = grounder.ground([image])
    except (GroundingFailed, BackendUnavailable) as error:
        return failed_grounding(str(error))
    if len(groundings) != 1:
        return failed_grounding(f"The model gave {len(groundings)} answers for one image.")
    return groundings[0]


def failed_grounding(reason: str) -> Grounding:
    """A grounding that says nothing of the image but why."""
    return Grounding(ImageState.FAILED, dict.fromkeys(LABELS), notes=(reason,))


def _failure(grounding: Grounding) -> str:
    return " ".join(grounding.notes) or "The model could not read the image."


def as_record(result: Audit) -> dict[str, Any]:
    """The audit as JSON values, in the shape of the API's ``GET audits/{id}`` without ids."""
    grounding, parsing = result.grounding, result.parsing
    findings = [finding for finding in grounding.findings if not finding.below]
    failed = result.state == "failed"
    return {
        "state": result.state,
        "failure": result.failure,
        "image_state": grounding.image_state,
        "draft_state": parsing.draft_state,
        "image_normal": grounding.image_normal and not failed,
        "findings": []
        if failed
        else [_finding(finding, grounding.measurements) for finding in findings],
        "image_labels": judged_labels(grounding.image_state, grounding.labels, findings),
        "scores": {} if failed else grounding.scores,
        "draft_labels": draft_labels(parsing.mentions),
        "mentions": [asdict(mention) for mention in parsing.mentions],
        "flags": [_flag(flag) for flag in result.comparison.flags],
        "claims": [asdict(claim) for claim in result.claims],
        "score": result.score,
        "penalties": [claim.penalty for claim in result.claims if claim.alignment is not None],
        "notes": _notes(result),
        "ledger": [
            *_ledger("grounding", grounding.ledger),
            *_ledger("parsing", parsing.ledger),
        ],
        "measurements": {} if failed else grounding.measurements,
        "grounder": _what_is_told(result.grounder),
        "parser": _what_is_told(result.parser),
        "policy": result.comparison.policy,
        "notice": NOTICE,
    }


def _notes(result: Audit) -> list[str]:
    reason = (result.parsing.reason,) if result.parsing.reason else ()
    said = (*result.grounding.notes, *result.comparison.notes, *result.parsing.notes, *reason)
    return list(dict.fromkeys(said))


def _finding(finding: Finding, measurements: Mapping[str, float]) -> dict[str, Any]:
    return {
        "label": finding.label,
        "box": finding.box,
        "score": finding.score,
        "region": place_of(finding.box, measurements),
    }


def _flag(flag: Flag) -> dict[str, Any]:
    urgency = URGENCY.get(flag.label) if flag.kind == FlagKind.URGENT else None
    return {
        **asdict(flag),
        "side": side_of_all(flag.boxes),
        "urgency": None if urgency is None else urgency._asdict(),
    }


def _ledger(step: str, entries: Sequence[LedgerEntry]) -> list[dict[str, Any]]:
    return [{"step": step, **asdict(entry)} for entry in entries]


def _what_is_told(version: BackendVersion) -> dict[str, Any]:
    """The version without what its backend does not know of itself."""
    return {name: value for name, value in asdict(version).items() if value != ""}

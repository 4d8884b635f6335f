"""What a worker does for the steps that need no image: parsing, and the comparison of both."""

import time
from uuid import UUID

from audits.models import Audit, StepName, StepState
from audits.services import results
from audits.services.audits import Steps
from audits.services.backends import is_version, parser_named
from audits.services.jobs import Answer, Job, alone, changed, ms_since
from audits.services.steps import step_claim
from inference.claims import align_claims, draft_score
from inference.comparator import compare
from inference.vocabulary import DraftState


def parse_step(*, audit_id: UUID, attempt: int) -> None:
    alone(step_claim(audit_id=audit_id, step=StepName.PARSING, attempt=attempt), _parse)


def compare_step(*, audit_id: UUID, attempt: int) -> None:
    alone(step_claim(audit_id=audit_id, step=StepName.COMPARING, attempt=attempt), _compare)


def _parse(job: Job) -> Answer:
    parser = parser_named(name=job.audit.parser.name)
    if not is_version(row=job.audit.parser, version=parser.version):
        raise changed("parser", str(job.audit.parser))
    started = time.perf_counter()
    parsing = parser.parse(job.audit.draft.text)
    ms = ms_since(started)

    def store(audit: Audit, steps: Steps) -> None:
        results.parsing_store(audit=audit, parsing=parsing)

    return Answer(store, ms, results.raw_parsing(parsing), parsing.attempts)


def _compare(job: Job) -> Answer:
    def store(audit: Audit, steps: Steps) -> None:
        """Both results are read under the lock that the flags are written under."""
        grounding = results.load_grounding(steps[StepName.GROUNDING].result)
        parsed = steps[StepName.PARSING]
        parsing = (
            results.load_parsing(parsed.result)
            if parsed.state == StepState.DONE
            else results.unparsed(parsed.failure_message)
        )
        _judge(audit, job.audit.draft.text, grounding, parsing)

    return Answer(store)


def _judge(
    audit: Audit, text: str, grounding: results.GroundingRecord, parsing: results.ParsingRecord
) -> None:
    comparison = compare(
        image_state=grounding.image_state,
        image_labels=grounding.labels,
        findings=grounding.findings,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    claims = align_claims(
        text,
        image_state=grounding.image_state,
        image_labels=grounding.labels,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    unread = [parsing.reason] if parsing.draft_state == DraftState.UNPARSED else []
    notes = [*grounding.notes, *parsing.notes, *filter(None, unread), *comparison.notes]
    results.comparison_store(
        audit=audit,
        comparison=comparison,
        claims=claims,
        score=draft_score(claims, parsing.draft_state),
        notes=notes,
    )

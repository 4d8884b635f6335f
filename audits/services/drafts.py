"""Further drafts of a case, and synthetic ones written from the findings that came with it."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from audits.errors import InvalidInput
from audits.models import Case, Draft, RecordedReading, SyntheticDraft, User
from audits.services.audits import audit_start
from audits.services.cases import draft_create
from audits.services.readers import findings_of, votes_on
from inference.synthesis import Case as Drawn
from inference.synthesis import Kind, Subject, draw_cases, survey
from inference.vocabulary import LABELS


def draft_add(
    *, case: Case, text: str, origin: str, actor: User | None, revises: Draft | None = None
) -> tuple[Draft, bool]:
    """A further version, and whether it is new; ``revises`` must be a draft of the same case."""
    if revises is not None and revises.case_id != case.pk:
        raise InvalidInput("revises", "A draft revises one of the same case.")
    return draft_create(case=case, text=text, origin=origin, actor=actor, revises=revises)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to write: ``count`` drafts of these kinds, drawn from ``seed``."""

    kinds: Sequence[Kind]
    count: int
    seed: int
    start_audits: bool = False


@dataclass(slots=True)
class Synthesis:
    """What was made: drafts by kind; ``known`` were there before; ``lacking`` are labels that no
    case can give for a kind."""

    batch: uuid.UUID
    created: int = 0
    known: int = 0
    cases: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    lacking: dict[str, list[str]] = field(default_factory=dict)


def drafts_synthesize(
    *,
    cases: QuerySet[Case],
    recipe: Recipe,
    actor: User | None,
    tell: Callable[[int], None] = lambda done: None,
) -> Synthesis:
    """Write drafts of the cases that came with findings, kinds and labels in turn.

    The same cases and the same recipe give the same drafts, and so nothing twice. Each draft is
    a transaction of its own: what a crash leaves is a part of them, and the same call makes the
    rest. Raises ``InvalidInput`` on ``kinds`` if no case can give one of them.
    """
    subjects = subjects_of(cases=cases)
    plenty = survey(subjects, recipe.kinds)
    if lacking := plenty.lacking():
        what = ", ".join(lacking)
        raise InvalidInput("kinds", f"None of these cases has findings that can give: {what}.")
    made = Synthesis(uuid.uuid4(), cases=len(subjects))
    made.lacking = {
        kind: [str(label) for label in plenty.missing_labels(kind)]
        for kind in recipe.kinds
        if kind != "control" and plenty.missing_labels(kind)
    }
    drafts = draw_cases(subjects, recipe.kinds, recipe.count, recipe.seed)
    for done, drawn in enumerate(drafts, start=1):
        _write(drawn, made, recipe, actor)
        tell(done)
    return made


@transaction.atomic
def _write(drawn: Drawn, made: Synthesis, recipe: Recipe, actor: User | None) -> None:
    case = Case.objects.select_related("source").get(pk=drawn.image)
    draft, is_new = draft_create(case=case, text=drawn.case.draft, origin="synthetic", actor=actor)
    if is_new:
        SyntheticDraft.objects.create(
            draft=draft,
            batch=made.batch,
            kind=drawn.case.kind,
            label=drawn.case.label,
            seed=recipe.seed,
            expected_flags=[asdict(flag) for flag in drawn.case.expected_flags],
        )
    if recipe.start_audits:
        audit_start(draft=draft, actor=actor)
    made.created += is_new
    made.known += not is_new
    made.kinds[drawn.case.kind] += is_new


def subjects_of(*, cases: QuerySet[Case]) -> dict[str, Subject]:
    """What is known of each case that has readings, by its id, in the order of the content."""
    readings: dict[uuid.UUID, list[RecordedReading]] = defaultdict(list)
    newest = (
        RecordedReading.objects.filter(case__in=cases.order_by().values("pk"))
        .order_by("case_id", "kind", "reader_hash", "-created_at", "-id")
        .distinct("case_id", "kind", "reader_hash")
    )
    for reading in newest.iterator(chunk_size=2000):
        readings[reading.case_id].append(reading)
    ordered = cases.order_by("pixels_sha256", "source_id").values_list("pk", "view")
    return {
        str(pk): subject_of(readings[pk], sides=view != "LATERAL")
        for pk, view in ordered
        if pk in readings
    }


def subject_of(readings: Sequence[RecordedReading], *, sides: bool = True) -> Subject:
    """What the readers agree on, and what none of them saw.

    A label is present if more than half of those who assessed it say so, people before programs;
    absent if somebody assessed it and nobody marked it. What lies between is not known.
    """
    votes = {label: votes_on(label, readings) for label in LABELS}
    return Subject(
        findings=tuple(
            finding
            for label, vote in votes.items()
            if vote.is_present
            for finding in findings_of(label, vote.marks)
        ),
        absent=frozenset(label for label, vote in votes.items() if vote.is_absent),
        normal=all(reading.normal for reading in readings),
        sides=sides,
    )

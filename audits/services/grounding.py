"""The grounding step: waiting audits of one model are grounded together (`BATCH_SIZES`).

One call of the model, but every audit's step is leased, renewed and ended on its own: one bad
image fails alone, and what a dying worker leaves is taken up one by one. Of a worker's threads one
is in the model at a time; meanwhile another reads the next images and stores the last answers.
"""

import logging
import threading
import time
from uuid import UUID

from django.conf import settings

from audits.models import Audit, ReadingKind, StepName
from audits.selectors.recorded import readings_of
from audits.services import results
from audits.services.audits import Steps
from audits.services.backends import grounder_named, is_version
from audits.services.files import read_file
from audits.services.gpu import room_for
from audits.services.jobs import (
    DATABASE_AWAY,
    Answer,
    Job,
    StepRefused,
    attempted,
    changed,
    job_of,
    kept_alive,
    ms_since,
)
from audits.services.readers import grounding_of
from audits.services.steps import StepFailure, StepLease, mates_of, step_claim
from inference.grounders.base import Grounder
from inference.images import GrayImage, read_image
from inference.schema import Grounding
from inference.vocabulary import ImageState

logger = logging.getLogger(__name__)

Images = dict[UUID, GrayImage]

_MODEL_TURN = threading.RLock()


def ground_step(*, audit_id: UUID, attempt: int) -> None:
    """Ground this audit, and others that wait for the same model with it."""
    lease = step_claim(audit_id=audit_id, step=StepName.GROUNDING, attempt=attempt)
    if lease is None:
        return
    leases = [lease]
    with kept_alive(leases):
        first = job_of(lease)
        mates = _mates(first)
        leases += mates
        _ground([first, *map(job_of, mates)])


def _mates(first: Job) -> list[StepLease]:
    at_most = settings.BATCH_SIZES.get(first.audit.grounder.name, 1) - 1
    waiting = mates_of(lease=first.lease, at_most=at_most) if at_most else []
    claims = [
        step_claim(audit_id=audit_id, step=StepName.GROUNDING, attempt=attempt)
        for audit_id, attempt in waiting
    ]
    return [lease for lease in claims if lease is not None]


def _ground(jobs: list[Job]) -> None:
    if jobs[0].audit.grounder.name in tuple(ReadingKind):
        for job in jobs:
            attempted(job, _ground_by_readings)
        return
    images: Images = {}

    def prepare(job: Job) -> None:
        _own_grounder(job.audit)
        images[job.audit.pk] = read_image(read_file(name=job.audit.case.image))

    ready = [job for job in jobs if attempted(job, prepare)]
    if not (len(ready) > 1 and _ground_together(ready, images)):
        for job in ready:
            attempted(job, lambda job: _ground_alone(job, images))


def _ground_by_readings(job: Job) -> Answer:
    """By the findings that came with the case: no image is looked at."""
    started = time.perf_counter()
    name = _own_grounder(job.audit).version.name
    readings = readings_of(case=job.audit.case, kind=ReadingKind(name))
    if not readings:
        raise StepRefused(
            "no_readings",
            f"This case came without {name} findings. Import some, or audit it by a model.",
        )
    return _answer(grounding_of(readings), ms_since(started))


def _own_grounder(audit: Audit) -> Grounder:
    grounder = grounder_named(name=audit.grounder.name)
    if not is_version(row=audit.grounder, version=grounder.version):
        raise changed("grounder", str(audit.grounder))
    return grounder


def _ground_alone(job: Job, images: Images) -> Answer:
    (grounding,), ms = _in_the_model(_own_grounder(job.audit), [images[job.audit.pk]])
    return _answer(grounding, ms)


def _in_the_model(grounder: Grounder, images: list[GrayImage]) -> tuple[list[Grounding], int]:
    """The answers, and the milliseconds inside the model, without the wait for a turn."""
    with _MODEL_TURN:
        started = time.perf_counter()
        in_one_go = room_for(wanted=len(images))
        parts = [images[at : at + in_one_go] for at in range(0, len(images), in_one_go)]
        groundings = [grounding for part in parts for grounding in grounder.ground(part)]
        return groundings, ms_since(started)


def _ground_together(jobs: list[Job], images: Images) -> bool:
    """False if the model broke on the batch: then each is tried alone, and the bad one fails.

    A batch's time is shared out evenly.
    """
    grounder = _own_grounder(jobs[0].audit)
    try:
        groundings, ms = _in_the_model(grounder, [images[job.audit.pk] for job in jobs])
        answers = dict(zip([job.audit.pk for job in jobs], groundings, strict=True))
    except DATABASE_AWAY:
        raise
    except Exception:
        logger.exception("a batch of %s broke: its images are grounded one by one", len(jobs))
        return False
    for job in jobs:
        attempted(job, lambda job: _answer(answers[job.audit.pk], ms // len(jobs)))
    return True


def _answer(grounding: Grounding, ms: int) -> Answer:
    def store(audit: Audit, steps: Steps) -> None:
        results.grounding_store(audit=audit, grounding=grounding)

    failure = None
    if grounding.image_state == ImageState.FAILED:
        message = " ".join(grounding.notes) or "The model's answer could not be used."
        failure = StepFailure("grounding_failed", message)
    return Answer(store, ms, results.raw_grounding(grounding), grounding.attempts, failure)

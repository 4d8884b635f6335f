"""Waiting audits of one model are grounded in one call, and each still stands for itself."""

import sys
import threading
import time
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import Settings

from audits.models import Audit, AuditStep, FailedStep, Priority, StepName
from audits.services import grounding
from audits.services.audits import audit_retry
from audits.services.gpu import room_for
from audits.services.grounding import ground_step
from inference.images import GrayImage
from inference.schema import Grounding
from inference.vocabulary import Label
from tests.audits.pictures import BREAK, GIVE_UP, SquareGrounder
from tests.audits.stored import expire, started, step_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]

GROUNDING, PARSING, COMPARING = StepName


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[int]:
    """The number of images of each call of the model; a batch is four."""
    settings.BATCH_SIZES = {"squares": 4}
    sizes: list[int] = []
    ground = SquareGrounder.ground

    def counted(self: SquareGrounder, images: Sequence[GrayImage]) -> list[Grounding]:
        sizes.append(len(images))
        return ground(self, images)

    monkeypatch.setattr(SquareGrounder, "ground", counted)
    return sizes


def states(audits: list[Audit]) -> list[str]:
    return [step_of(audit, GROUNDING).state for audit in audits]


def test_waiting_audits_share_one_call(calls: list[int]) -> None:
    audits = [started(Label.PNEUMOTHORAX, seed=seed) for seed in range(6)]
    work(audits[0], GROUNDING)
    assert calls == [4] and states(audits) == ["done"] * 4 + ["waiting"] * 2
    for audit in audits:
        assert work(audit).state == "done"
        assert audit.findings.count() == 1 and step_of(audit, GROUNDING).claims == 1
    assert calls == [4, 2]


def test_bad_image_fails_alone(calls: list[int]) -> None:
    good = started(Label.CARDIOMEGALY, seed=1)
    bad, silent, lost = started(order=BREAK), started(order=GIVE_UP), started(seed=2)
    default_storage.delete(lost.case.image)
    work(good, GROUNDING)
    assert calls == [3, 1, 1, 1]
    assert states([good, bad, silent, lost]) == ["done", "failed", "failed", "failed"]
    ends = {audit.pk: work(audit) for audit in (good, bad, silent, lost)}
    assert [audit.state for audit in ends.values()] == ["done", "failed", "failed", "failed"]
    assert "out of memory" in ends[bad.pk].failure_message
    assert ends[silent.pk].failure_message == "The image is uniform."
    assert ends[lost.pk].failure_code == "internal_error"


def test_persons_come_along_before_batches(calls: list[int], settings: Settings) -> None:
    audits = [started(seed=seed) for seed in range(4)]
    Audit.objects.filter(pk__in=[a.pk for a in audits[:3]]).update(priority=Priority.BATCH.value)
    settings.BATCH_SIZES = {"squares": 2}
    work(audits[0], GROUNDING)
    assert states(audits) == ["done", "waiting", "waiting", "done"]


def test_only_the_same_model_shares(calls: list[int]) -> None:
    mine, other = started(seed=1), started(seed=2)
    grounder = other.grounder
    grounder.pk, grounder.version = None, "0"
    grounder.id = type(grounder)._meta.pk.get_default()  # type: ignore[union-attr]
    grounder.save(force_insert=True)
    Audit.objects.filter(pk=other.pk).update(grounder=grounder)
    work(mine, GROUNDING)
    assert calls == [1] and states([mine, other]) == ["done", "waiting"]


def test_mate_that_was_taken_over_is_not_written(
    calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the batch is with the model, a rival takes one of its steps and ends it."""
    first, second = started(Label.PNEUMOTHORAX, seed=1), started(Label.PNEUMOTHORAX, seed=2)
    ground = SquareGrounder.ground

    def rival_meanwhile(self: SquareGrounder, images: Sequence[GrayImage]) -> list[Grounding]:
        monkeypatch.setattr(SquareGrounder, "ground", ground)
        expire(second, GROUNDING)
        work(second, GROUNDING)
        return ground(self, images)

    monkeypatch.setattr(SquareGrounder, "ground", rival_meanwhile)
    work(first, GROUNDING)
    assert states([first, second]) == ["done", "done"]
    assert second.findings.count() == 1 and step_of(second, GROUNDING).claims == 2


def test_every_failure_is_kept(calls: list[int]) -> None:
    audit = work(started(order=BREAK), GROUNDING, PARSING)
    audit_retry(audit=audit, actor=None)
    ground_step(audit_id=audit.pk, attempt=2)
    kept = FailedStep.objects.filter(audit=audit).order_by("attempt")
    assert [(row.attempt, row.code, row.step) for row in kept] == [
        (1, "grounding_failed", "grounding"),
        (2, "grounding_failed", "grounding"),
    ]
    assert all("GroundingFailed" in row.traceback for row in kept)


class Card:
    """A GPU as torch shows it: what is free, and what emptying the cache gives back."""

    def __init__(self, free_mb: int, cached_mb: int) -> None:
        self.free, self.cached = free_mb, cached_mb

    def is_available(self) -> bool:
        return True

    def mem_get_info(self) -> tuple[int, int]:
        return self.free * 2**20, 12_000 * 2**20

    def empty_cache(self) -> None:
        self.free, self.cached = self.free + self.cached, 0


@pytest.mark.parametrize(("free", "cached", "size"), [(2000, 0, 8), (200, 3000, 8), (200, 300, 1)])
def test_full_gpu_takes_one_image_at_a_time(
    monkeypatch: pytest.MonkeyPatch, free: int, cached: int, size: int
) -> None:
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=Card(free, cached)))
    assert room_for(wanted=8) == size


def test_batch_is_divided_where_the_gpu_is_full(
    monkeypatch: pytest.MonkeyPatch, calls: list[int]
) -> None:
    audits = [started(seed=seed) for seed in range(3)]
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=Card(200, 0)))
    work(audits[0], GROUNDING)
    assert calls == [1, 1, 1] and states(audits) == ["done"] * 3


@pytest.mark.django_db(transaction=True)
def test_one_thread_is_in_the_model_while_another_prepares(
    calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first batch stays in the model until all images of the second have been read."""
    audits = [started(seed=seed) for seed in range(8)]
    ground, read = SquareGrounder.ground, grounding.read_image
    in_the_model, prepared = threading.Event(), threading.Event()
    steps: list[str] = []

    def reading(data: bytes) -> GrayImage:
        steps.append("read")
        if steps.count("read") == 8:
            prepared.set()
        return read(data)

    def staying(self: SquareGrounder, images: Sequence[GrayImage]) -> list[Grounding]:
        steps.append("in")
        in_the_model.set()
        assert prepared.wait(timeout=30)
        time.sleep(0.1)
        steps.append("out")
        return ground(self, images)

    monkeypatch.setattr(SquareGrounder, "ground", staying)
    monkeypatch.setattr(grounding, "read_image", reading)

    def first() -> None:
        work(audits[0], GROUNDING)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert in_the_model.wait(timeout=30)
    work(audits[-1], GROUNDING)
    thread.join()

    assert steps == [*["read"] * 4, "in", *["read"] * 4, "out", "in", "out"]
    assert states(audits) == ["done"] * 8


def test_steps_note_their_queue(settings: Settings) -> None:
    settings.BACKEND_QUEUES = {"squares": "gpu-large"}
    audit = started(seed=30)
    queues = dict(AuditStep.objects.filter(audit=audit).values_list("name", "queue"))
    assert queues == {"grounding": "gpu-large", "parsing": "cpu", "comparing": ""}

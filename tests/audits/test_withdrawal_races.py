"""A withdrawal beside whatever else happens to the case: real threads, real transactions."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from pytest_django import Settings

from audits.errors import ServiceError
from audits.models import (
    Audit,
    AuditLogEntry,
    Case,
    FileToDelete,
    Flag,
    Queue,
    Release,
    ReleaseCase,
    ReviewSlot,
    User,
    WithdrawalReason,
)
from audits.services import withdrawals
from audits.services.cases import NewCase, case_create
from audits.services.filling import fill_queue
from audits.services.leases import Claimed, claim_slot
from audits.services.reads import Lease, save_decision, submit_read
from audits.services.releases import build
from audits.services.releases.build import build_release, publish_release, request_release
from audits.services.releases.freeze import freeze
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path
from audits.services.withdrawals import case_withdraw, withdrawals_reconcile
from inference.vocabulary import Label
from tests.audits.pictures import picture
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user
from tests.audits.stored import started, work
from tests.audits.test_races import together
from tests.audits.test_releases import every_byte, read_through, refused, rows
from tests.audits.test_withdrawals import DRAFT, SECRET, tables_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_else")]


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def withdraw(case: Case) -> Case:
    return case_withdraw(case_id=case.pk, reason=WithdrawalReason.OTHER, actor=None)


def unexpected(errors: list[BaseException]) -> list[BaseException]:
    """What is more than a refusal that tells a person why."""
    return [error for error in errors if not isinstance(error, ServiceError)]


def gone(case: Case) -> bool:
    case.refresh_from_db()
    return case.purged_at is not None and not tables_with(SECRET)


def test_many_withdrawals_are_one() -> None:
    case = started(Label.PNEUMOTHORAX, draft=DRAFT).case
    assert together(*[lambda: withdraw(case)] * 4) == []
    assert gone(case) and not FileToDelete.objects.exists()
    for action in ("case.withdrawn", "case.purged"):
        assert AuditLogEntry.objects.filter(object_id=case.pk, action=action).count() == 1


def test_beside_the_audit_at_work() -> None:
    for seed in range(4):
        audit = started(Label.PNEUMOTHORAX, draft=DRAFT, seed=seed)
        errors = together(
            lambda audit=audit: work(audit),  # type: ignore[misc]
            lambda audit=audit: withdraw(audit.case),  # type: ignore[misc]
        )
        assert errors == [] and gone(audit.case), seed
        assert Audit.objects.get(pk=audit.pk).state in ("done", "failed", "cancelled")
        assert not ReviewSlot.objects.filter(item__audit=audit, state="free").exists()


def read(lease: Lease, flag: Flag) -> None:
    save_decision(lease=lease, answer=answer_to(flag, comment=SECRET))
    submit_read(lease=lease, nothing_else_missed=True)


def test_beside_a_save_and_a_submit() -> None:
    for number in range(4):
        reader, audit = make_user(f"reader {number}"), make_audit()
        claimed = claim_slot(queue=make_queue(audit), reviewer=reader)
        assert isinstance(claimed, Claimed)
        lease, flag = lease_of(claimed, reader), audit.flags.get()
        errors = together(
            lambda lease=lease, flag=flag: read(lease, flag),  # type: ignore[misc]
            lambda audit=audit: withdraw(audit.case),  # type: ignore[misc]
        )
        assert unexpected(errors) == [] and gone(audit.case), number
        assert ReviewSlot.objects.get(pk=lease.slot_id).state in ("closed", "submitted")


def test_beside_the_claim_of_its_slot() -> None:
    audit, reader = make_audit(), make_user("claims")
    queue = make_queue(audit)
    errors = together(
        lambda: claim_slot(queue=queue, reviewer=reader), lambda: withdraw(audit.case)
    )
    assert errors == [] and ReviewSlot.objects.get().state == "closed"


def test_beside_the_filling_of_a_queue(curator: User) -> None:
    for number in range(3):
        audits = [make_audit() for _ in range(3)]
        queue = Queue.objects.create(name=f"filled {number}")
        errors = together(
            lambda queue=queue: fill_queue(queue=queue, actor=curator),  # type: ignore[misc]
            lambda case=audits[1].case: withdraw(case),  # type: ignore[misc]
        )
        slots = ReviewSlot.objects.filter(queue=queue, item__audit=audits[1])
        assert errors == [] and set(slots.values_list("state", flat=True)) <= {"closed"}
        assert queue.items.filter(audit__in=(audits[0], audits[2])).count() == 2


def test_beside_the_same_picture_coming_in() -> None:
    """To its own source it comes before, and is purged, or after, and is refused."""
    for seed in range(4):
        image = picture(seed=seed)
        case = case_create(new=NewCase(image=image, draft="First."), actor=None).draft.case
        again = NewCase(image=image, draft=DRAFT)
        errors = together(
            lambda again=again: case_create(new=again, actor=None),  # type: ignore[misc]
            lambda case=case: withdraw(case),  # type: ignore[misc]
        )
        assert unexpected(errors) == [] and gone(case), seed
        assert Case.objects.filter(pixels_sha256=case.pixels_sha256).count() == 1


def test_beside_the_same_picture_coming_from_another_source() -> None:
    for seed in range(4):
        image = picture(seed=seed)
        case = case_create(new=NewCase(image=image), actor=None).draft.case
        other = NewCase(image=image, source="open-i")
        errors = together(
            lambda other=other: case_create(new=other, actor=None),  # type: ignore[misc]
            lambda case=case: withdraw(case),  # type: ignore[misc]
        )
        assert errors == [] and gone(case)
        twin = Case.objects.get(source__slug="open-i", pixels_sha256=case.pixels_sha256)
        for name in (twin.image, twin.preview, twin.thumbnail):
            assert default_storage.exists(name), (seed, name)


def test_a_deadlock_in_the_purge_leaves_it_to_the_reconciler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = started(draft=DRAFT).case

    def deadlock(**_: object) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patched:
        patched.setattr(withdrawals, "case_rows_empty", deadlock)
        assert withdraw(case).purged_at is None
    assert tables_with(SECRET)
    assert withdrawals_reconcile() >= 1 and gone(case)


class TestReleases:
    @pytest.fixture
    def two(self) -> list[Audit]:
        """Two read audits of open terms, the first with the secret in its draft."""
        audits = [make_audit(draft=f"Says {SECRET}."), make_audit(draft="Stays.")]
        for number, audit in enumerate(audits):
            read_through(audit, make_user(f"reads {number}"))
        return audits

    def built(self, curator: User) -> Release:
        release = request_release(actor=curator)
        build_release(release_id=release.pk)
        release.refresh_from_db()
        return release

    def test_the_next_release_leaves_it_out_and_names_it(
        self, curator: User, two: list[Audit]
    ) -> None:
        first = self.built(curator)
        publish_release(release_id=first.pk, actor=curator)
        published = every_byte(first)
        assert SECRET.encode() in published
        withdraw(two[0].case)
        first.refresh_from_db()
        assert first.state == "published" and every_byte(first) == published
        second = self.built(curator)
        assert second.state == "ready", second.failure
        takedown = {"id": str(two[0].case_id), "pixels_sha256": two[0].case.pixels_sha256}
        assert rows(second, "takedowns") == [takedown]
        assert [row["id"] for row in rows(second, "cases")] == [str(two[1].case_id)]
        assert refused(second)["withdrawn", "audits"] == 1
        assert SECRET.encode() not in every_byte(second)

    def test_one_that_is_ready_is_taken_back(self, curator: User) -> None:
        audit = make_audit()
        release = request_release(actor=curator)
        ReleaseCase.objects.create(release=release, case=audit.case, split="train")
        names = ["images/1.png", ARCHIVE]
        for name in names:
            default_storage.save(file_path(release, name), ContentFile(b"pixels"))
        files = [{"name": names[0], "bytes": 6, "sha256": "0" * 64}]
        Release.objects.filter(pk=release.pk).update(state=Release.State.READY, files=files)
        withdraw(audit.case)
        release.refresh_from_db()
        assert release.state == "failed" and "withdrawn" in release.failure
        assert not [name for name in names if default_storage.exists(file_path(release, name))]

    def test_one_that_is_being_built_starts_over_without_it(
        self, curator: User, two: list[Audit]
    ) -> None:
        release = request_release(actor=curator)
        steps: list[str] = []

        def tell(done: int, step: str) -> None:
            steps.append(step)
            if steps.count("drafts") == 1 and step == "drafts":
                withdraw(two[0].case)

        build_release(release_id=release.pk, tell=tell)
        release.refresh_from_db()
        assert release.state == "ready" and steps.count("drafts") == 2
        assert SECRET.encode() not in every_byte(release)

    def test_withdrawn_at_the_last_moment_it_is_not_ready(
        self, curator: User, two: list[Audit]
    ) -> None:
        release = request_release(actor=curator)
        freeze(release)
        withdraw(two[0].case)
        build._finish(release)
        release.refresh_from_db()
        assert release.state == "building"

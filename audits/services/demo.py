"""The demo's accounts and cases, made by the services that make everybody's."""

from hashlib import sha256

from django.db import transaction

from audits.demo_accounts import DemoAccount
from audits.models import Audit, Queue, QueueMembership, User
from audits.services.cases import NewCase, case_submit, patient_hash
from audits.services.log import record
from audits.services.queues import OPEN_READING
from inference.images import encode_png
from inference.phantoms import render_phantom
from inference.phantoms.demo import DemoCase

SOURCE = "phantom"


@transaction.atomic
def demo_account_ensure(*, account: DemoAccount) -> bool:
    """Make the account if it is not there; whether its password is (still) the demo's."""
    user = User.objects.filter(username=account.username).first()
    if user is None:
        is_admin = account.role == "administrator"
        user = User.objects.create_user(
            account.username,
            password=account.password,
            is_curator=account.role == "curator",
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        record(actor=None, action="user.created", target=user, data={"demo": True})
        if account.role == "adjudicator":
            _adjudicate_open_reading(user)
    return user.check_password(account.password)


def _adjudicate_open_reading(user: User) -> None:
    for queue in Queue.objects.filter(name=OPEN_READING):
        membership = QueueMembership.objects.create(
            queue=queue, user=user, role=QueueMembership.Role.ADJUDICATOR
        )
        record(actor=None, action="membership.added", target=membership, data={"demo": True})


def demo_case_ensure(*, case: DemoCase) -> None:
    """Store one phantom with its draft and start its audit, unless all three are there."""
    known = Audit.objects.filter(
        case__source__slug=SOURCE,
        case__patient_hash=patient_hash(source=SOURCE, patient=case.name),
        draft__sha256=sha256(case.draft.encode()).hexdigest(),
    )
    # Asked first: rendering twelve phantoms takes longer than all the rest of a second start.
    if not known.exists():
        case_submit(new=_rendered(case), actor=None)


def _rendered(case: DemoCase) -> NewCase:
    phantom = render_phantom(case.seed, case.findings)
    return NewCase(
        image=encode_png(phantom.image),
        draft=case.draft,
        source=SOURCE,
        patient=case.name,
        view="PA",
        origin="synthetic",
        file_name=f"{case.name}.png",
    )

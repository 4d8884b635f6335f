"""Who was shown flags of which case: they can't read it blind any more.

A row is written before the answer that shows the flags is made, so that a commit of a blind read
that is checked later sees it.
"""

import uuid
from collections.abc import Iterable

from django.db.models import Exists

from audits.errors import Conflict
from audits.models import Case, Exposure, Release, User
from audits.selectors.blind import blind, shown_to

_AT_ONCE = 2000


def expose(*, user: User, cases: Iterable[uuid.UUID]) -> None:
    """Record that flags of these cases are shown to this person now. Twice is once.

    Most of what is shown was shown before: what is known is left out, so that a list that is looked
    at again writes nothing.
    """
    shown = set(cases)
    known = Exposure.objects.filter(user=user, case__in=shown).values_list("case", flat=True)
    expose_fresh(user=user, cases=shown.difference(known))


def expose_fresh(*, user: User, cases: Iterable[uuid.UUID]) -> None:
    """The same, of cases that were hardly shown before."""
    rows = [Exposure(user=user, case_id=case) for case in sorted(cases)]
    if rows:
        Exposure.objects.bulk_create(rows, ignore_conflicts=True)


def expose_release(*, user: User, release: Release) -> None:
    """The same for all cases of a release that is taken away whole.

    :raises Conflict: ``blind_reading`` while this person is to read one of them blind.
    """
    cases = Case.objects.filter(in_releases__release=release)
    kept_back = cases.filter(blind(user, "pk")).count()
    if kept_back:
        raise Conflict(
            "blind_reading",
            f"You are to read {kept_back} of its cases blind. Read them, or skip them, first.",
        )
    fresh = cases.filter(~Exists(shown_to(user, "pk"))).order_by("pk").values_list("pk", flat=True)
    while batch := list(fresh[:_AT_ONCE]):
        expose(user=user, cases=batch)

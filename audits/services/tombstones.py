"""Nothing new comes to a case that was withdrawn: whoever adds to a case holds it first.

The triggers of migration 0019 refuse what comes in by another door.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from audits.errors import Conflict


def withdrawn() -> Conflict:
    return Conflict("withdrawn", "This case was withdrawn. What is sent for it is not kept.")


def cases_hold(*, cases: Iterable[UUID]) -> set[UUID]:
    """Those that stand. None of them is withdrawn before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audits_case WHERE id = ANY(%s) AND withdrawn_at IS NULL "
            "ORDER BY id FOR SHARE",
            [list(cases)],
        )
        return {row[0] for row in cursor.fetchall()}


def case_hold(*, case_id: UUID) -> None:
    """As `cases_hold` for one; raises ``Conflict`` (``withdrawn``) if it does not stand."""
    if not cases_hold(cases=[case_id]):
        raise withdrawn()

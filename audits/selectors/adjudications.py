"""Reading adjudications: only in queues a person adjudicates, and never of an item they read."""

import hashlib
import string
import uuid

from django.db.models import Exists, OuterRef, QuerySet

from audits.models import Adjudication, Read, User
from audits.selectors.blind import blind
from audits.selectors.queues import adjudicable_queues
from audits.selectors.settled import standing_reads


def visible_adjudications(user: User) -> QuerySet[Adjudication]:
    """Those of the queues this person adjudicates, but of no case they have read a part of."""
    read_it = Read.objects.filter(
        slot__item__audit__case=OuterRef("item__audit__case"), reviewer=user
    )
    standing = Adjudication.objects.filter(item__audit__case__withdrawn_at=None)
    standing = standing.filter(~blind(user, "item__audit__case"))
    return standing.filter(~Exists(read_it), queue__in=adjudicable_queues(user))


def named_reads(*, adjudication: Adjudication, adjudicator: User) -> dict[str, Read]:
    """The reads as A, B, ...: in an order of chance that is this adjudicator's own, and stays."""
    reads = standing_reads(item=adjudication.item)
    reads.sort(key=lambda read: _chance(adjudication.pk, adjudicator.pk, read.pk))
    return dict(zip(string.ascii_uppercase, reads, strict=False))


def _chance(*parts: uuid.UUID) -> str:
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()

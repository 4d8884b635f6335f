"""The first step of a build: write down which cases, audits and reads the release holds.

What they say can't change afterwards (done audits and submitted reads are frozen by triggers, and
a read that is reopened changes the release's fingerprint), so a build may stop and go on, on
another day and another machine, and still give the same bytes.
"""

from collections import Counter
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from audits.models import (
    Adjudication,
    Case,
    Read,
    Release,
    ReleaseAdjudication,
    ReleaseAudit,
    ReleaseCase,
    ReleaseRead,
    ReleaseSettlement,
    ReleaseShard,
    User,
)
from audits.selectors.reads import standing
from audits.selectors.settled import standing_settlements
from audits.services.releases.experience import leaving_bands
from audits.services.releases.memory import give_memory_back
from audits.services.releases.pseudonyms import patient_name, reader_name
from audits.services.releases.splits import assigned_splits
from audits.services.releases.terms import (
    count_refused_audits,
    refusals_of_audits,
    releasable_audits,
    terms_fingerprint,
)

_IN_ANOTHER_SPLIT = ("picture_in_another_split", "cases")
_MEMBERS = (ReleaseSettlement, ReleaseAdjudication, ReleaseRead, ReleaseAudit, ReleaseCase)


def freeze(release: Release) -> None:
    """Fill the member tables once; a release that is frozen already stays as it is."""
    if release.terms_sha256:
        return
    give_memory_back()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One snapshot for all members: a read submitted meanwhile is in the next release.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # One freeze at a time, and the snapshot is taken after the wait: a patient who is new
            # to two releases gets one split.
            cursor.execute("LOCK TABLE audits_releasecase IN SHARE ROW EXCLUSIVE MODE")
        left_out = _add_cases(release)
        _add_audits(release)
        _add_settlements(release)
        _add_named_members(release)
        with connection.cursor() as cursor:
            # So that Postgres knows how many rows the joins of the next steps find.
            tables = ", ".join(model._meta.db_table for model in _MEMBERS)
            cursor.execute(f"ANALYZE {tables}")
        refused = count_refused_audits(release.selection)
        refused[_IN_ANOTHER_SPLIT] += left_out
        release.refused = refusal_rows(refused)
        release.terms_sha256 = terms_fingerprint(release)
        release.save(update_fields=["refused", "terms_sha256"])


def frozen_refusals(release: Release) -> Counter[tuple[str, str]]:
    """Audits and cases that stayed behind, as the freeze counted them: what comes later is in the
    next release."""
    frozen = {*((reason, "audits") for reason in refusals_of_audits()), _IN_ANOTHER_SPLIT}
    known = {(row["reason"], row["what"]): row["count"] for row in release.refused}
    return Counter({key: count for key, count in known.items() if key in frozen})


def thaw(release: Release) -> None:
    """Forget the members and the shards made from them: the terms changed under the build."""
    with transaction.atomic():
        for model in (ReleaseShard, *_MEMBERS):
            model._default_manager.filter(release=release).delete()
        release.terms_sha256 = ""
        release.counts, release.refused, release.done = {}, [], 0
        release.save()


def refusal_rows(counts: Any) -> list[dict[str, Any]]:
    return [
        {"reason": reason, "what": what, "count": count}
        for (reason, what), count in sorted(counts.items())
        if count
    ]


def _add_cases(release: Release) -> int:
    """Every case with its split; how many were left out, their picture being in another one."""
    chosen = Case.objects.filter(audits__in=releasable_audits(release.selection)).distinct()
    pictured, assigned = assigned_splits(release, chosen)
    with connection.cursor() as cursor:
        columns = "(release_id, case_id, split, patient)"
        with cursor.copy(f"COPY audits_releasecase {columns} FROM STDIN") as copy:
            for one in pictured:
                if one.case not in assigned.left_out:
                    name = patient_name(release.seed, one.person)
                    copy.write_row((release.pk, one.case, assigned.splits[one.person], name))
    return len(assigned.left_out)


def _add_audits(release: Release) -> None:
    audits = releasable_audits(release.selection).values("pk", "case_id")
    sql, params = audits.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audits_releaseaudit (release_id, audit_id, split) "  # noqa: S608 - our own SQL
            "SELECT member.release_id, chosen.id, member.split "
            f"FROM ({sql}) AS chosen (id, case_id) "
            "JOIN audits_releasecase AS member ON member.case_id = chosen.case_id "
            "WHERE member.release_id = %s",
            [*params, release.pk],
        )


def _add_named_members(release: Release) -> None:
    """Reads and adjudications, each under the name and experience of the person behind it."""
    reads, settled = _reads(release), _settled_adjudications(release)
    people = {
        *reads.values_list("reviewer_id", flat=True).order_by().distinct(),
        *settled.values_list("adjudicator_id", flat=True).order_by().distinct(),
    }
    said = User.objects.filter(pk__in=people).values_list("pk", "experience")
    split = "item__audit__in_releases__split"
    for person, experience in leaving_bands(dict(said)).items():
        named = (reader_name(release.seed, person), experience)
        theirs = reads.filter(reviewer_id=person).values_list("pk", f"slot__{split}")
        _add_named(release, ReleaseRead, "read_id", named, theirs)
        ruled = settled.filter(adjudicator_id=person).values_list("pk", split)
        _add_named(release, ReleaseAdjudication, "adjudication_id", named, ruled)


def _reads(release: Release) -> QuerySet[Read]:
    reads = Read.objects.filter(standing(), slot__item__audit__in_releases__release=release)
    queues = release.selection.get("queues")
    return reads.filter(slot__queue__in=queues) if queues else reads


def _settled_adjudications(release: Release) -> QuerySet[Adjudication]:
    settled = Adjudication.objects.filter(
        state=Adjudication.State.SETTLED, item__audit__in_releases__release=release
    )
    queues = release.selection.get("queues")
    return settled.filter(queue__in=queues) if queues else settled


def _add_settlements(release: Release) -> None:
    settled = standing_settlements().filter(item__audit__in_releases__release=release)
    if queues := release.selection.get("queues"):
        settled = settled.filter(item__queue__in=queues)
    rows = settled.values_list("pk", "item__audit__in_releases__split")
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audits_releasesettlement (release_id, settlement_id, split) "  # noqa: S608 - our own SQL
            f"SELECT %s, chosen.id, chosen.split FROM ({sql}) AS chosen (id, split)",
            [release.pk, *params],
        )


def _add_named(
    release: Release,
    model: type[ReleaseRead | ReleaseAdjudication],
    column: str,
    named: tuple[str, str],
    of: Any,
) -> None:
    """Members that carry pseudonym and experience of the person. ``of``: (id, split) rows."""
    sql, params = of.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} (release_id, {column}, split, reader, experience) "  # noqa: S608 - our own SQL
            f"SELECT %s, chosen.id, chosen.split, %s, %s FROM ({sql}) AS chosen (id, split)",
            [release.pk, *named, *params],
        )

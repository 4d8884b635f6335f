"""The audit log's chain: sealed by one at a time, and every kind of tampering is found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audits.models import AuditLogActor, AuditLogEntry, AuditLogSeal, User
from audits.selectors.log import chain_state
from audits.services.log import record
from audits.services.sealing import chain_breaks, log_seal, unsealed

pytestmark = pytest.mark.django_db


def written(actor: User, count: int = 4) -> list[AuditLogEntry]:
    with transaction.atomic():
        return [
            record(actor=actor, action="user.changed", target=actor, data={"n": n, "x": 0.25})
            for n in range(count)
        ]


def force(statement: str, *values: object) -> None:
    """As somebody who owns the database would: with the triggers switched off."""
    tables = ("audits_auditlogentry", "audits_auditlogseal")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audits_auditlogentry DISABLE TRIGGER audit_log_no_truncate")


def remove(entry: AuditLogEntry) -> None:
    force("DELETE FROM audits_auditlogactor WHERE entry_id = %s", entry.pk)
    force("DELETE FROM audits_auditlogentry WHERE id = %s", entry.pk)


def test_whole_chain_holds_and_goes_on(reader: User, capsys: pytest.CaptureFixture[str]) -> None:
    written(reader)
    assert unsealed().count() == AuditLogEntry.objects.count()
    sealed = log_seal()
    assert sealed == AuditLogEntry.objects.count() and log_seal() == 0
    head = AuditLogSeal.objects.latest("position").hash
    written(reader, 2)
    assert chain_state().unsealed == unsealed().count() == 2
    assert log_seal() == 2 and chain_state().unsealed == 0
    call_command("check_audit_log", head=head)
    assert f"sealed {sealed + 2}, unsealed 0, breaks 0" in capsys.readouterr().out


def test_an_entry_that_was_taken_off_the_list_is_missed(reader: User) -> None:
    """The sealer goes by a list that the database keeps; the check trusts no list."""
    (entry,) = written(reader, 1)
    force("DELETE FROM audits_auditlogtail WHERE entry_id = %s", entry.pk)
    log_seal()
    long_ago = "UPDATE audits_auditlogentry SET at = at - interval '1 hour' WHERE id = %s"
    force(long_ago, entry.pk)
    with pytest.raises(CommandError, match="1 entries wait for their seal"):
        call_command("check_audit_log")


def test_sealing_does_not_look_through_the_log(reader: User) -> None:
    """The state of the chain and the sealer read what is not sealed, and a row of the rest each."""
    written(reader, 3)
    for ask in (chain_state, log_seal):
        with CaptureQueriesContext(connection) as captured:
            ask()
        assert not [one for one in captured if "NOT EXISTS" in one["sql"].upper()]


CHANGED = "the entry or its seal was changed"
TAMPERING: dict[str, tuple[Callable[[AuditLogEntry], None], str]] = {
    "changed": (
        lambda entry: force("UPDATE audits_auditlogentry SET data = '{}' WHERE id = %s", entry.pk),
        CHANGED,
    ),
    "redated": (
        lambda entry: force(
            "UPDATE audits_auditlogentry SET at = at + interval '1 hour' WHERE id = %s", entry.pk
        ),
        CHANGED,
    ),
    "removed": (remove, "the entry is missing"),
    "unsealed": (
        lambda entry: force("DELETE FROM audits_auditlogseal WHERE entry_id = %s", entry.pk),
        "are missing",
    ),
    "blamed on another": (
        lambda entry: force(
            "UPDATE audits_auditlogactor SET user_id = %s WHERE entry_id = %s",
            User.objects.create_user("mallory").pk,
            entry.pk,
        ),
        "the actor was changed",
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found_where_it_is(how: str, reader: User) -> None:
    entries = written(reader)
    log_seal()
    assert list(chain_breaks()) == []
    tamper, reason = TAMPERING[how]
    tamper(entries[1])
    broken = list(chain_breaks())
    assert len(broken) == 1 and reason in broken[0].reason
    with pytest.raises(CommandError, match="broken in 1 places"):
        call_command("check_audit_log")


def test_reordered_entries_are_found(reader: User) -> None:
    first, second = written(reader)[1:3]
    log_seal()
    one, two = (AuditLogSeal.objects.get(entry_id=entry.pk).position for entry in (first, second))
    force("UPDATE audits_auditlogseal SET position = -1 WHERE position = %s", one)
    force("UPDATE audits_auditlogseal SET position = %s WHERE position = %s", one, two)
    force("UPDATE audits_auditlogseal SET position = %s WHERE position = -1", two)
    assert [broken.position for broken in chain_breaks()][:2] == [one, two]


def test_cut_end_is_found_by_a_head_kept_elsewhere(reader: User) -> None:
    written(reader)
    log_seal()
    last = AuditLogSeal.objects.latest("position")
    force("DELETE FROM audits_auditlogseal WHERE position = %s", last.position)
    with pytest.raises(CommandError, match="not in the chain"):
        call_command("check_audit_log", head=last.hash)


def test_person_is_erased_and_the_chain_holds(reader: User) -> None:
    (entry,) = written(reader, 1)
    log_seal()
    AuditLogActor.objects.filter(entry=entry).update(user=None, address=None, salt="")
    assert list(chain_breaks()) == []


def test_seals_only_grow(reader: User) -> None:
    written(reader, 1)
    log_seal()
    for change in (
        lambda: AuditLogSeal.objects.update(hash="0" * 64),
        lambda: AuditLogSeal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_make_one_chain() -> None:
    written(User.objects.create_user("ada"), 30)

    def seal(_: int) -> int:
        try:
            return log_seal()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(seal, range(4)))
    assert sum(counts) + log_seal() == AuditLogEntry.objects.count()
    assert list(chain_breaks()) == []

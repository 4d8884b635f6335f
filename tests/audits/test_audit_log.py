"""The audit log as administrators read it: filtered, paged, exported; and writers never wait."""

import csv
import io
import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from audits.models import AuditLogEntry, Source, User
from audits.selectors.log import entries_in_order, visible_log
from audits.services.log import record
from audits.services.sealing import chain_breaks, log_seal, unsealed
from tests.audits.conftest import client_of

pytestmark = pytest.mark.django_db


def written(actor: User | None, action: str = "source.changed", count: int = 1) -> AuditLogEntry:
    source, _ = Source.objects.get_or_create(slug="logged", defaults={"name": "Logged"})
    with transaction.atomic():
        entries = [record(actor=actor, action=action, target=source) for _ in range(count)]
    return entries[-1]


def listed(client: APIClient, **asked: Any) -> list[str]:
    answer = client.get("/api/v1/audit-log", asked)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_filters(administrator: User, reader: User) -> None:
    by_reader, by_nobody = written(reader), written(None, "source.seen")
    client = client_of(administrator)
    assert listed(client, actor=reader.pk) == [str(by_reader.pk)]
    assert listed(client, action="source.seen") == [str(by_nobody.pk)]
    assert set(listed(client, object=by_reader.object_id, object_type="source")) == {
        str(by_reader.pk),
        str(by_nobody.pk),
    }
    assert listed(client, object=uuid.uuid4()) == []
    assert listed(client, until=by_reader.at.isoformat(), object=by_reader.object_id) == []
    later = by_nobody.at + timedelta(seconds=1)
    assert listed(client, since=later.isoformat()) == []


@pytest.mark.parametrize(
    "asked", [{"actor": "ada"}, {"object": "1"}, {"since": "yesterday"}, {"action": "a\0"}]
)
def test_bad_filter_is_named(administrator: User, asked: dict[str, str]) -> None:
    for path in ("/api/v1/audit-log", "/api/v1/audit-log/export"):
        answer = client_of(administrator).get(path, asked)
        assert answer.status_code == 400 and set(answer.json()["error"]["fields"]) == set(asked)


def test_next_page_keeps_the_filter(administrator: User, reader: User) -> None:
    written(reader, count=5)
    written(None, count=3)
    client = client_of(administrator)
    body = client.get("/api/v1/audit-log", {"actor": reader.pk, "limit": 3}).json()
    following = client.get(body["next"]).json()
    rows = [*body["results"], *following["results"]]
    assert len({row["id"] for row in rows}) == 5 and following["next"] is None
    assert {row["actor"] for row in rows} == {"ada"}


def exported(client: APIClient, **asked: Any) -> str:
    answer = client.get("/api/v1/audit-log/export", asked)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return answer.getvalue().decode()


def test_export_as_json_lines_says_what_the_list_says(administrator: User, reader: User) -> None:
    written(reader, count=3)
    client = client_of(administrator)
    shown = client.get("/api/v1/audit-log", {"actor": reader.pk}).json()["results"]
    rows = [json.loads(line) for line in exported(client, actor=reader.pk).splitlines()]
    assert rows == shown[::-1]
    log = AuditLogEntry.objects.filter(action="audit_log.exported")
    assert log.get().actor.user == administrator


def test_export_as_csv_holds_no_formula(administrator: User) -> None:
    written(User.objects.create_user("@SUM(1)"), count=2)
    text = exported(client_of(administrator), **{"as": "csv", "object_type": "source"})
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["actor"] for row in rows] == ["'@SUM(1)"] * 2
    assert all(json.loads(row["data"]) == {} for row in rows)


def test_export_refuses_other_kinds(administrator: User) -> None:
    answer = client_of(administrator).get("/api/v1/audit-log/export", {"as": "xml"})
    assert answer.status_code == 400 and answer.json()["error"]["fields"]["as"]


def test_export_reads_a_thousand_at_a_time(administrator: User, reader: User) -> None:
    """2,001 entries in four reads, the last one empty: none twice, none left out."""
    written(reader, count=2001)
    entries = visible_log(administrator).filter(actor__user=reader)
    with CaptureQueriesContext(connection) as captured:
        found = [entry.pk for entry in entries_in_order(entries)]
    assert len(found) == len(set(found)) == 2001 and len(captured) == 4


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_each_other_nor_for_the_sealer() -> None:
    """A second writer and the sealer finish while the first transaction is still open."""
    first = User.objects.create_user("first")
    source = Source.objects.create(slug="logged", name="Logged")

    def rival() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                record(actor=first, action="source.changed", target=source, data={"n": 2})
            log_seal()
        finally:
            connection.close()

    with transaction.atomic():
        mine = record(actor=first, action="source.changed", target=source, data={"n": 1})
        thread = threading.Thread(target=rival)
        thread.start()
        thread.join(timeout=60)
        assert not thread.is_alive()
    assert [entry.pk for entry in unsealed()] == [mine.pk]
    assert log_seal() == 1 and list(chain_breaks()) == []

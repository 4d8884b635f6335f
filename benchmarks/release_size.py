"""How much memory does a large release need, and how fast is it beside a bare COPY?

Generated audits (`_release_rows`), each flag read twice, are released by a process of its own whose
peak memory the kernel tells. In the same run, on the same database and by the same queries: COPY to
STDOUT and nothing else; Parquet alone; Parquet and JSON lines; the whole build (views, agreement,
card, hashes and ZIP as well). Then what a stranger does with the folder alone: the check, the
comparison with another release (here itself), curation.

    python -m benchmarks.release_size                        1,000,000 decisions
    python -m benchmarks.release_size --decisions 60000
    python -m benchmarks.release_size --label-studio FOLDER   and Label Studio's export beside it
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks._site import ROOT, site

MOST_MB = 300
GOALS = {"all formats": 10, "parquet alone": 40}
PEER_GOAL, PEER_ROUNDS = 20, 3
_PER_AUDIT = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument(
        "--label-studio", type=Path, help="folder of `python -m benchmarks._label_studio`"
    )
    parser.add_argument("--step", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        _in_process(args.step)
        return
    with site() as up:
        from benchmarks._release_rows import generate  # noqa: PLC0415 - after Django is set up

        began = time.monotonic()
        generate(-(-args.decisions // _PER_AUDIT))
        print(f"generated in {time.monotonic() - began:.0f} s", flush=True)
        python = up.folder / "python"
        python.write_text(_PYTHON_WITHOUT_PANDAS, encoding="ascii")
        python.chmod(0o755)
        found = {}
        for step in (*STEPS, *STRANGERS):
            found[step] = _apart(step, {**up.environment, _PYTHON: str(python)})
            print(step, json.dumps(found[step]), flush=True)
    lines = _report(found)
    if args.label_studio:
        lines += _beside(_peer_export(args.label_studio), found)
    print("\n".join(lines))


def _peer_export(folder: Path) -> list[tuple[int, float]]:
    """Rows and seconds of Label Studio's JSON export, asked for as its page does.

    Every task, every annotation and every result in it counts as a row.
    """
    from benchmarks._label_studio import label_studio  # noqa: PLC0415 - only where it is asked for

    with tempfile.TemporaryDirectory() as room:
        # On a copy: somebody else may be measuring the same installation.
        data = shutil.copytree(folder / "data", Path(room) / "data")
        with label_studio(folder, data) as peer:
            return [_exported(peer) for _ in range(PEER_ROUNDS)]


def _exported(peer: Any) -> tuple[int, float]:
    admin, project = peer.admin(), peer.project()
    began = time.monotonic()
    tasks = admin.get(f"/api/projects/{project}/export?exportType=JSON")
    seconds = time.monotonic() - began
    annotations = [one for task in tasks for one in task["annotations"]]
    results = sum(len(one["result"]) for one in annotations)
    return len(tasks) + len(annotations) + results, seconds


def _beside(peer: list[tuple[int, float]], found: dict[str, dict[str, Any]]) -> list[str]:
    speeds = sorted(rows / seconds for rows, seconds in peer)
    lines = [
        f"Label Studio's JSON export: {peer[0][0]:,} rows, {median(speeds):,.0f} a second "
        f"({speeds[0]:,.0f} to {speeds[-1]:,.0f}, n = {len(peer)})"
    ]
    for step in ("all formats", "whole build"):
        times = found[step]["rows"] / found[step]["seconds"] / median(speeds)
        met = "met" if times >= PEER_GOAL else "MISSED"
        lines.append(f"{step}: {times:.1f} times as fast, goal {PEER_GOAL}: {met}")
    return lines


def _apart(step: str, environment: dict[str, str]) -> dict[str, Any]:
    """What the step says of itself, run by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.release_size", "--step", step],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _in_process(step: str) -> None:
    sys.meta_path.insert(0, _WithoutPandas())
    sys.executable = os.environ[_PYTHON]
    import django  # noqa: PLC0415 - only the child has a database to set it up for

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "auditsite.settings")
    django.setup()
    began = time.monotonic()
    with _watched_children() as (children, together):
        rows = {**STEPS, **STRANGERS}[step]()
    said = {
        "rows": rows,
        "seconds": round(time.monotonic() - began, 1),
        "peak_mb": _peak_mb(),
        "child_mb": max(children),
        "together_mb": max(together),
    }
    print(json.dumps(said))


class _WithoutPandas:
    """The platform has no pandas. Where the tests brought it along, Arrow imports it (60 MB)."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


_PYTHON = "BENCH_PYTHON_WITHOUT_PANDAS"
_PYTHON_WITHOUT_PANDAS = f"""#!{sys.executable}
import runpy, sys
class WithoutPandas:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, WithoutPandas())
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""For the processes that a step starts: ``python -m MODULE ...``."""


def _peak_mb(process: str = "self") -> int:
    """The most memory this process ever held, as Linux counts it; 0 for one that has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    held = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return round(int(held[0]) / 1000) if held else 0


@contextmanager
def _watched_children() -> Iterator[tuple[list[int], list[int]]]:
    """Peaks of the processes that this one starts, and what they and this one hold together, pages
    that they share counted once; asked twice a second. What the kernel says of ended children
    counts the moment before they were themselves, too."""
    peaks, together, ended = [0], [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            # Before its exec a child is a copy of this process.
            children = [child for child in _children() if _is_another(child)]
            peaks.extend(map(_peak_mb, children))
            together.append(sum(map(_share_mb, ("self", *children))))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield peaks, together
    ended.set()
    watcher.join()


def _children() -> list[str]:
    found: list[str] = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that has ended
            found += (thread / "children").read_text(encoding="ascii").split()
    return found


def _share_mb(process: str) -> int:
    """What it holds now; of a page that several hold, its share."""
    try:
        shares = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) for line in shares if line.startswith("Pss:")) // 1000


def _is_another(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != _OWN_WORDS
    except OSError:
        return False


_OWN_WORDS = Path("/proc/self/cmdline").read_bytes()


def _requested(name: str) -> Any:
    from audits.models import Release, User  # noqa: PLC0415
    from audits.services.releases.build import request_release  # noqa: PLC0415
    from audits.services.releases.freeze import freeze  # noqa: PLC0415

    found = Release.objects.filter(name=name).first()
    if found is None:
        found = request_release(actor=User.objects.order_by("username")[0], name=name)
        freeze(found)
    return found


def _freeze() -> int:
    """Members of the release that the next three steps read; not part of their time."""
    return int(_requested("tables").audits.count())


def _tables(take: Callable[[Any, Any], int]) -> int:
    from audits.services.releases.tables import QUERIES  # noqa: PLC0415
    from inference.release.tables import splits_of  # noqa: PLC0415

    release = _requested("tables")
    return sum(
        take(query.of_split(release, split), query.table)
        for query in QUERIES
        for split in splits_of(query.table)
    )


def _copy() -> int:
    def drain(rows: Any, table: Any) -> int:
        from django.db import connection  # noqa: PLC0415

        with connection.cursor() as cursor:
            sql, params = rows.query.sql_with_params()
            statement = cursor.cursor.mogrify(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params)
            with cursor.cursor.copy(statement) as copy:
                for _ in copy:
                    pass
            return int(cursor.cursor.rowcount)

    return _tables(drain)


def _parquet() -> int:
    from audits.services.releases.shards import (  # noqa: PLC0415
        by_shard,
        row_groups,
        write_parquet,
    )
    from audits.services.releases.stream import stream_batches  # noqa: PLC0415

    def write(rows: Any, table: Any) -> int:
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(stream_batches(rows, table)) as batches,
        ):
            return sum(
                write_parquet(Path(folder) / str(number), table, pieces)[0]
                for number, pieces in enumerate(by_shard(row_groups(batches, table)))
            )

    return _tables(write)


def _formats() -> int:
    from audits.services.releases.shards import write_table  # noqa: PLC0415
    from audits.services.releases.tables import QUERIES  # noqa: PLC0415

    release = _requested("tables")
    return sum(write_table(release, query) for query in QUERIES)


def _build() -> int:
    from audits.models import Release, User  # noqa: PLC0415
    from audits.services.releases.build import build_release, request_release  # noqa: PLC0415

    release = request_release(actor=User.objects.order_by("username")[0], name="whole")
    build_release(release_id=release.pk)
    built = Release.objects.get(pk=release.pk)
    if built.state != Release.State.READY:
        raise SystemExit(f"{built.state}: {built.failure}")
    return sum(built.counts.values())


def _folder() -> Path:
    from django.core.files.storage import default_storage  # noqa: PLC0415

    from audits.models import Release  # noqa: PLC0415
    from audits.services.releases.shards import file_path  # noqa: PLC0415

    return Path(default_storage.path(file_path(Release.objects.get(name="whole"), "")))


def _check() -> int:
    """Checks that came to their end, not such that found nothing: generated flags are not those
    that the comparator raises, and the archive is in no manifest."""
    from inference.release.checks import check_release  # noqa: PLC0415

    checks = check_release(_folder())
    stopped = [one.as_dict() for one in checks if any("stopped" in said for said in one.problems)]
    if stopped:
        raise SystemExit(f"A check could not be made: {stopped}")
    return len(checks)


def _compare() -> int:
    from inference.release.diff import diff  # noqa: PLC0415

    return sum(table["after"] for table in diff(_folder(), _folder())["tables"].values())


def _curate() -> int:
    from inference.curation.examples import Tally  # noqa: PLC0415
    from inference.curation.from_release import read_release  # noqa: PLC0415

    tally = Tally()
    for _ in read_release(_folder(), tally):
        pass
    return tally.read


STEPS: dict[str, Callable[[], int]] = {
    "freeze": _freeze,
    "bare COPY": _copy,
    "parquet alone": _parquet,
    "all formats": _formats,
    "whole build": _build,
}


STRANGERS: dict[str, Callable[[], int]] = {
    "check (checks)": _check,
    "compare (rows)": _compare,
    "curate (cases)": _curate,
}


def _report(found: dict[str, dict[str, Any]]) -> list[str]:
    speed = {step: one["rows"] / one["seconds"] for step, one in found.items() if one["seconds"]}
    lines = [
        "| step | rows | seconds | rows a second | of COPY | peak memory | its child | together |",
        "|---" * 8 + "|",
    ]
    for step, one in found.items():
        if step in STEPS and step != "freeze":
            share = f"{speed[step] / speed['bare COPY']:.0%}"
            lines.append(
                f"| {step} | {one['rows']:,} | {one['seconds']} | {speed[step]:,.0f} | {share} "
                f"| {one['peak_mb']} MB | {one['child_mb']} MB "
                f"| {one['together_mb']} MB |"
            )
    for step, goal in GOALS.items():
        met = speed[step] / speed["bare COPY"] * 100 >= goal
        lines.append(f"{step} at {goal}% of COPY or more: {'met' if met else 'MISSED'}")
    for step in STRANGERS:
        one = found[step]
        lines.append(f"{step}: {one['rows']:,} in {one['seconds']} s, {one['peak_mb']} MB")
    made = [one for step, one in found.items() if step in STEPS]
    peak = max(max(one["peak_mb"], one["child_mb"]) for one in made)
    met = "met" if peak < MOST_MB else "MISSED"
    lines.append(f"no process over {MOST_MB} MB at its peak: {met} ({peak} MB)")
    most = max(one["together_mb"] for one in made)
    met = "met" if most < MOST_MB else "MISSED"
    lines.append(f"no more than {MOST_MB} MB together: {met} ({most} MB)")
    return lines


if __name__ == "__main__":
    main()

"""How fast does a bulk import run beside a bare loop, does its memory stay flat, does a kill hurt?

Generated 16-bit pictures (noise, so that nothing packs well) are prepared by a bare loop that
decodes, hashes and encodes what intake stores, on as many threads as intake uses and in this very
process; then imported by the command from a folder with a manifest, into a database and a folder
in memory; then fewer others are imported with the process killed (-9) once half of them are done.
In one run, on one machine; the same pictures in both. Also the price of a decoder of its own.

    BENCH_FOLDER=/tmp python -m benchmarks.importing   5,000 pictures of 2 MB, writes the document
    python -m benchmarks.importing --pictures 300 --no-doc

5,000 pictures and what is stored of them are 27 GB, hence a folder on disk for them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks._site import ROOT, Site, site
from benchmarks.detector_tables import write_between
from inference.decoding import AT_ONCE, prepared_apart
from inference.images import encode_png
from inference.preparing import prepared

DOC = ROOT / "docs" / "measurements.md"
SIDE = 1024
DISTINCT = 8
"""Pictures drawn; the others are these with a number in their first row, so each is a case."""


def draw(folder: Path, count: int, seed: int) -> list[Path]:
    """PNG files of about 2 MB and their manifest."""
    folder.mkdir()
    noise = np.random.default_rng(seed)
    bases = [noise.integers(0, 2**16, (SIDE, SIDE)).astype(np.uint16) for _ in range(DISTINCT)]
    paths = []
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for number in range(count):
            picture = bases[number % DISTINCT]
            picture[0, :2] = number >> 8, number & 0xFF
            paths.append(folder / f"{number:05d}.png")
            paths[-1].write_bytes(encode_png(picture))
            row = {"image": paths[-1].name, "draft": f"Heart size normal. Picture {number}."}
            manifest.write(json.dumps(row) + "\n")
    return paths


def bare(paths: list[Path]) -> float:
    """Seconds of the loop that does nothing else."""
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for group in range(0, len(paths), 16):
            list(pool.map(lambda path: prepared(path.read_bytes()), paths[group : group + 16]))
    return time.monotonic() - began


def price(paths: list[Path]) -> tuple[float, float]:
    """Median seconds for one picture in this process, and by a decoder of its own; in turns."""
    here, there = [], []
    prepared_apart(paths[0].read_bytes())
    for path in paths:
        data = path.read_bytes()
        for taken, ask in ((here, prepared), (there, prepared_apart)):
            began = time.monotonic()
            ask(data)
            taken.append(time.monotonic() - began)
    return median(here), median(there)


@dataclass
class Run:
    """One import by the command: its seconds, and MB of memory at each tenth of the rows."""

    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)
    code: int | None = None


def imported(up: Site, folder: Path, count: int, *, kill_at: int | None = None) -> Run:
    """Run the command; with ``kill_at`` it is killed once so many cases are there."""
    command = [sys.executable, "manage.py", "import_cases", str(folder / "manifest.jsonl")]
    run, began = Run(), time.monotonic()
    with (
        (up.folder / "import.log").open("ab") as log,
        subprocess.Popen(command, env=up.environment, cwd=ROOT, stdout=log, stderr=log) as process,
    ):
        while process.poll() is None:
            done = cases()
            if kill_at is not None and done >= kill_at:
                process.kill()
                break
            if done * 10 // count > len(run.memory) and (now := resident(process.pid)):
                run.memory.append(now)
            time.sleep(0.2)
    run.seconds, run.code = time.monotonic() - began, process.returncode
    return run


def resident(pid: int) -> float:
    """MB that a process holds; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in status.splitlines() if "VmRSS" in x), 0.0)


def cases() -> int:
    from audits.models import Case  # noqa: PLC0415 - after Django is set up

    return Case.objects.count()


def wrong(up: Site, count: int) -> dict[str, int]:
    """Every way in which a row is lost or doubled, and files without a case or a case without."""
    from audits.models import Case, Draft, Import, ImportRow, RowOutcome  # noqa: PLC0415

    media = Path(up.environment["MEDIA_ROOT"])
    kept = {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}
    columns = Case.objects.values_list("image", "preview", "thumbnail")
    named = {name for row in columns for name in row}
    return {
        "cases lost or doubled": abs(count - Case.objects.count()),
        "drafts lost or doubled": abs(count - Draft.objects.count()),
        "imports not done": Import.objects.exclude(state="done").count(),
        "rows not told": ImportRow.objects.filter(outcome=RowOutcome.WAITING).count(),
        "rows that failed": ImportRow.objects.filter(outcome=RowOutcome.FAILED).count(),
        "files without a case": len(kept - named),
        "cases without a file": len(named - kept),
    }


@contextmanager
def pictures(count: int, cut_off: int) -> Iterator[tuple[list[Path], list[Path]]]:
    """Two folders of other pictures: one is imported in one go, the other is cut off."""
    with tempfile.TemporaryDirectory(prefix="overread-bench-") as name:
        yield draw(Path(name) / "whole", count, seed=1), draw(Path(name) / "cut", cut_off, seed=2)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pictures", type=int, default=5_000)
    parser.add_argument("--cut-off", type=int, default=500, help="pictures of the killed import")
    parser.add_argument("--no-doc", action="store_true", help="print only")
    args = parser.parse_args(argv)
    count, fewer = args.pictures, min(args.pictures, args.cut_off)
    with pictures(count, fewer) as (paths, others):
        size = sum(path.stat().st_size for path in paths) / count / 1e6
        here, there = price(paths[:40])
        with site() as up:
            # Half before and half after: a machine that others use changes its pace meanwhile.
            before = bare(paths[: count // 2])
            whole = imported(up, paths[0].parent, count)
            after_it = bare(paths[count // 2 :])
            clean = wrong(up, count)
            cut = imported(up, others[0].parent, fewer, kill_at=count + fewer // 2)
            at = cases() - count
            rest = imported(up, others[0].parent, fewer)
            after = wrong(up, count + fewer)
    share = (before + after_it) / whole.seconds
    grown = [f"{later - earlier:+.0f}" for earlier, later in pairwise(whole.memory)]
    lines = [
        f"{count:,} pictures of {size:.1f} MB ({SIDE} x {SIDE}, 16 bits), {AT_ONCE} at a time:",
        "",
        "| what | figure |",
        "|---|---|",
        f"| one picture by a decoder of its own, of one decoded in place (median of 40) "
        f"| {there / here:.0%} |",
        f"| import by the command, of the bare loop's pictures a second | {share:.0%} (goal 50%: "
        f"{'met' if share >= 0.5 else 'MISSED'}) |",
        f"| pictures a second of the bare loop before, of the import, of the bare loop after "
        f"| {count / 2 / before:.1f}, {count / whole.seconds:.1f}, {count / 2 / after_it:.1f} |",
        f"| memory of the command at a tenth, and the most after it "
        f"| {whole.memory[0]:.0f} MB, {max(whole.memory):.0f} MB |",
        f"| its steps from tenth to tenth, MB | {' '.join(grown)} |",
        f"| lost, doubled, untold or stray | {_told(clean)} |",
        f"| the same after kill -9 at {at:,} of {fewer:,} other cases and a second run "
        f"| {_told(after)} |",
    ]
    print("\n".join(lines))
    failed = any(clean.values()) or any(after.values()) or whole.code or rest.code or not cut.code
    if not args.no_doc:
        write_between("importing", "\n".join(lines), DOC)
    return 1 if failed else 0


def _told(found: dict[str, int]) -> str:
    return ", ".join(f"{n} {what}" for what, n in found.items() if n) or "none"


if __name__ == "__main__":
    raise SystemExit(main())

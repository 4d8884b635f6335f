"""Does a round of review make the next detector better? The whole circle, on phantoms.

A detector learns from phantoms that never show a small nodule. It audits new phantoms, a scripted
reader reads every one through the API, the decisions become a published release, the release a
corpus, and the detector goes on from its own weights with the corpus beside its first films. Both
versions then look at phantoms held back from everything: no answer is dropped.

``make bench-learning-loop`` prints the tables, writes them into docs/learning.md and keeps the
detectors, the corpus and the comparison in .overread/bench/learning-loop. Training needs the
packages of requirements-train.txt, which it installs beside the others.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks._learning_films import MIXED, WEAK, Film, films, name_of, write_folder
from benchmarks._learning_reading import DRAFT, read_queue, truth_line
from benchmarks._learning_tables import write_tables
from benchmarks._site import site
from bootstrap.layout import ROOT, Layout
from bootstrap.training import ensure_training_packages
from inference.grounders.embedded.card import FOLDER

WORK = ROOT / ".overread/bench/learning-loop"
FIRST, LATER, HELD_BACK = 2_000_000, 3_000_000, 4_000_000
"""Seeds of the films: no phantom is in two of the three."""

PATIENCE_SECONDS = 900


@dataclass
class Clock:
    """How long each step took; kept beside what the steps made, for a run that goes on."""

    path: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def is_done(self, name: str) -> bool:
        return name in self.seconds

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        sys.stderr.write(f"== {name}\n")
        yield
        self.seconds[name] = round(time.monotonic() - started, 1)
        self.path.write_text(json.dumps(self.seconds), encoding="ascii")


@dataclass(frozen=True, slots=True)
class Size:
    """How many films each part has, and how long the network learns."""

    learning: int
    choosing: int
    later: int
    held: int
    epochs: int
    more_epochs: int
    pixels: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learning", type=int, default=270, help="films of the first version")
    parser.add_argument("--choosing", type=int, default=90, help="films its thresholds come from")
    parser.add_argument("--later", type=int, default=160, help="films that are reviewed")
    parser.add_argument("--held", type=int, default=200, help="films held back for the comparison")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--more-epochs", type=int, default=4, help="of the retraining")
    parser.add_argument("--pixels", type=int, default=256, help="side of the network's input")
    parser.add_argument("--resume", action="store_true", help="go on after the first training")
    args = vars(parser.parse_args())
    clock = begun(resume=args.pop("resume"))
    size = Size(**args)
    with clock.step("render the films"):
        parts = rendered(size)
    python = ensure_training_packages(Layout.of(os.environ))
    if not clock.is_done("train the first version"):
        with clock.step("train the first version"):
            write_folder(WORK / "first", parts["first"])
            plan = ("--size", str(size.pixels), "--epochs", str(size.epochs))
            trained(python, "a", WORK / "first", "small-unseen-1", *plan)
    with clock.step("audit, read, release"):
        reviewed = reviewed_release([film for _, film in parts["later"]])
    with clock.step("curate"):
        curated(WORK / "release", WORK / "corpus")
    with clock.step("retrain"):
        joined(WORK / "first", WORK / "corpus", WORK / "both")
        start = ("--start", str(WORK / "a-run/checkpoint.pt"), "--rate", "0.5")
        plan = ("--size", str(size.pixels), "--epochs", str(size.more_epochs))
        trained(python, "b", WORK / "both", "retrained-2", *plan, *start)
    with clock.step("compare"):
        compared = comparisons([film for _, film in parts["held"]])
    write_tables(ROOT / "docs/learning.md", compared, reviewed, clock.seconds, parts)


def begun(*, resume: bool) -> Clock:
    """The clock of a new run in an empty folder, or of the one that lies there."""
    clock = Clock(WORK / "clock.json")
    if resume:
        clock.seconds = json.loads(clock.path.read_text("ascii"))
        for made in ("release", "corpus", "both", "b-run", "b-weights", "held"):
            shutil.rmtree(WORK / made, ignore_errors=True)
    else:
        shutil.rmtree(WORK, ignore_errors=True)
        WORK.mkdir(parents=True)
    return clock


def rendered(size: Size) -> dict[str, list[tuple[str, Film]]]:
    """Films by part, each with its split (the platform splits what is reviewed)."""
    weak = films(WEAK, size.learning + size.choosing, FIRST)
    splits = ["train"] * size.learning + ["val"] * size.choosing
    return {
        "first": list(zip(splits, weak, strict=True)),
        "later": [("", film) for film in films(MIXED, size.later, LATER)],
        "held": [("", film) for film in films(MIXED, size.held, HELD_BACK)],
    }


def trained(python: Path, name: str, data: Path, version: str, *options: str) -> None:
    """Train and package one version with the committed commands, by the training packages."""
    run = WORK / f"{name}-run"
    learn = ["train-detector", "--data", str(data), "--out", str(run)]
    _run(python, "inference", *learn, *options)
    package = ["package", "--runs", str(run), "--anatomy", str(FOLDER / "anatomy.onnx")]
    where = ["--data", str(data), "--out", str(WORK / f"{name}-weights"), "--version", version]
    _run(python, "inference.training", *package, *where)


def reviewed_release(later: Sequence[Film]) -> dict[str, int]:
    """The films through the platform: audited, read, released; what the reader said, counted."""
    weights = str(WORK / "a-weights")
    settings = {"GROUNDER": "embedded", "EMBEDDED_WEIGHTS": weights, "PLAIN_HTTP": "1"}
    with site(**settings) as up:
        from audits.models import Queue, User  # noqa: PLC0415 - Django is set up only now
        from audits.services.filling import fill_queue  # noqa: PLC0415
        from audits.services.queues import NewQueue, create_queue  # noqa: PLC0415

        User.objects.create_user("reader", password=None)
        curator = User.objects.create_user("curator", password=None, is_curator=True)
        up.hire()
        up.wait_for_workers()
        by_case = submitted(later)
        wait_for_audits(len(later))
        # Everything is read: what no flag was raised on is what a weak version overlooks.
        rules = NewQueue(name="learning loop", order=Queue.Order.RANDOM, unflagged_share=1.0)
        queue = create_queue(new=rules, actor=curator)
        fill_queue(queue=queue, actor=curator)
        said = read_queue(queue.pk, by_case, "reader")
        published(curator)
    return said


def submitted(later: Sequence[Film]) -> dict[str, Film]:
    from audits.services.cases import NewCase, case_submit  # noqa: PLC0415

    by_case = {}
    for film in later:
        name = name_of(film)
        new = NewCase(image=film.png, draft=DRAFT, source="phantom", patient=name, view="PA")
        by_case[str(case_submit(new=new, actor=None).case_id)] = film
    return by_case


def wait_for_audits(number: int) -> None:
    """Until all are done; raises ``RuntimeError`` for one that failed or never ended."""
    from audits.models import Audit  # noqa: PLC0415

    ends_at = time.monotonic() + PATIENCE_SECONDS
    while Audit.objects.filter(state="done").count() < number:
        failed = Audit.objects.filter(state="failed").first()
        if failed is not None or time.monotonic() > ends_at:
            raise RuntimeError(f"an audit did not end well: {failed and failed.failure_message}")
        time.sleep(0.5)


def published(curator: Any) -> None:
    """A published release, unpacked into the work folder."""
    from django.core.files.storage import default_storage  # noqa: PLC0415

    from audits.services.releases import build, package  # noqa: PLC0415
    from audits.services.releases.shards import file_path  # noqa: PLC0415

    release = build.request_release(actor=curator, name="learning-loop")
    build.build_release(release_id=release.pk)
    release = build.publish_release(release_id=release.pk, actor=curator)
    with (
        default_storage.open(file_path(release, package.ARCHIVE), "rb") as stored,
        zipfile.ZipFile(stored) as archive,
    ):
        archive.extractall(WORK / "release")


def curated(release: Path, corpus: Path) -> None:
    # Phantoms resemble each other more than films of people do.
    _run(Path(sys.executable), "inference", "curate", str(release), str(corpus),
         "--keep-near-duplicates", "--normals", "2")  # fmt: skip


def joined(first: Path, corpus: Path, both: Path) -> None:
    """What the first version learnt from, and what readers settled, as one folder."""
    (both / "images").mkdir(parents=True)
    for folder in (first, corpus):
        for picture in (folder / "images").iterdir():
            shutil.copyfile(picture, both / "images" / picture.name)
    for table in ("images.csv", "boxes.csv"):
        head, *rows = (first / table).read_text("utf-8").splitlines()
        other, *more = (corpus / table).read_text("utf-8").splitlines()
        if head != other:
            raise RuntimeError(f"{table}: {head} and {other} differ")
        (both / table).write_text("\n".join([head, *rows, *more]) + "\n", encoding="utf-8")


def comparisons(held: Sequence[Film]) -> dict[str, Any]:
    """What compare-versions says of all held-back films, and of those with a small nodule."""
    folder = WORK / "held"
    (folder / "images").mkdir(parents=True)
    for film in held:
        (folder / "images" / name_of(film)).write_bytes(film.png)
    for name in ("a", "b"):
        environ = {**os.environ, "EMBEDDED_WEIGHTS": str(WORK / f"{name}-weights")}
        out = str(folder / f"{name}.jsonl")
        _run(Path(sys.executable), "inference", "ground", "--grounder", "embedded",
             str(folder / "images"), "--out", out, env=environ)  # fmt: skip
    return {
        "all": _compared(folder, "all", held),
        "small": _compared(folder, "small", [film for film in held if film.small]),
    }


def _compared(folder: Path, name: str, held: Sequence[Film]) -> dict[str, Any]:
    truth, out = folder / f"truth-{name}.jsonl", folder / f"comparison-{name}.json"
    lines = [json.dumps(truth_line(film, name_of(film))) for film in held]
    truth.write_text("\n".join(lines) + "\n", encoding="ascii")
    sides = [str(folder / "a.jsonl"), str(folder / "b.jsonl")]
    _run(Path(sys.executable), "inference", "compare-versions", *sides, "--truth", str(truth),
         "--out", str(out))  # fmt: skip
    found: dict[str, Any] = json.loads(out.read_text("ascii"))
    return found


def _run(python: Path, module: str, *arguments: str, env: dict[str, str] | None = None) -> None:
    subprocess.run([python, "-m", module, *arguments], cwd=ROOT, env=env, check=True)


if __name__ == "__main__":
    main()

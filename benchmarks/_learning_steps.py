"""The steps of the learning loop, each by the command or the API that everybody has."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks._learning_reading import DRAFT, read_queue
from benchmarks._learning_shown import Shown
from benchmarks._site import site
from bootstrap.layout import ROOT
from inference.grounders.embedded.card import FOLDER

PATIENCE_SECONDS = 1800


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


def trained(python: Path, data: Path, run: Path, *options: str) -> None:
    """Train one network by the committed command, with the training packages."""
    learn = ["train-detector", "--data", str(data), "--out", str(run)]
    _run(python, "inference", *learn, *options)


def packaged(python: Path, runs: Sequence[Path], weights: Path, version: str, *judged: str) -> None:
    """Make ``runs`` one detector; ``judged`` are options that say where thresholds come from."""
    named = ["package", "--runs", *map(str, runs), "--anatomy", str(FOLDER / "anatomy.onnx")]
    _run(python, "inference.training", *named, *judged, "--out", str(weights),
         "--version", version)  # fmt: skip


def reviewed_release(shown: Sequence[Shown], weights: Path, release: Path) -> dict[str, int]:
    """The pictures through the platform: audited, read, released; what was said, counted."""
    settings = {"GROUNDER": "embedded", "EMBEDDED_WEIGHTS": str(weights), "PLAIN_HTTP": "1"}
    with site(**settings) as up:
        from audits.models import Queue, User  # noqa: PLC0415 - Django is set up only now
        from audits.services.filling import fill_queue  # noqa: PLC0415
        from audits.services.queues import NewQueue, create_queue  # noqa: PLC0415

        User.objects.create_user("reader", password=None)
        curator = User.objects.create_user("curator", password=None, is_curator=True)
        up.hire()
        up.wait_for_workers()
        by_case = _submitted(shown)
        _wait_for_audits(len(by_case))
        # Everything is read: what no flag was raised on is what a weak version overlooks.
        rules = NewQueue(name="learning loop", order=Queue.Order.RANDOM, unflagged_share=1.0)
        queue = create_queue(new=rules, actor=curator)
        fill_queue(queue=queue, actor=curator)
        said = read_queue(queue.pk, by_case, "reader")
        said["cleared of text in the picture"] = _cleared(curator)
        _published(curator, release)
    return {what: count for what, count in said.items() if count}


def curated(release: Path, corpus: Path, *options: str) -> dict[str, Any]:
    """The report of what ``curate`` made of a release."""
    _run(Path(sys.executable), "inference", "curate", str(release), str(corpus), *options)
    report: dict[str, Any] = json.loads((corpus / "report.json").read_text("ascii"))
    return report


def grounded(images: Path, weights: Path, out: Path) -> None:
    """What the detector in ``weights`` says of every picture in ``images``."""
    environ = {**os.environ, "EMBEDDED_WEIGHTS": str(weights)}
    # Exit code 1: a picture without an answer, which the comparison counts.
    _run(Path(sys.executable), "inference", "ground", "--grounder", "embedded", "--all",
         str(images), "--out", str(out), env=environ, fine=(0, 1))  # fmt: skip


def compared(folder: Path, name: str, held: Sequence[Shown]) -> dict[str, Any]:
    """What compare-versions says of ``a.jsonl`` and ``b.jsonl`` in ``folder``, over ``held``."""
    truth, out = folder / f"truth-{name}.jsonl", folder / f"comparison-{name}.json"
    lines = [json.dumps(one.truth_line()) for one in held]
    truth.write_text("\n".join(lines) + "\n", encoding="ascii")
    sides = [str(folder / "a.jsonl"), str(folder / "b.jsonl")]
    # Exit code 1 says that a version left pictures unanswered: the tables show how many.
    _run(Path(sys.executable), "inference", "compare-versions", *sides, "--truth", str(truth),
         "--out", str(out), fine=(0, 1))  # fmt: skip
    found: dict[str, Any] = json.loads(out.read_text("ascii"))
    return found


def write_images(folder: Path, shown: Sequence[Shown]) -> Path:
    (folder / "images").mkdir(parents=True)
    for one in shown:
        (folder / "images" / one.name).write_bytes(one.content)
    return folder / "images"


def _submitted(shown: Sequence[Shown]) -> dict[str, Shown]:
    from audits.services.cases import NewCase, case_submit  # noqa: PLC0415

    by_case = {}
    for one in shown:
        new = NewCase(
            image=one.content, draft=DRAFT, source=one.source, patient=one.patient, view=one.view
        )
        by_case[str(case_submit(new=new, actor=None).case_id)] = one
    return by_case


def _wait_for_audits(number: int) -> None:
    """Until all are done; raises ``RuntimeError`` for one that failed or never ended."""
    from audits.models import Audit  # noqa: PLC0415

    ends_at = time.monotonic() + PATIENCE_SECONDS
    while Audit.objects.filter(state="done").count() < number:
        failed = Audit.objects.filter(state="failed").first()
        if failed is not None or time.monotonic() > ends_at:
            raise RuntimeError(f"an audit did not end well: {failed and failed.failure_message}")
        time.sleep(0.5)


def _cleared(curator: Any) -> int:
    """Pictures with letters in them are let go: of published films they name nobody."""
    from audits.models import Case  # noqa: PLC0415
    from audits.models.cases import uncleared_pixels  # noqa: PLC0415
    from audits.services.clearing import case_clear_burned_in  # noqa: PLC0415

    held = list(Case.objects.filter(uncleared_pixels()))
    for case in held:
        case_clear_burned_in(case_id=case.pk, actor=curator)
    return len(held)


def _published(curator: Any, folder: Path) -> None:
    """A published release, unpacked into ``folder``."""
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
        archive.extractall(folder)


def _run(
    python: Path,
    module: str,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    fine: tuple[int, ...] = (0,),
) -> None:
    command = [str(python), "-m", module, *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if ended.returncode not in fine:
        raise subprocess.CalledProcessError(ended.returncode, command)

"""Load each configured backend, run a phantom through it, and say what that took."""

import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.errors import ServiceError
from audits.models import BackendKind
from audits.services.backends import backend_names, grounder_named, parser_named
from audits.services.results import (
    load_grounding,
    load_parsing,
    raw_grounding,
    raw_parsing,
)
from audits.services.workers import memory_mb
from inference.phantoms import render_phantom
from inference.schema import Attempt, Grounding, Parsing
from inference.vocabulary import DraftState, ImageState

DRAFT = "Small left pleural effusion. No pneumothorax. The heart is enlarged."


@dataclass(slots=True)
class Report:
    """What one backend did. ``memory_mb`` is what loading it and working added."""

    kind: str
    name: str
    up: bool = False
    detail: str = ""
    version: str = ""
    memory_mb: int | None = None
    gpu_mb: int | None = None
    load_ms: int = 0
    ms: list[int] = field(default_factory=list)
    answers: int = 0
    valid: int = 0

    @property
    def valid_rate(self) -> float | None:
        return self.valid / self.answers if self.answers else None


class Command(BaseCommand):
    help = (
        "Load each configured backend (GROUNDER, GROUNDERS, PARSER, PARSERS) in this process, "
        "run phantoms through it, and print memory, milliseconds and the schema-valid rate of its "
        "answers. The exit code is 1 if one is down."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", action="append", help="only backends of this name")
        parser.add_argument("--runs", type=int, default=1, help="phantoms each (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        offered = [(kind, name) for kind in BackendKind for name in backend_names(kind=kind)]
        wanted = [each for each in offered if not options["only"] or each[1] in options["only"]]
        if not wanted:
            names = ", ".join(name for _, name in offered)
            raise CommandError(f"None of these is configured; there are {names}.")
        reports = []
        for kind, name in wanted:
            reports.append(checked(kind, name, max(options["runs"], 1)))
            self.stdout.write(told(reports[-1]))
        down = [report.name for report in reports if not report.up]
        if down:
            raise CommandError(f"Down: {', '.join(down)}.")


def checked(kind: BackendKind, name: str, runs: int) -> Report:
    """One backend at work; whatever breaks is in the report's detail."""
    report, before = Report(kind.value, name), memory_mb()
    started = time.perf_counter()
    try:
        run = _grounder(name, report) if kind == BackendKind.GROUNDER else _parser(name, report)
        report.load_ms = _ms_since(started)
        for seed in range(runs):
            started = time.perf_counter()
            run(seed)
            report.ms.append(_ms_since(started))
        report.up = True
    except Exception as error:
        sentence = error.message if isinstance(error, ServiceError) else str(error)
        report.detail = f"{type(error).__name__}: {sentence}"
    after = memory_mb()
    report.memory_mb = None if before is None or after is None else after - before
    report.gpu_mb = _gpu_mb()
    return report


def _grounder(name: str, report: Report) -> Any:
    grounder = grounder_named(name=name)
    report.version = grounder.version.version

    def run(seed: int) -> None:
        if hasattr(grounder, "ground_readings"):
            report.detail = "grounds from stored readings: loaded, nothing to run"
            return
        (grounding,) = grounder.ground([render_phantom(seed, (), size=512).image])
        load_grounding(raw_grounding(grounding))
        _count(report, grounding, grounding.image_state != ImageState.FAILED)

    return run


def _parser(name: str, report: Report) -> Any:
    parser = parser_named(name=name)
    report.version = parser.version.version

    def run(seed: int) -> None:
        parsing = parser.parse(DRAFT)
        load_parsing(raw_parsing(parsing))
        _count(report, parsing, parsing.draft_state != DraftState.UNPARSED)

    return run


def _count(report: Report, answer: Grounding | Parsing, is_valid: bool) -> None:
    """A generative model's every answer counts; another's one answer a run."""
    attempts: tuple[Attempt, ...] = answer.attempts
    report.answers += len(attempts) or 1
    if attempts:
        report.valid += sum(attempt.outcome == "used" for attempt in attempts)
    else:
        report.valid += is_valid


def told(report: Report) -> str:
    if not report.up:
        return f"{report.kind} {report.name}: DOWN. {report.detail}"
    parts = [
        f"{report.kind} {report.name} {report.version}: up",
        f"memory {report.memory_mb} MB" if report.memory_mb is not None else "memory not known",
        *([f"GPU {report.gpu_mb} MB"] if report.gpu_mb is not None else []),
        f"loaded in {report.load_ms} ms",
        f"{min(report.ms)} to {max(report.ms)} ms a run",
        _rate(report),
    ]
    return ", ".join(parts)


def _rate(report: Report) -> str:
    if report.valid_rate is None:
        return report.detail
    return f"schema-valid {report.valid}/{report.answers} ({report.valid_rate:.0%})"


def _gpu_mb() -> int | None:
    """The most this process had of the GPU; None without torch or a GPU."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    return int(torch.cuda.max_memory_allocated() // 2**20)


def _ms_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)

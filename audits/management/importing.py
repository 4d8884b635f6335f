"""What the commands that import have in common: how they run, and what they tell."""

from abc import abstractmethod
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.management.progress import ProgressBar
from audits.models import Import, ImportState, RowOutcome, Source
from audits.services.identity import keyed_hash
from audits.services.imports.batches import Outcome
from audits.services.imports.rows import ImportRefused
from audits.services.imports.run import Place, import_run
from audits.services.imports.states import Options, import_of_place

WORDS = ("new case", "new draft", "already there", "would import", "skipped", "bad")
OPTIONS = ("source", "dry_run", "audit", "skip_duplicates")


class ImportCommand(BaseCommand):
    """A subclass says from which `place`; doing the same again goes on where it was cut off."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="upload", help="for rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="check, store nothing")
        parser.add_argument("--audit", action="store_true", help="start an audit of each draft")
        parser.add_argument(
            "--skip-duplicates", action="store_true", help="leave near-duplicate pictures out"
        )

    @abstractmethod
    def place(self, options: dict[str, Any]) -> tuple[Place, str]:
        """The input, and what tells it from any other; ``ImportRefused`` if there is none."""

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(slug=options["source"]).first()
        if source is None:
            raise CommandError(f"There is no source {options['source']!r}.")
        try:
            place, digest = self.place(options)
        except (ImportRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        told = " ".join(f"{name}={options[name]}" for name in OPTIONS)
        run, is_resumed = import_of_place(
            digest=keyed_hash(kind="import", value=f"{digest} {told}"),
            source=source,
            options=Options(
                options.get("dataset") or options.get("layout") or "auto",
                start_audits=options["audit"],
                skip_duplicates=options["skip_duplicates"],
            ),
            dry_run=options["dry_run"],
        )
        if is_resumed:
            self.stderr.write(f"Going on with import {run.pk}, which was cut off.")
        self._run(run, place)

    def _run(self, run: Import, place: Place) -> None:
        bar: ProgressBar | None = None
        counts: Counter[str] = Counter()

        def tell(total: int, outcomes: Sequence[Outcome]) -> None:
            nonlocal bar
            for outcome in outcomes:
                self._count(outcome, counts)
            if total:
                bar = bar or ProgressBar("import", total)
                left = run.rows.filter(outcome=RowOutcome.WAITING).count()
                bar.show(total - left, f"{counts['bad']} bad, {counts['near-duplicates']} alike")

        if not import_run(import_id=run.pk, place=place, tell=tell):
            raise CommandError(f"Import {run.pk} of these files is running already.")
        if bar:
            bar.end()
        run.refresh_from_db()
        self._report(run, counts)

    def _count(self, outcome: Outcome, counts: Counter[str]) -> None:
        words = {
            RowOutcome.CREATED: "new case",
            RowOutcome.KNOWN: "new draft" if outcome.is_new_draft else "already there",
            RowOutcome.VALID: "would import",
            RowOutcome.SKIPPED: "skipped",
            RowOutcome.FAILED: "bad",
        }
        counts[words[outcome.outcome]] += 1
        counts["near-duplicates"] += outcome.near is not None
        counts["lost findings"] += outcome.lost
        if outcome.reason:
            self.stderr.write(f"line {outcome.number}: {outcome.field}: {outcome.reason}")

    def _report(self, run: Import, counts: Counter[str]) -> None:
        for note in run.notes:
            self.stderr.write(note)
        told = [f"{counts[word]} {word}" for word in WORDS if counts[word]]
        self.stdout.write(", ".join(told))
        for word, what in (
            ("near-duplicates", "pictures are near-duplicates of others"),
            ("lost findings", "parts of recorded findings could not be used"),
        ):
            if counts[word]:
                self.stderr.write(f"{counts[word]} {what}.")
        if run.state not in (ImportState.DONE, ImportState.CHECKED):
            raise CommandError(run.failure_message or f"The import is {run.state}.")
        if counts["bad"]:
            raise CommandError(f"{counts['bad']} rows were not imported; their reasons are above.")

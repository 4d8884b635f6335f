"""Import cases in bulk from this machine, through the same services as the API."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.management.progress import ProgressBar
from audits.models import Import, ImportState, RowOutcome, Source
from audits.models.imports import LAYOUTS
from audits.services.identity import keyed_hash
from audits.services.imports.archives import ZipContainer
from audits.services.imports.batches import Outcome
from audits.services.imports.containers import FolderContainer
from audits.services.imports.layouts import manifest_layout
from audits.services.imports.rows import ImportRefused
from audits.services.imports.run import Place, import_run
from audits.services.imports.states import Options, import_of_place
from inference.datasets import DATASETS

WORDS = ("new case", "new draft", "already there", "would import", "skipped", "bad")


class Command(BaseCommand):
    help = (
        "Import images and drafts: from a CSV or JSON lines manifest (columns: image, draft, "
        "source, patient, view, age, sex, origin, study, findings, assessed, reading, reader), a "
        "ZIP or a folder. Importing again imports nothing twice, and goes on where a crash cut it "
        "off; a bad row is reported and the run goes on (exit code 1 at the end)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("manifest", type=Path, nargs="?")
        what.add_argument("--zip", type=Path, help="an archive in place of a manifest")
        what.add_argument("--folder", type=Path, help="a folder in place of a manifest")
        parser.add_argument("--dataset", choices=list(DATASETS), help="of the folder or the ZIP")
        parser.add_argument(
            "--layout",
            choices=list(LAYOUTS),
            help="of the folder or the ZIP; found out if not said",
        )
        parser.add_argument("--source", default="upload", help="for rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="check, store nothing")
        parser.add_argument("--audit", action="store_true", help="start an audit of each draft")
        parser.add_argument(
            "--skip-duplicates", action="store_true", help="leave near-duplicate pictures out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(slug=options["source"]).first()
        if source is None:
            raise CommandError(f"There is no source {options['source']!r}.")
        try:
            place, digest = _place(options)
        except (ImportRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        run, is_resumed = import_of_place(
            digest=keyed_hash(kind="import", value=f"{digest} {_told(options)}"),
            source=source,
            options=Options(
                options["dataset"] or options["layout"] or "auto",
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


def _told(options: dict[str, Any]) -> str:
    """What makes two runs of the command the same import."""
    names = ("source", "dataset", "layout", "dry_run", "audit", "skip_duplicates")
    return " ".join(f"{name}={options[name]}" for name in names)


def _place(options: dict[str, Any]) -> tuple[Place, str]:
    """The input, and what tells it from any other."""
    manifest, archive, folder = options["manifest"], options["zip"], options["folder"]
    if manifest:
        if not manifest.is_file():
            raise CommandError(f"There is no manifest {manifest}.")
        container = FolderContainer(manifest.parent, names=[manifest.name])
        layout = manifest_layout(container, manifest.name)
        return Place(container, layout), f"{manifest.resolve()} {_sha256(manifest)}"
    if archive:
        return Place(ZipContainer(archive.open("rb"))), f"{archive.resolve()} {_sha256(archive)}"
    if not folder.is_dir():
        raise CommandError(f"There is no folder {folder}.")
    whole = FolderContainer(folder)
    return Place(whole), f"{folder.resolve()} {whole.listing_digest().hex()}"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()

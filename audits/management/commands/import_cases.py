"""Import cases and drafts from a manifest, through the same service as the API."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.errors import ServiceError
from audits.management.progress import ProgressBar
from audits.services.audits import audit_start
from audits.services.cases import case_check, case_create
from audits.services.manifests import ManifestRow, case_from_row, manifest_rows


class Command(BaseCommand):
    help = (
        "Import images and drafts from a CSV or JSON lines manifest (columns: image, draft, "
        "source, patient, view, age, sex, origin). Importing again imports nothing twice; a bad "
        "row is reported and the run goes on (exit code 1 at the end)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("manifest", type=Path)
        parser.add_argument("--source", default="upload", help="for rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="check, store nothing")
        parser.add_argument("--audit", action="store_true", help="start an audit of each draft")

    def handle(self, *args: Any, **options: Any) -> None:
        manifest: Path = options["manifest"]
        if not manifest.is_file():
            raise CommandError(f"There is no manifest {manifest}.")
        counts: Counter[str] = Counter()
        bar = ProgressBar("import", sum(1 for _ in manifest_rows(manifest)))
        for done, row in enumerate(manifest_rows(manifest), start=1):
            counts[self._import(row, manifest.parent, options)] += 1
            bar.show(done, f"{counts['bad']} bad")
        bar.end()
        words = ("new case", "new draft", "already there", "would import", "bad")
        told = ", ".join(f"{counts[word]} {word}" for word in words if counts[word])
        self.stdout.write(told or "The manifest has no rows.")
        if counts["bad"]:
            raise CommandError(f"{counts['bad']} rows were not imported; their reasons are above.")

    def _import(self, row: ManifestRow, folder: Path, options: dict[str, Any]) -> str:
        try:
            new = case_from_row(row, folder=folder, source=options["source"])
            if options["dry_run"]:
                case_check(new=new)
                return "would import"
            stored = case_create(new=new, actor=None)
            if options["audit"]:
                audit_start(draft=stored.draft, actor=None)
        except ServiceError as refused:
            where = ", ".join(refused.fields) or refused.code
            self.stderr.write(f"line {row.number}: {where}: {refused.message}")
            return "bad"
        if stored.is_new_case:
            return "new case"
        return "new draft" if stored.is_new_draft else "already there"

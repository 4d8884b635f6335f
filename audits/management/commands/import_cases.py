"""Import cases in bulk from this machine, through the same services as the API."""

from argparse import ArgumentParser
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from audits.management.importing import ImportCommand
from audits.models.imports import LAYOUTS
from audits.services.imports.archives import ZipContainer
from audits.services.imports.containers import FolderContainer
from audits.services.imports.layouts import manifest_layout
from audits.services.imports.run import Place
from inference.datasets import DATASETS


class Command(ImportCommand):
    help = (
        "Import images and drafts: from a CSV or JSON lines manifest (columns: image, draft, "
        "source, patient, view, age, sex, origin, study, pixel_spacing, pixel_frame, laterality, "
        "patient_orientation, findings, assessed, reading, reader), a ZIP or a folder. Importing "
        "again imports nothing twice, and goes on where a crash cut it off; a bad row is reported "
        "and the run goes on (exit code 1 at the end)."
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
        super().add_arguments(parser)

    def place(self, options: dict[str, Any]) -> tuple[Place, str]:
        place, digest = _place(options)
        return place, f"{digest} {options['dataset']} {options['layout']}"


def _place(options: dict[str, Any]) -> tuple[Place, str]:
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

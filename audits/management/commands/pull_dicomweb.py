"""Import radiographs (CR and DX) from a PACS by DICOMweb, as any other import."""

from argparse import ArgumentParser
from hashlib import sha256
from typing import Any

from audits.management.importing import ImportCommand
from audits.services.imports.dicomweb import DicomWebContainer, Search
from audits.services.imports.run import Place

ATTRIBUTES = {
    "patient": ("PatientID", "code of one patient"),
    "study": ("StudyInstanceUID", "UID of one study"),
    "accession": ("AccessionNumber", "number of one order"),
    "date": ("StudyDate", "a day, or from-to: 20240101-20241231"),
}


class Command(ImportCommand):
    help = (
        "Find radiographs (modality CR or DX) on a DICOMweb server and import them: pixels and the "
        "few words that intake keeps, nothing else. The account is DICOMWEB_USER and "
        "DICOMWEB_PASSWORD, or DICOMWEB_TOKEN, of the environment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="of the server: https://pacs.example.org/dicom-web")
        for name, (_, what) in ATTRIBUTES.items():
            parser.add_argument(f"--{name}", default="", help=what)
        parser.add_argument("--limit", type=int, default=1_000, help="most studies")
        super().add_arguments(parser)

    def place(self, options: dict[str, Any]) -> tuple[Place, str]:
        asked = {tag: options[name] for name, (tag, _) in ATTRIBUTES.items() if options[name]}
        found = DicomWebContainer(options["url"], Search(asked, options["limit"]))
        listing = sha256("\n".join(found.names).encode()).hexdigest()
        return Place(found, found.layout()), f"dicomweb {options['url']} {listing}"

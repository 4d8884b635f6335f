"""``croissant.json``: the release in Croissant 1.1 with the Responsible-AI words (MLCommons).

Written by hand, since the format is plain JSON-LD and its library would weigh more than the rest;
the tests validate it and load every record set with that library.
"""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from inference import NOTICE
from inference.release import tables
from inference.release.reading import rows_of
from inference.release.tables import TABLES, Column, Table

VERSION = "http://mlcommons.org/croissant/1.1"
_WORDS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject"),
    *("fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{word: f"cr:{word}" for word in _WORDS},
    "conformsTo": "dct:conformsTo",
}
RAI = {
    "dataCollection": (
        "Chest X-rays and draft impressions of the sources in LICENSES/, imported or uploaded; "
        "flags raised by a comparator from a model's findings and a parser's mentions."
    ),
    "dataCollectionType": "Secondary data analysis; manual human curation",
    "dataAnnotationProtocol": (
        "Leased queues; a reader confirms, modifies, dismisses or leaves open every flag with a "
        "coded reason, adds what was missed, and attests that nothing else was. The column mode "
        "says whether the read was blind first."
    ),
    "dataAnnotationPlatform": "Overread",
    "dataAnnotationAnalysis": "agreement.json: percent, Gwet AC1, Krippendorff alpha by patient.",
    "machineAnnotationTools": "The backends in the table models, with version and hash.",
    "personalSensitiveInformation": (
        "Medical images without identifiers. Patients and readers are pseudonyms of this release; "
        "ages over 89 are 90; no dates; comments only where a scrubber found nothing in them."
    ),
    "dataBiases": (
        "The view is confounded with disease, sources differ in machines and patients, and readers "
        "who saw flags first agree with them more often."
    ),
    "dataLimitations": (
        "Five labels only. What the auditor missed is known where a reader added it. Phantoms are "
        "drawings. " + NOTICE
    ),
    "dataUseCases": "Training and testing second-read auditors; studying reader agreement.",
    "dataSocialImpact": "A second read may catch a miss, and may train readers to trust it.",
    "dataReleaseMaintenancePlan": (
        "Releases never change. A withdrawn case is named in takedowns of the next one: delete it."
    ),
}
_TYPES = (
    (pa.types.is_string, "sc:Text"),
    (pa.types.is_integer, "sc:Integer"),
    (pa.types.is_floating, "sc:Float"),
    (pa.types.is_boolean, "sc:Boolean"),
)


def write_croissant(root: Path, about: Any) -> list[Path]:
    path = root / "croissant.json"
    path.write_text(json.dumps(_dataset(root, about), indent=1) + "\n", encoding="ascii")
    return [path]


def _dataset(root: Path, about: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": about.name,
        "description": f"Flags of a second read of chest X-ray drafts, and decisions. {NOTICE}",
        "conformsTo": VERSION,
        "version": about.version,
        "license": "LICENSES/README.md",
        "url": f"urn:overread:{about.name}:{about.version}",
        "citeAs": _citation(root, about),
        **{f"rai:{name}": words for name, words in RAI.items()},
        "distribution": [_files(table) for table in TABLES],
        "recordSet": [_records(table) for table in TABLES],
    }


def _citation(root: Path, about: Any) -> str:
    sources = [row["citation"] for row in rows_of(root, tables.SOURCES) if row["citation"]]
    return "; ".join([f"{about.name} {about.version} (Overread)", *sources])


def _files(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "encodingFormat": "application/x-parquet",
        "includes": f"data/{table.name}/*.parquet",
    }


def _records(table: Table) -> dict[str, Any]:
    """The table's plain columns; lists and objects are described on the card."""
    fields = [_field(table, column) for column in table.columns if _type(column.type)]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.about,
        "field": fields,
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    refers = f" (id in {column.refers})" if column.refers else ""
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.about + refers,
        "dataType": _type(column.type),
        "source": {
            "fileSet": {"@id": f"{table.name}-files"},
            "extract": {"column": column.name},
        },
    }


def _type(type_: pa.DataType) -> str | None:
    return next((name for check, name in _TYPES if check(type_)), None)

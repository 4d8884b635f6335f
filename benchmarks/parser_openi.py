"""The Indiana / Open-i chest X-ray reports with the labels their expert tags give.

Source: ``torchxrayvision`` 1.5.7, ``data/NLMCXR_reports.tgz`` (Demner-Fushman et al., JAMIA 2016;
CC BY-NC-ND). The text stays in the wheel: nothing here writes a sentence of it to the repository.
The tags do not code hedging. Develop on even ids, report on odd ids.
"""

import io
import tarfile
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from pathlib import Path

from inference.vocabulary import LABELS, Label

MEMBER = "torchxrayvision/data/NLMCXR_reports.tgz"
_OUTSIDE_LUNG = frozenset(
    (
        "ribs", "clavicle", "sternum", "breast", "adipose tissue", "thoracic vertebrae", "heart",
        "mitral valve", "mediastinum", "supracardiac", "paratracheal", "costophrenic angle",
        "pleura", "pleural sinus", "sulcus", "cardiophrenic angle",
    )
)  # fmt: skip
_EFFUSION = frozenset(("pleural effusion", "hydropneumothorax", "hemothorax", "hemopneumothorax"))
_PNEUMOTHORAX = frozenset(("pneumothorax", "hydropneumothorax", "hemopneumothorax"))
_CONSOLIDATION = frozenset(("consolidation", "infiltrate", "airspace disease", "pneumonia"))


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its number, findings and impression as one text, and what its tags say."""

    number: int
    text: str
    gold: dict[Label, bool]


def read_reports(wheel: Path) -> list[Report]:
    """Return the scored reports, in file-name order.

    Left out: reports without text, without indexing, or tagged only for technical quality.
    Raises ``KeyError`` if the wheel does not hold the archive.
    """
    packed = zipfile.ZipFile(wheel).read(MEMBER)
    reports = []
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = [m for m in archive.getmembers() if m.name.endswith(".xml")]
        for member in sorted(members, key=lambda m: m.name):
            stream = archive.extractfile(member)
            report = _report(ET.parse(stream).getroot()) if stream else None
            if report is not None:
                reports.append(report)
    return reports


def _report(root: ET.Element) -> Report | None:
    sections = {part.get("Label"): (part.text or "").strip() for part in root.iter("AbstractText")}
    text = f"{sections.get('FINDINGS', '')}\n{sections.get('IMPRESSION', '')}".strip()
    tags = [tag.text.strip().lower() for tag in root.iter("major") if tag.text]
    only_quality = len(tags) == 1 and tags[0].startswith("technical quality")
    identity = root.find("uId")
    if not text or "no indexing" in tags or only_quality or identity is None:
        return None
    number = int("".join(c for c in identity.get("id", "") if c.isdigit()))
    return Report(number, text, _gold(tags))


def _gold(tags: list[str]) -> dict[Label, bool]:
    gold = dict.fromkeys(LABELS, False)
    for tag in tags:
        head, *rest = (part.strip() for part in tag.split("/"))
        in_lung = not (rest and rest[0] in _OUTSIDE_LUNG)
        if head in _EFFUSION:
            gold[Label.PLEURAL_EFFUSION] = True
        if head in _PNEUMOTHORAX:
            gold[Label.PNEUMOTHORAX] = True
        if head == "cardiomegaly" or (head == "cardiac shadow" and "enlarged" in rest):
            gold[Label.CARDIOMEGALY] = True
        if head in _CONSOLIDATION or (head == "opacity" and in_lung):
            gold[Label.LUNG_OPACITY_CONSOLIDATION] = True
        rounded = head in ("opacity", "density") and "round" in rest and in_lung
        if head in ("nodule", "mass") or rounded:
            gold[Label.NODULE_MASS] = True
    return gold

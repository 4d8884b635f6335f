"""An audit as a FHIR R5 collection: what was seen, what disagrees with the draft, who says so.

Plain JSON values; the tests validate them with `fhir.resources`. No patient is named: the audit
knows none. Every resource is tagged as research, and the report opens with the notice.
"""

import base64
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from inference import NOTICE
from inference.interop import CHEST_VIEWS, SNOMED, AuditFacts
from inference.policies import PLAIN, URGENCY
from inference.schema import BackendVersion, Box, Finding, Flag
from inference.vocabulary import FlagKind, Label

LABELS_SYSTEM: Final = "urn:overread:label"
FLAGS_SYSTEM: Final = "urn:overread:flag"
_RESEARCH: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HRESCH",
    "display": "healthcare research",
}
_EDGES: Final = ("y0", "x0", "y1", "x1")
Resource = dict[str, Any]


def bundle(facts: AuditFacts) -> Resource:
    """The whole audit; the same audit gives the same bundle."""
    devices = {
        role: _device(facts, role, version)
        for role, version in (("grounder", facts.grounder), ("parser", facts.parser))
    }
    seen = [
        _finding(facts, number, finding, devices["grounder"])
        for number, finding in enumerate(facts.findings)
    ]
    flagged = [
        _flag(facts, number, flag, seen_of(facts, seen, flag))
        for number, flag in enumerate(facts.flags)
    ]
    report = _report(facts, [*seen, *flagged])
    provenance = _provenance(facts, report, list(devices.values()))
    event = _event(facts, report, devices["grounder"])
    resources = [report, *seen, *flagged, *devices.values(), provenance, event]
    return {
        "resourceType": "Bundle",
        "id": str(facts.id),
        "meta": {"tag": [_RESEARCH]},
        "type": "collection",
        "timestamp": _time(facts),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


def seen_of(facts: AuditFacts, seen: list[Resource], flag: Flag) -> list[Resource]:
    """The observations that the flag rests on."""
    pairs = zip(facts.findings, seen, strict=True)
    return [resource for finding, resource in pairs if finding.label == flag.label]


def _resource(facts: AuditFacts, kind: str, name: str, **fields: Any) -> Resource:
    key: UUID = uuid5(NAMESPACE_OID, f"overread:{facts.id}:{kind}:{name}")
    return {"resourceType": kind, "id": str(key), "meta": {"tag": [_RESEARCH]}, **fields}


def _reference(resource: Resource) -> Resource:
    return {"reference": f"urn:uuid:{resource['id']}"}


def _time(facts: AuditFacts) -> str:
    return facts.finished_at.isoformat()


def _label(label: Label) -> Resource:
    codings = [{"system": LABELS_SYSTEM, "code": label.value, "display": PLAIN[label]}]
    if label in SNOMED:
        code = SNOMED[label]
        codings.append(
            {"system": "http://snomed.info/sct", "code": code.value, "display": code.meaning}
        )
    return {"coding": codings, "text": PLAIN[label]}


def _device(facts: AuditFacts, role: str, version: BackendVersion) -> Resource:
    return _resource(
        facts,
        "Device",
        role,
        displayName=f"{version.name} ({role})",
        version=[{"value": version.version}],
        identifier=[{"system": "urn:overread:backend-hash", "value": version.hash}],
    )


def _finding(facts: AuditFacts, number: int, finding: Finding, device: Resource) -> Resource:
    score = [] if finding.score is None else [_quantity("score", finding.score)]
    place = [] if finding.box is None else _place(finding.box)
    components = [*score, *place]
    return _resource(
        facts,
        "Observation",
        f"finding {number}",
        status="preliminary",
        code=_label(finding.label),
        effectiveDateTime=_time(facts),
        valueCodeableConcept={"text": "present on the image, says the model"},
        device=_reference(device),
        note=[{"text": NOTICE}],
        **({"component": components} if components else {}),
    )


def _place(box: Box) -> list[Resource]:
    """The box's edges in 0..1 of the stored picture, from its top and left."""
    return [_quantity(edge, value) for edge, value in zip(_EDGES, box, strict=True)]


def _quantity(name: str, value: float) -> Resource:
    return {
        "code": {"coding": [{"system": "urn:overread:finding", "code": name}]},
        "valueQuantity": {
            "value": value, "unit": "1", "system": "http://unitsofmeasure.org", "code": "1"
        },
    }  # fmt: skip


def _flag(facts: AuditFacts, number: int, flag: Flag, behind: list[Resource]) -> Resource:
    words = [f"{flag.kind.value}: {PLAIN[flag.label]}"]
    if flag.reason:
        words.append(flag.reason)
    if flag.kind == FlagKind.URGENT and flag.label in URGENCY:
        words.append(URGENCY[flag.label].wording)
    said = [facts.draft[start:end] for start, end in flag.spans if facts.draft]
    notes = [f"The draft says: {phrase}" for phrase in said] + [NOTICE]
    return _resource(
        facts,
        "Observation",
        f"flag {number}",
        status="preliminary",
        code={
            "coding": [{"system": FLAGS_SYSTEM, "code": flag.kind.value}],
            "text": "Disagreement between image and draft",
        },
        effectiveDateTime=_time(facts),
        valueCodeableConcept={**_label(flag.label), "text": ", ".join(words)},
        note=[{"text": text} for text in notes],
        **({"derivedFrom": [_reference(one) for one in behind]} if behind else {}),
    )


def _report(facts: AuditFacts, results: list[Resource]) -> Resource:
    title = "Draft impression, as it was sent"
    draft = {
        "contentType": "text/plain; charset=utf-8",
        "data": base64.b64encode(facts.draft.encode()).decode(),
        "title": title,
    }
    return _resource(
        facts,
        "DiagnosticReport",
        "report",
        status="preliminary",
        code={
            "coding": [
                {
                    "system": "http://loinc.org",
                    "code": CHEST_VIEWS.value,
                    "display": CHEST_VIEWS.meaning,
                }
            ],
            "text": "Second read of a chest radiograph's draft",
        },
        effectiveDateTime=_time(facts),
        issued=_time(facts),
        identifier=[{"system": "urn:overread:audit", "value": str(facts.id)}],
        conclusion=f"{NOTICE} {len(facts.flags)} flags, by policy {facts.policy}.",
        note=[{"text": text} for text in (*facts.notes, *facts.kept_back, NOTICE)],
        **({"result": [_reference(one) for one in results]} if results else {}),
        **({"presentedForm": [draft]} if facts.draft else {}),
    )


def _provenance(facts: AuditFacts, report: Resource, devices: list[Resource]) -> Resource:
    return _resource(
        facts,
        "Provenance",
        "provenance",
        target=[_reference(report)],
        recorded=_time(facts),
        activity={"text": f"compared by policy {facts.policy}"},
        agent=[{"who": _reference(device)} for device in devices],
        entity=[
            {"role": "source", "what": {"identifier": {
                "system": "urn:overread:case", "value": str(facts.case)
            }}}
        ],
    )  # fmt: skip


def _event(facts: AuditFacts, report: Resource, device: Resource) -> Resource:
    return _resource(
        facts,
        "AuditEvent",
        "event",
        code={"text": "audit.done"},
        action="E",
        recorded=_time(facts),
        outcome={"code": {"code": "0", "display": "Success"}},
        agent=[{"who": _reference(device), "requestor": False}],
        source={"observer": {"display": "Overread"}},
        entity=[{"what": _reference(report)}],
    )

"""What may leave: which audits, and which columns of them.

A source's switches govern every column derived from its cases. Text off leaves offsets and labels
only: no phrase, cue, claim or raw output. Boxes off leaves no box, whoever drew it. Whatever stays
behind is counted with its reason.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, Exists, F, JSONField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from audits.models import Audit, Read, Release, ReleaseCase, Source
from audits.models.cases import uncleared_pixels, uncleared_text
from audits.selectors.reads import standing

TERMS = (
    "licence",
    "citation",
    "terms_url",
    "pixels_redistributable",
    "text_redistributable",
    "boxes_redistributable",
    "commercial_use",
)
SWITCHES = {
    "pixels": ("pixels_redistributable", "pixel_terms"),
    "text": ("text_redistributable", "text_terms"),
    "boxes": ("boxes_redistributable", "box_terms"),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One switch on the way from a row to its case's source, such as ``audit__case__source``."""

    switch: str
    source: str

    @property
    def reason(self) -> str:
        return SWITCHES[self.switch][1]

    @property
    def is_open(self) -> Q:
        return Q(**{f"{self.source}__{SWITCHES[self.switch][0]}": True})

    def lets(self, value: Combinable | str, *, else_list: bool = False) -> Choose:
        """The value where the switch is on, else null, or an empty list."""
        return Choose(
            When(self.is_open, then=F(value) if isinstance(value, str) else value),
            default=Value([], output_field=JSONField()) if else_list else Value(None),
        )


def submitted_audits(selection: dict[str, Any]) -> QuerySet[Audit]:
    """Done audits with a read that stands in the selected queues, of the selected sources."""
    reads = Read.objects.filter(standing(), slot__item__audit=OuterRef("pk"))
    if queues := selection.get("queues"):
        reads = reads.filter(slot__queue__in=queues)
    audits = Audit.objects.filter(Exists(reads), state="done")
    if sources := selection.get("sources"):
        audits = audits.filter(case__source__slug__in=sources)
    return audits


def refusals_of_audits() -> dict[str, Q]:
    """Why a whole audit stays behind, first reason first: it is counted under that one alone."""
    return {
        "withdrawn": Q(case__withdrawn_at__isnull=False),
        "burned_in_text": uncleared_pixels("case"),
        "scrubbed_text": uncleared_text("draft"),
        "model_terms": Q(grounder__may_release_output=False) | Q(parser__may_release_output=False),
    }


def releasable_audits(selection: dict[str, Any]) -> QuerySet[Audit]:
    audits = submitted_audits(selection)
    for refused in refusals_of_audits().values():
        audits = audits.exclude(pk__in=submitted_audits(selection).filter(refused).values("pk"))
    return audits


def count_refused_audits(selection: dict[str, Any]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    left = submitted_audits(selection)
    for reason, refused in refusals_of_audits().items():
        held = left.filter(refused)
        counts[reason, "audits"] += held.count()
        left = left.exclude(pk__in=held.values("pk"))
    return counts


def count_withheld(
    rows: QuerySet[Any], columns: dict[str, tuple[str, Q]], source: str
) -> Counter[tuple[str, str]]:
    """How many values of ``columns`` (what -> (switch, is there something)) a switch keeps back."""
    if not columns:
        return Counter()
    asked = {
        f"n{number}": Count("pk", filter=there & ~Gate(switch, source).is_open)
        for number, (switch, there) in enumerate(columns.values())
    }
    # Rows of sources with open terms need not be counted, and most are of such.
    switches = sorted({switch for switch, _ in columns.values()})
    closed = ~Q(*(Gate(switch, source).is_open for switch in switches))
    found = rows.filter(closed).order_by().aggregate(**asked)
    return Counter(
        {
            (Gate(switch, source).reason, what): found[f"n{number}"]
            for number, (what, (switch, _)) in enumerate(columns.items())
        }
    )


def terms_fingerprint(release: Release) -> str:
    """Changes when the terms of a source in the release do, when one of its cases goes, or when
    one of its reads is reopened."""
    members = ReleaseCase.objects.filter(release=release)
    sources = Source.objects.filter(cases__in_releases__release=release).distinct()
    terms = list(sources.order_by("slug").values("slug", *TERMS))
    audits = release.audits.filter(audit__in=releasable_audits(release.selection)).count()
    whole: dict[str, Any] = {"sources": terms, "cases": members.count(), "audits": audits}
    # Nothing of a frozen release was reopened before, so the word is there only since.
    reads = Read.objects.filter(in_releases__release=release)
    if reopened := reads.filter(reopened_at__isnull=False).count():
        whole["reopened"] = reopened
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()

"""The tables of a release: which rows, in which order, with which columns.

An audit leaves when at least one read of it was submitted. Rows are streamed in the order of
their ids, so that the same database and seed give the same bytes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from audits.models import (
    Audit,
    Case,
    Claim,
    Decision,
    Draft,
    Finding,
    Flag,
    LedgerRow,
    Mention,
    MissedFinding,
    ReviewSlot,
    Source,
)
from audits.services.releases.pseudonyms import patient_name, reader_name, split_of
from audits.services.releases.terms import Gate, Refusals

Row = dict[str, Any]
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """What one build needs to make its rows."""

    seed: str
    refusals: Refusals

    def gate(self, case: Case) -> Gate:
        return Gate(case.source, self.refusals)


def reviewed_audits() -> QuerySet[Audit]:
    """Done audits with a submitted read, whose models' terms let their output leave."""
    return submitted_audits().filter(
        grounder__may_release_output=True, parser__may_release_output=True
    )


def submitted_audits() -> QuerySet[Audit]:
    slots = ReviewSlot.objects.filter(item__audit=OuterRef("pk"), state="submitted")
    return Audit.objects.filter(Exists(slots), state="done")


def _stream(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.order_by("id").iterator(chunk_size=_CHUNK)


def _of_audits(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.filter(audit__in=reviewed_audits()).select_related(
        "audit__case__source"
    )


def sources(scope: Scope) -> Iterator[Row]:
    for source in _stream(Source.objects.filter(cases__audits__in=reviewed_audits()).distinct()):
        yield {
            "id": source.id,
            "slug": source.slug,
            "name": source.name,
            "licence": source.licence,
            "citation": source.citation,
            "terms_url": source.terms_url,
            "pixels_redistributable": source.pixels_redistributable,
            "text_redistributable": source.text_redistributable,
            "boxes_redistributable": source.boxes_redistributable,
            "commercial_use": source.commercial_use,
        }


def released_cases() -> QuerySet[Case]:
    return Case.objects.filter(audits__in=reviewed_audits()).select_related("source").distinct()


def cases(scope: Scope) -> Iterator[Row]:
    for case in _stream(released_cases()):
        if not case.source.pixels_redistributable:
            scope.refusals.add("pixel_terms", "images")
        yield {
            "id": case.id,
            "source": case.source_id,
            "patient": patient_name(scope.seed, case),
            "split": split_of(case),
            "view": case.view or None,
            "age": None if case.age is None else min(case.age, 90),
            "sex": case.sex or None,
            "phantom": case.phantom,
            "width": case.width,
            "height": case.height,
            "pixels_sha256": case.pixels_sha256,
            "image": image_name(case),
        }


def image_name(case: Case) -> str | None:
    return f"images/{case.pixels_sha256}.png" if case.source.pixels_redistributable else None


def drafts(scope: Scope) -> Iterator[Row]:
    chosen = Draft.objects.filter(audits__in=reviewed_audits()).distinct()
    for draft in _stream(chosen.select_related("case__source")):
        yield {
            "id": draft.id,
            "case": draft.case_id,
            "origin": draft.origin,
            "characters": len(draft.text),
            "text": scope.gate(draft.case).text(draft.text, "drafts"),
        }


def audits(scope: Scope) -> Iterator[Row]:
    chosen = reviewed_audits().select_related("case__source", "grounder", "parser")
    for audit in _stream(chosen):
        gate = scope.gate(audit.case)
        yield {
            "id": audit.id,
            "case": audit.case_id,
            "draft": audit.draft_id,
            "grounder": _version(audit.grounder),
            "parser": _version(audit.parser),
            "policy": audit.policy,
            "attempt": audit.attempt,
            "image_state": audit.image_state,
            "draft_state": audit.draft_state,
            "image_labels": audit.image_labels,
            "draft_labels": audit.draft_labels,
            "scores": audit.scores,
            "measurements": audit.measurements,
            "score": audit.score,
            "notes": gate.text(audit.notes, "notes", withheld=[]),
        }


def _version(model: Any) -> Row:
    return {
        "name": model.name,
        "version": model.version,
        "hash": model.hash,
        "licence": model.licence,
    }


def findings(scope: Scope) -> Iterator[Row]:
    for finding in _stream(_of_audits(Finding)):
        gate = scope.gate(finding.audit.case)
        yield {
            "id": finding.id,
            "audit": finding.audit_id,
            "label": finding.label,
            "box": gate.box(finding.box, "finding boxes"),
            "score": finding.score,
            "below": finding.below,
        }


def mentions(scope: Scope) -> Iterator[Row]:
    for mention in _stream(_of_audits(Mention)):
        gate = scope.gate(mention.audit.case)
        yield {
            "id": mention.id,
            "audit": mention.audit_id,
            "label": mention.label,
            "state": mention.state,
            "start": mention.start,
            "end": mention.end,
            "overruled": mention.overruled,
            "side": mention.side,
            "text": gate.text(mention.text, "mention phrases"),
            "cue": gate.text(mention.cue, "mention cues"),
            "section": gate.text(mention.section, "mention sections"),
        }


def flags(scope: Scope) -> Iterator[Row]:
    for flag in _stream(_of_audits(Flag)):
        gate = scope.gate(flag.audit.case)
        yield {
            "id": flag.id,
            "audit": flag.audit_id,
            "kind": flag.kind,
            "label": flag.label,
            "reason": flag.reason,
            "reported": flag.reported,
            "side_agrees": flag.side_agrees,
            "boxes": gate.box(flag.boxes, "flag boxes", withheld=[]),
            "spans": flag.spans,
            "rule": flag.rule,
        }


def claims(scope: Scope) -> Iterator[Row]:
    for claim in _stream(_of_audits(Claim)):
        row = {
            "id": claim.id,
            "audit": claim.audit_id,
            "start": claim.start,
            "end": claim.end,
            "type": claim.type,
            "labels": claim.labels,
            "alignment": claim.alignment,
            "penalty": claim.penalty,
            "text": claim.text,
        }
        if scope.gate(claim.audit.case).text(row, "claims") is not None:
            yield row


def ledger(scope: Scope) -> Iterator[Row]:
    for entry in _stream(_of_audits(LedgerRow)):
        gate = scope.gate(entry.audit.case)
        row = {
            "id": entry.id,
            "audit": entry.audit_id,
            "step": entry.step,
            "reason": entry.reason,
            "raw": entry.raw,
            "detail": entry.detail,
        }
        # What a model said raw may hold the draft's words and boxes alike.
        if gate.box(gate.text(row, "raw outputs"), "raw outputs") is not None:
            yield row


def decisions(scope: Scope) -> Iterator[Row]:
    """One row per reader and flag: what stood when the read was submitted."""
    later = Decision.objects.filter(
        read=OuterRef("read"),
        flag=OuterRef("flag"),
        number__gt=OuterRef("number"),
        retraction__isnull=True,
    )
    chosen = Decision.objects.filter(
        ~Exists(later),
        retraction__isnull=True,
        read__submitted_at__isnull=False,
        flag__audit__in=reviewed_audits(),
    ).select_related("read__slot__item__queue", "flag__audit__case__source")
    for decision in _stream(chosen):
        gate = scope.gate(decision.flag.audit.case)
        if decision.comment:
            scope.refusals.add("comment_not_scrubbed", "decision comments")
        item = decision.read.slot.item
        yield {
            "id": decision.id,
            "audit": decision.flag.audit_id,
            "flag": decision.flag_id,
            "read": decision.read_id,
            "reader": reader_name(scope.seed, decision.read.reviewer_id),
            "mode": item.queue.mode,
            "sampling_weight": item.sampling_weight,
            "verdict": decision.verdict,
            "reason": decision.reason,
            "significance": decision.significance,
            "box": gate.box(decision.box, "decision boxes"),
            "finding_true": decision.finding_true,
            "box_right": decision.box_right,
            "draft_read_right": decision.draft_read_right,
            "active_seconds": decision.active_seconds and round(decision.active_seconds, 1),
        }


def missed_findings(scope: Scope) -> Iterator[Row]:
    chosen = MissedFinding.objects.filter(
        retraction__isnull=True,
        read__submitted_at__isnull=False,
        read__slot__item__audit__in=reviewed_audits(),
    ).select_related("read__slot__item__audit__case__source")
    for missed in _stream(chosen):
        audit = missed.read.slot.item.audit
        if missed.comment:
            scope.refusals.add("comment_not_scrubbed", "missed finding comments")
        yield {
            "id": missed.id,
            "audit": audit.id,
            "read": missed.read_id,
            "reader": reader_name(scope.seed, missed.read.reviewer_id),
            "label": missed.label,
            "box": scope.gate(audit.case).box(missed.box, "missed finding boxes"),
        }


TABLES: dict[str, Callable[[Scope], Iterator[Row]]] = {
    "sources": sources,
    "cases": cases,
    "drafts": drafts,
    "audits": audits,
    "findings": findings,
    "mentions": mentions,
    "flags": flags,
    "claims": claims,
    "ledger": ledger,
    "decisions": decisions,
    "missed_findings": missed_findings,
}

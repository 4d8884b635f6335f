"""What a withdrawn case leaves behind in the tables, and how each column of it is emptied.

Rows stay, so that counts and what refers to them stay whole; words go. Labels, offsets, boxes and
verdicts stay: they name nobody. Append-only rows may be emptied for a withdrawn case alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any

from django.db.models import Model, Q

from audits.models import (
    LIVE_STATES,
    Adjudication,
    Audit,
    AuditStep,
    Case,
    Claim,
    Decision,
    Draft,
    FailedStep,
    Generation,
    LedgerRow,
    Mention,
    MissedFinding,
    RecordedReading,
    Release,
    Reopening,
    ReviewItem,
    ReviewSlot,
    Sending,
    SyntheticDraft,
)
from audits.services.audits import audit_cancel, audit_lock
from audits.services.files import files_forget
from audits.services.log import record
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path

PURGED = "[withdrawn]"
"""Stands where a column may not be empty (migration 0019 knows the word)."""


@dataclass(frozen=True, slots=True)
class Emptied:
    """Columns of one table that hold words, and what is left in them; ``case`` is the way there."""

    model: type[Model]
    case: str
    columns: Mapping[str, Any]
    where: Q = field(default_factory=Q)

    def empty(self, case: Case) -> int:
        """Empty those that hold something; how many rows did."""
        rows = self.model._default_manager.filter(self.where, **{self.case: case})
        something = reduce(or_, (_holds(*column) for column in self.columns.items()))
        return rows.filter(something).update(**self.columns)


def _holds(column: str, left: Any) -> Q:
    return Q(**{f"{column}__isnull": False}) if left is None else ~Q(**{column: left})


_AUDIT = "audit__case"
_READ = "read__slot__item__audit__case"

EMPTIED = (
    Emptied(
        Mention,
        _AUDIT,
        {
            **dict.fromkeys(("text", "cue", "section", "rule"), ""),
            **dict.fromkeys(("location", "severity", "change")),
        },
    ),
    Emptied(Claim, _AUDIT, {"text": "", "cause": "", "overconfident": [], "suggestion": None}),
    Emptied(LedgerRow, _AUDIT, {"raw": "", "detail": ""}),
    Emptied(Generation, _AUDIT, {"raw": "", "detail": "", "settings": {}}),
    Emptied(FailedStep, _AUDIT, {"message": "", "traceback": ""}),
    Emptied(AuditStep, _AUDIT, {"result": None, "failure_message": "", "traceback": ""}),
    Emptied(Audit, "case", {"notes": [], "failure_message": ""}),
    Emptied(Decision, _READ, {"comment": "", "seen": {}}),
    Emptied(MissedFinding, _READ, {"comment": ""}),
    Emptied(Reopening, _READ, {"reason": PURGED}),
    Emptied(Adjudication, "item__audit__case", {"reason": ""}, Q(state=Adjudication.State.OPEN)),
    Emptied(
        Adjudication, "item__audit__case", {"reason": PURGED}, Q(state=Adjudication.State.SETTLED)
    ),
)


def case_lock_all(*, case: Case) -> None:
    """Wait for whoever works on the case, in everybody's order: draft, audit, item, slot."""
    list(Draft.objects.select_for_update().filter(case=case).order_by("pk"))
    for pk in Audit.objects.filter(case=case).order_by("pk").values_list("pk", flat=True):
        audit_lock(audit_id=pk)
    items = ReviewItem.objects.filter(audit__case=case).order_by("pk")
    list(items.select_for_update(of=("self",), no_key=True))
    of_items = {"item__audit__case": case}
    list(Adjudication.objects.select_for_update(of=("self",)).filter(**of_items).order_by("pk"))
    list(ReviewSlot.objects.select_for_update(of=("self",)).filter(**of_items).order_by("pk"))


def case_rows_empty(*, case: Case) -> dict[str, int]:
    """Cancel what is under way, close what is open, empty what holds words; counts by table.

    Everything must be locked by `case_lock_all`.
    """
    counts = {"cancelled": _cancel_live(case), "slots": _close_slots(case)}
    for table in EMPTIED:
        name = table.model._meta.model_name or ""
        counts[name] = counts.get(name, 0) + table.empty(case)
    counts["draft"] = _empty_drafts(case)
    for model, way in ((RecordedReading, "case"), (SyntheticDraft, "draft__case")):
        counts[model._meta.model_name or ""] = model.objects.filter(**{way: case}).delete()[0]
    Sending.objects.filter(draft__case=case).delete()
    return counts


def _cancel_live(case: Case) -> int:
    live = list(Audit.objects.filter(case=case, state__in=LIVE_STATES).order_by("pk"))
    for audit in live:
        audit_cancel(audit=audit, actor=None)
    return len(live)


def _close_slots(case: Case) -> int:
    nobody = {"lease_token": None, "leased_until": None}
    opened = Adjudication.objects.filter(
        item__audit__case=case, state=Adjudication.State.OPEN, lease_token__isnull=False
    )
    opened.update(adjudicator=None, **nobody)
    slots = ReviewSlot.objects.filter(
        item__audit__case=case, state__in=(ReviewSlot.State.FREE, ReviewSlot.State.LEASED)
    )
    return slots.update(state=ReviewSlot.State.CLOSED, reviewer=None, **nobody)


def _empty_drafts(case: Case) -> int:
    """A text's hash would tell whoever guesses the text: each draft gets one of its own id."""
    drafts = list(Draft.objects.filter(case=case))
    for draft in drafts:
        draft.text = ""
        draft.sha256 = sha256(draft.pk.bytes).hexdigest()
    Draft.objects.bulk_update(drafts, ["text", "sha256"])
    return len(drafts)


def releases_take_back(*, case: Case) -> int:
    """Fail the releases that hold the case and are not published yet, and drop their files.

    One that is being built starts over by itself: its terms have changed.
    """
    holding = Release.objects.select_for_update().filter(
        pk__in=case.in_releases.values("release"), state=Release.State.READY
    )
    ready = list(holding.order_by("pk"))
    for release in ready:
        names = {ARCHIVE, *(kept["name"] for kept in release.files)}
        files_forget(names={file_path(release, name) for name in names})
        release.state = Release.State.FAILED
        release.failure = "A case of this release was withdrawn. Make a new release."
        release.files = []
        release.save()
        record(actor=None, action="release.failed", target=release, data={})
    return len(ready)

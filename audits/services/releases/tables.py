"""Where each column of a release comes from: one query a table, over the members of the release.

Columns that derive from text or boxes pass a `Gate`; `withheld` counts what a gate keeps back.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case as Choose
from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat, Least, LPad, NullIf, Round

from audits.models import (
    Audit,
    BlindCommit,
    BlindStep,
    Case,
    Claim,
    Decision,
    Draft,
    Finding,
    Flag,
    LedgerRow,
    Mention,
    MissedFinding,
    ModelVersion,
    Release,
    ReleaseCase,
    ReleaseRead,
    Retraction,
    Ruling,
    Settlement,
    Source,
)
from audits.selectors.withdrawals import withdrawn_cases
from audits.services.releases.terms import TERMS, Gate, count_withheld
from inference.release import tables as shape

_OLDEST = 90
_SOMETHING = ~Q(text="")


@dataclass(frozen=True, slots=True)
class TableQuery:
    """One table: ``rows`` of a release, ``columns`` by name where the model's differ.

    ``member`` is the path from a row to its member of the release. ``kept_back`` names the gated
    columns in words, with the switch and when there is something to keep back; ``whole_rows``
    those switches that keep back the row itself. ``spoken`` are columns of words that nobody has
    cleared: `words` looks at each before it leaves.
    """

    table: shape.Table
    rows: Callable[[Release], QuerySet[Any]]
    columns: dict[str, Any] = field(default_factory=dict)
    member: str = ""
    source: str = ""
    kept_back: dict[str, tuple[str, Q]] = field(default_factory=dict)
    whole_rows: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()

    def of_split(self, release: Release, split: str) -> QuerySet[Any]:
        """Rows in the order of their ids, as tuples in the order of the table's columns."""
        named = {f"c_{name}": self._column(name) for name in self.table.names}
        leaving = self._leaving(release, split)
        ordered: QuerySet[Any] = leaving.annotate(**named).values_list(*named).order_by("pk")
        return ordered

    def counts(self, release: Release) -> Counter[str]:
        """Rows per split, by one question for all of them."""
        rows = self._leaving(release).order_by()
        if not self.table.by_split:
            return Counter(train=rows.count())
        splits = rows.values_list(f"{self.member}__split")
        return Counter(dict(splits.annotate(n=Count("pk"))))

    def withheld(self, release: Release) -> Counter[tuple[str, str]]:
        return count_withheld(self.of_release(release), self.kept_back, self.source)

    def of_release(self, release: Release, split: str = "") -> QuerySet[Any]:
        if not self.member:
            return self.rows(release)
        # One filter for both: two would each join the members anew.
        wanted: dict[str, Any] = {f"{self.member}__release": release}
        if split:
            wanted[f"{self.member}__split"] = split
        return self.rows(release).filter(**wanted)

    def _leaving(self, release: Release, split: str = "") -> QuerySet[Any]:
        rows = self.of_release(release, split)
        for switch in self.whole_rows:
            rows = rows.filter(Gate(switch, self.source).is_open)
        return rows

    def _column(self, name: str) -> Any:
        column = self.columns.get(name, name)
        return F(column) if isinstance(column, str) else column


def _json(function: str, *parts: str) -> Func:
    return Func(*map(F, parts), function=function, output_field=JSONField())


_CASE = "case__source"
_AUDIT = "audit__case__source"
_READ_AUDIT = "read__slot__item__audit__case__source"
_ITEM_AUDIT = "item__audit__case__source"
_RULED_AUDIT = "adjudication__item__audit__case__source"


def _all(model: type[Model]) -> Callable[[Release], QuerySet[Any]]:
    return lambda release: model._default_manager.all()


def _standing_decisions(release: Release) -> QuerySet[Decision]:
    """The newest decision of a read on a flag that was not taken back."""
    later = _not_taken_back(Decision, "decision").filter(
        read=OuterRef("read"), flag=OuterRef("flag"), number__gt=OuterRef("number")
    )
    return _not_taken_back(Decision, "decision").filter(~Exists(later))


def _not_taken_back(model: type[Model], answer: str) -> QuerySet[Any]:
    """Rows without a retraction, which names them by its column ``answer``.

    As NOT EXISTS, of which Postgres knows how many rows it leaves. After a join to nothing it
    expects one in two hundred, and then looks each up in every table by itself.
    """
    taken_back = Retraction.objects.filter(**{answer: OuterRef("pk")})
    return model._default_manager.filter(~Exists(taken_back))


def _first_views(release: Release) -> QuerySet[BlindCommit]:
    """Of readers whose read of the item is in the release, whichever lease they committed under."""
    reads = ReleaseRead.objects.filter(
        release=release, read__slot__item=OuterRef("item"), read__reviewer=OuterRef("reviewer")
    ).order_by("read")
    return BlindCommit.objects.filter(Exists(reads), step=BlindStep.IMAGE).annotate(
        name=Subquery(reads.values("reader")[:1]), band=Subquery(reads.values("experience")[:1])
    )


def _models(release: Release) -> QuerySet[ModelVersion]:
    audits = Audit.objects.filter(in_releases__release=release)
    return ModelVersion.objects.filter(
        Q(pk__in=audits.values("grounder")) | Q(pk__in=audits.values("parser"))
    )


def _sources(release: Release) -> QuerySet[Source]:
    cases = Case.objects.filter(in_releases__release=release)
    return Source.objects.filter(pk__in=cases.values("source"))


def _drafts(release: Release) -> QuerySet[Draft]:
    audits = Audit.objects.filter(in_releases__release=release)
    return Draft.objects.filter(pk__in=audits.values("draft"))


def _takedowns(release: Release) -> QuerySet[Case]:
    """Cases of earlier published releases that may not be in this one any more."""
    earlier = ReleaseCase.objects.filter(
        release__name=release.name, release__state=Release.State.PUBLISHED
    )
    return withdrawn_cases().filter(pk__in=earlier.values("case"))


def _finding_box() -> Choose:
    box = _json("jsonb_build_array", "y0", "x0", "y1", "x1")
    return Choose(When(Gate("boxes", _AUDIT).is_open & Q(y0__isnull=False), then=box), default=None)


def _drawn_box(source: str) -> Choose:
    gate = Gate("boxes", source)
    return Choose(
        When(gate.is_open & Q(box__isnull=False), then=_json("to_jsonb", "box")), default=None
    )


def _words(column: str, source: str) -> Choose:
    """What a person wrote beside an answer may quote the draft, so it goes with the text."""
    return Gate("text", source).lets(_said(column))


def _said(column: str) -> NullIf:
    return NullIf(F(column), Value(""), output_field=TextField())


def _tenths(column: str) -> Round:
    return Round(F(column), 1, output_field=FloatField())


def _age() -> Choose:
    capped = Least(F("age"), Value(_OLDEST), output_field=IntegerField())
    return Choose(When(age__isnull=False, then=capped), default=None)


def _in_hex(name: str) -> Func:
    """A bigint as 16 hexadecimal digits, its sign bit among them; null stays null."""
    digits = Func(F(name), function="to_hex", output_field=TextField())
    return LPad(digits, 16, Value("0"))


def _image() -> Choose:
    name = Concat(Value("images/"), F("pixels_sha256"), Value(".png"), output_field=TextField())
    return Gate("pixels", "source").lets(name)


_text = Gate("text", _AUDIT).lets

QUERIES: tuple[TableQuery, ...] = (
    TableQuery(shape.SOURCES, _sources, {name: name for name in TERMS}),
    TableQuery(
        shape.MODELS,
        _models,
        {
            name: _said(name)
            for name in ("checkpoint", "adapter", "prompt", "decoding", "weights_hash")
        },
    ),
    TableQuery(
        shape.CASES,
        _all(Case),
        {
            "source": "source_id",
            "licence": "source__licence",
            "patient": "in_releases__patient",
            "split": "in_releases__split",
            "view": NullIf(F("view"), Value("")),
            "sex": NullIf(F("sex"), Value("")),
            "age": _age(),
            "perceptual_hash": _in_hex("perceptual_hash"),
            "image": _image(),
        },
        member="in_releases",
        source="source",
        kept_back={"images": ("pixels", Q(width__gt=0))},
    ),
    TableQuery(
        shape.DRAFTS,
        _drafts,
        {
            "case": "case_id",
            "characters": Func(F("text"), function="char_length", output_field=IntegerField()),
            "text": Gate("text", _CASE).lets("text"),
        },
        member="case__in_releases",
        source=_CASE,
        kept_back={"drafts": ("text", _SOMETHING)},
    ),
    TableQuery(
        shape.AUDITS,
        _all(Audit),
        {
            "case": "case_id",
            "draft": "draft_id",
            "grounder": "grounder_id",
            "parser": "parser_id",
            "notes": Gate("text", _CASE).lets("notes", else_list=True),
        },
        member="in_releases",
        source=_CASE,
        kept_back={"notes": ("text", ~Q(notes=[]))},
    ),
    TableQuery(
        shape.FINDINGS,
        _all(Finding),
        {"audit": "audit_id", "box": _finding_box()},
        member="audit__in_releases",
        source=_AUDIT,
        kept_back={"finding boxes": ("boxes", Q(y0__isnull=False))},
    ),
    TableQuery(
        shape.MENTIONS,
        _all(Mention),
        {
            "audit": "audit_id",
            "text": _text("text"),
            "cue": _text("cue"),
            "section": _text("section"),
            "rule": _text("rule"),
        },
        member="audit__in_releases",
        source=_AUDIT,
        kept_back={
            "mention phrases": ("text", _SOMETHING),
            "mention cues": ("text", ~Q(cue="")),
            "mention sections": ("text", ~Q(section="")),
            "mention rules": ("text", ~Q(rule="")),
        },
    ),
    TableQuery(
        shape.FLAGS,
        _all(Flag),
        {"audit": "audit_id", "boxes": Gate("boxes", _AUDIT).lets("boxes", else_list=True)},
        member="audit__in_releases",
        source=_AUDIT,
        kept_back={"flag boxes": ("boxes", ~Q(boxes=[]))},
    ),
    TableQuery(
        shape.CLAIMS,
        _all(Claim),
        {"audit": "audit_id", "labels": _json("to_jsonb", "labels")},
        member="audit__in_releases",
        source=_AUDIT,
        kept_back={"claims": ("text", _SOMETHING)},
        whole_rows=("text",),
    ),
    TableQuery(
        # What a model said raw may hold the draft's words and boxes alike.
        shape.LEDGER,
        _all(LedgerRow),
        {"audit": "audit_id"},
        member="audit__in_releases",
        source=_AUDIT,
        kept_back={"raw outputs": ("text", ~Q(raw="")), "raw boxes": ("boxes", ~Q(raw=""))},
        whole_rows=("text", "boxes"),
    ),
    TableQuery(
        shape.FIRST_VIEWS,
        _first_views,
        {
            "audit": "item__audit_id",
            "reader": "name",
            "experience": _said("band"),
            "boxes": Gate("boxes", _ITEM_AUDIT).lets("boxes", else_list=True),
            "active_seconds": _tenths("active_seconds"),
        },
        member="item__audit__in_releases",
        source=_ITEM_AUDIT,
        kept_back={"boxes of first views": ("boxes", ~Q(boxes=[]))},
    ),
    TableQuery(
        shape.DECISIONS,
        _standing_decisions,
        {
            "audit": "flag__audit_id",
            "flag": "flag_id",
            "read": "read_id",
            "reader": "read__in_releases__reader",
            "experience": _said("read__in_releases__experience"),
            "mode": "read__slot__item__queue__mode",
            "sampling_weight": "read__slot__item__sampling_weight",
            "box": _drawn_box(_READ_AUDIT),
            "active_seconds": _tenths("active_seconds"),
            "comment": _words("comment", _READ_AUDIT),
        },
        member="read__in_releases",
        source=_READ_AUDIT,
        kept_back={
            "decision boxes": ("boxes", Q(box__isnull=False)),
            "decision comments": ("text", ~Q(comment="")),
        },
        spoken=("comment",),
    ),
    TableQuery(
        shape.MISSED_FINDINGS,
        lambda release: _not_taken_back(MissedFinding, "missed_finding"),
        {
            "audit": "read__slot__item__audit_id",
            "read": "read_id",
            "reader": "read__in_releases__reader",
            "experience": _said("read__in_releases__experience"),
            "box": _drawn_box(_READ_AUDIT),
            "comment": _words("comment", _READ_AUDIT),
        },
        member="read__in_releases",
        source=_READ_AUDIT,
        kept_back={
            "missed finding boxes": ("boxes", Q(box__isnull=False)),
            "missed finding comments": ("text", ~Q(comment="")),
        },
        spoken=("comment",),
    ),
    TableQuery(
        shape.ADJUDICATIONS,
        _all(Ruling),
        {
            "audit": "adjudication__item__audit_id",
            "adjudication": "adjudication_id",
            "reader": "adjudication__in_releases__reader",
            "experience": _said("adjudication__in_releases__experience"),
            "flag": "flag_id",
            "box": _drawn_box(_RULED_AUDIT),
            "comment": _words("adjudication__reason", _RULED_AUDIT),
        },
        member="adjudication__in_releases",
        source=_RULED_AUDIT,
        kept_back={
            "adjudicators' boxes": ("boxes", Q(box__isnull=False)),
            "adjudicators' reasons in words": ("text", ~Q(adjudication__reason="")),
        },
        spoken=("comment",),
    ),
    TableQuery(
        shape.SETTLEMENTS,
        _all(Settlement),
        {"audit": "item__audit_id", "flag": "flag_id", "box": _drawn_box("case__source")},
        member="in_releases",
        source="case__source",
        kept_back={"settled boxes": ("boxes", Q(box__isnull=False))},
    ),
    TableQuery(shape.TAKEDOWNS, _takedowns),
)


def query_of(table: shape.Table) -> TableQuery:
    return next(query for query in QUERIES if query.table is table)


def count_all_withheld(release: Release) -> Counter[tuple[str, str]]:
    counted: Iterable[Counter[tuple[str, str]]] = (query.withheld(release) for query in QUERIES)
    return sum(counted, Counter())

"""What goes into and comes out of `/imports`."""

from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from audits.models import Import, ImportRow, ImportState, RowOutcome
from audits.models.imports import LAYOUTS
from audits.selectors.imports import COUNTS, counts_of

STATES = tuple(str(state) for state in ImportState)
OUTCOMES = tuple(str(outcome) for outcome in RowOutcome)


class ImportInput(serializers.Serializer[Any]):
    source = serializers.SlugField(max_length=60)  # type: ignore[assignment]
    size = serializers.IntegerField(min_value=1)
    layout = serializers.ChoiceField(choices=list(LAYOUTS), default="auto")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", required=False, default="")
    start_audits = serializers.BooleanField(default=False)
    skip_duplicates = serializers.BooleanField(default=False)


class ImportStart(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(default=False)


class CountsSerializer(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: serializers.IntegerField() for name in COUNTS}


class ImportFailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class ImportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    layout = serializers.ChoiceField(choices=list(LAYOUTS))
    state = serializers.ChoiceField(choices=STATES)
    dry_run = serializers.BooleanField()
    start_audits = serializers.BooleanField()
    skip_duplicates = serializers.BooleanField()
    size = serializers.IntegerField(allow_null=True)
    received = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    counts = CountsSerializer()
    notes = serializers.ListField(child=serializers.CharField())
    failure = ImportFailureSerializer(allow_null=True)
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    errors_url = serializers.CharField()


class ReceivedSerializer(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    size = serializers.IntegerField()


class ImportRowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    field = serializers.CharField()
    reason = serializers.CharField()
    case = serializers.UUIDField(allow_null=True)
    draft = serializers.UUIDField(allow_null=True)
    is_new_draft = serializers.BooleanField()
    lost_findings = serializers.IntegerField()
    duplicate_of = serializers.UUIDField(allow_null=True)
    duplicate_row = serializers.IntegerField(allow_null=True)
    duplicate_distance = serializers.IntegerField(allow_null=True)


_PLAIN = (
    *("id", "layout", "state", "dry_run", "start_audits", "skip_duplicates", "size", "received"),
    *("total", "notes", "created_at", "started_at", "finished_at"),
)


def import_body(run: Import) -> dict[str, Any]:
    """One import that comes from `with_counts`."""
    failure = {"code": run.failure_code, "message": run.failure_message}
    return {
        **{name: getattr(run, name) for name in _PLAIN},
        "source": run.source.slug,
        "counts": counts_of(run),
        "failure": failure if run.failure_code else None,
        "created_by": run.created_by.username if run.created_by else None,
        "errors_url": reverse("import-errors", args=[run.pk]),
    }


def row_body(row: ImportRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("number", "outcome", "field", "reason")},
        "case": row.case_id,
        "draft": row.draft_id,
        "is_new_draft": row.is_new_draft,
        "lost_findings": row.lost,
        "duplicate_of": row.duplicate_of_id,
        "duplicate_row": row.duplicate_row,
        "duplicate_distance": row.duplicate_distance,
    }

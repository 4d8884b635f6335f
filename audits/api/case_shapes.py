"""What goes into and comes out of `/cases`."""

import uuid
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from audits.models import Audit, AuditState, Case, Draft, SettlingRule
from audits.models.cases import IDENTITY_STATES, ORIGINS, VIEWS
from audits.selectors.priors import Prior
from audits.selectors.truth import SettledLabel
from inference.ages import whole_years
from inference.geometry import LATERALITIES, SPACING_SOURCES
from inference.vocabulary import Label, State

ADULT_YEARS = 18


class DraftField(serializers.CharField):
    """Verbatim text: spans count its characters, so not even its edges are trimmed.

    Its length is judged by the intake service, which every door shares.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):  # a number would become a draft that nobody wrote
            self.fail("invalid")
        return super().to_internal_value(data)


class CaseInput(serializers.Serializer[Any]):
    image = serializers.FileField(
        allow_empty_file=False,
        error_messages={"empty": "The image file is empty.", "required": "Send an image."},
    )
    draft = DraftField(required=False, default="")
    source = serializers.CharField(required=False, default="upload", max_length=60)  # type: ignore[assignment]
    patient = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    view = serializers.ChoiceField(
        choices=["", *VIEWS],
        required=False,
        allow_blank=True,
        default="",
        # What was sent is not repeated: it may be a name in the wrong column.
        error_messages={"invalid_choice": f"One of: {', '.join(VIEWS)}; or leave it empty."},
    )
    age = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)

    def validate_age(self, text: str) -> int | None:
        try:
            return whole_years(text) if text else None
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class AuditInput(serializers.Serializer[Any]):
    draft = DraftField(required=False, default="")


class AuditRefSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[str(word) for word in AuditState])
    url = serializers.URLField()


class CaseCreatedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    audit = AuditRefSerializer()


class PixelSpacingSerializer(serializers.Serializer[Any]):
    """Millimetres of the upright picture, measured in the plane that ``source`` names."""

    row_mm = serializers.FloatField(help_text="From row to row, down the picture.")
    column_mm = serializers.FloatField(help_text="From column to column, across the picture.")
    source = serializers.ChoiceField(choices=list(SPACING_SOURCES))  # type: ignore[assignment]


class PatientOrientationSerializer(serializers.Serializer[Any]):
    """Where edges of the picture point in the patient: letters of A, P, L, R, H and F."""

    right = serializers.CharField(max_length=3, help_text="The right edge; L in a frontal view.")
    bottom = serializers.CharField(max_length=3, help_text="The lower edge; F in most.")


class GeometrySerializer(serializers.Serializer[Any]):
    """Null is unknown, and nothing may be measured or marked by it."""

    pixel_spacing = PixelSpacingSerializer(allow_null=True)
    laterality = serializers.ChoiceField(choices=list(LATERALITIES), allow_null=True)
    patient_orientation = PatientOrientationSerializer(allow_null=True)


class CaseSerializer(GeometrySerializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    patient_code = serializers.CharField(allow_null=True)
    view = serializers.ChoiceField(choices=["", *VIEWS])
    age = serializers.IntegerField(allow_null=True)
    sex = serializers.CharField()
    phantom = serializers.BooleanField()
    under_18 = serializers.BooleanField(allow_null=True)
    burned_in = serializers.ChoiceField(choices=IDENTITY_STATES, allow_null=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    image_url = serializers.CharField()
    pixels_url = serializers.CharField(
        allow_null=True, help_text="The full depth; null where the image has 8 bits anyway."
    )
    thumbnail_url = serializers.CharField()
    created_at = serializers.DateTimeField()


class DraftSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    text = serializers.CharField()
    origin = serializers.ChoiceField(choices=list(ORIGINS))
    scrubbed = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    scrub_state = serializers.ChoiceField(choices=IDENTITY_STATES, allow_null=True)
    revises = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()


class PriorDraftSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    origin = serializers.ChoiceField(choices=list(ORIGINS))


class PriorSerializer(GeometrySerializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    view = serializers.ChoiceField(choices=["", *VIEWS])
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    image_url = serializers.CharField()
    pixels_url = serializers.CharField(
        allow_null=True, help_text="The full depth; null where the image has 8 bits anyway."
    )
    thumbnail_url = serializers.CharField()
    draft = PriorDraftSerializer(allow_null=True)


class CaseAuditSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[str(word) for word in AuditState])
    created_at = serializers.DateTimeField()
    draft = serializers.UUIDField()


class CaseDetailSerializer(CaseSerializer):
    drafts = DraftSerializer(many=True)
    audits = CaseAuditSerializer(many=True)


class SettledLabelSerializer(serializers.Serializer[Any]):
    label = serializers.ChoiceField(choices=[str(label) for label in Label])  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=[str(word) for word in State], allow_null=True)
    rule = serializers.ChoiceField(choices=list(SettlingRule.values))


class WholeCaseSerializer(CaseDetailSerializer):
    """``settled`` is null for who doesn't curate: they may still read the case."""

    prior = PriorSerializer(allow_null=True)
    settled = SettledLabelSerializer(many=True, allow_null=True)


def audit_ref(audit: Audit, request: Request) -> dict[str, Any]:
    url = reverse("audit", args=[audit.pk], request=request)
    return {"id": audit.id, "state": audit.state, "url": url}


def geometry_body(case: Case) -> dict[str, Any]:
    right, _, bottom = case.patient_orientation.partition("\\")
    spacing = {
        "row_mm": case.pixel_row_mm,
        "column_mm": case.pixel_column_mm,
        "source": case.pixel_spacing_source,
    }
    return {
        "pixel_spacing": spacing if case.pixel_spacing_source else None,
        "laterality": case.laterality or None,
        "patient_orientation": {"right": right, "bottom": bottom} if right else None,
    }


def _pixels_url(case: Case) -> str | None:
    is_deep = case.image != case.preview
    return case_path("case-pixels", case.pk) if is_deep else None


def case_path(view: str, case: uuid.UUID) -> str:
    return _case_pattern(view).format(case)


@cache
def _case_pattern(view: str) -> str:
    """A page of a list has a hundred such paths, which Django would work out one by one."""
    nobody = uuid.UUID(int=0)
    return reverse(view, args=[nobody]).replace(str(nobody), "{}")


def case_body(case: Case) -> dict[str, Any]:
    """The case without its files' names; addresses are paths, right behind any proxy."""
    return {
        "id": case.id,
        "code": case.code,
        "source": case.source.slug,
        "patient_code": case.patient_hash[:8] or None,
        "view": case.view,
        "age": case.age,
        "sex": case.sex,
        "phantom": case.phantom,
        "under_18": None if case.age is None else case.age < ADULT_YEARS,
        "burned_in": case.burned_in_state,
        "width": case.width,
        "height": case.height,
        **geometry_body(case),
        "image_url": case_path("case-image", case.pk),
        "pixels_url": _pixels_url(case),
        "thumbnail_url": case_path("case-thumbnail", case.pk),
        "created_at": case.created_at,
    }


def draft_body(draft: Draft, version: int) -> dict[str, Any]:
    return {
        "id": draft.id,
        "version": version,
        "text": draft.text,
        "origin": draft.origin,
        "scrubbed": draft.scrubbed,
        "scrub_state": draft.scrub_state,
        "revises": draft.revises_id,
        "created_at": draft.created_at,
    }


def prior_body(prior: Prior | None) -> dict[str, Any] | None:
    """The study before, with what a person wrote of it: what a reader compares with."""
    if prior is None:
        return None
    case, draft = prior.case, prior.draft
    written = {"id": draft.id, "text": draft.text, "origin": draft.origin} if draft else None
    return {
        **{name: getattr(case, name) for name in ("id", "code", "view", "width", "height")},
        **geometry_body(case),
        "image_url": case_path("case-image", case.pk),
        "pixels_url": _pixels_url(case),
        "thumbnail_url": case_path("case-thumbnail", case.pk),
        "draft": written,
    }


def settled_body(rows: list[SettledLabel]) -> list[dict[str, Any]]:
    return [{"label": row.label, "state": row.state, "rule": row.rule} for row in rows]


def case_detail_body(case: Any) -> dict[str, Any]:
    return {
        **case_body(case),
        "drafts": [
            draft_body(draft, version) for version, draft in enumerate(case.seen_drafts, start=1)
        ],
        "audits": [
            {
                "id": audit.id,
                "state": audit.state,
                "created_at": audit.created_at,
                "draft": audit.draft_id,
            }
            for audit in case.seen_audits
        ],
    }

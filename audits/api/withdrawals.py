"""`/cases/{id}/withdraw` and `/withdrawals`: taking a case out for ever, and what is left of it."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import words
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators
from audits.models import Case, User, WithdrawalReason
from audits.selectors.withdrawals import standing_twins, visible_withdrawals
from audits.services.withdrawals import case_withdraw


class WithdrawalInput(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=words(WithdrawalReason))


class TwinSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()


class WithdrawalSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    content_sha256 = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.ChoiceField(choices=words(WithdrawalReason))
    withdrawn_at = serializers.DateTimeField()
    purged_at = serializers.DateTimeField(allow_null=True)
    same_pixels = TwinSerializer(many=True)


def withdrawal_body(case: Case, twins: list[Case]) -> dict[str, Any]:
    """``same_pixels`` are cases of other sources that still show the picture."""
    return {
        "id": case.id,
        "code": case.code,
        "content_sha256": case.pixels_sha256,
        "source": case.source.slug,
        "reason": case.withdrawn_for,
        "withdrawn_at": case.withdrawn_at,
        "purged_at": case.purged_at,
        "same_pixels": [{"id": twin.id, "code": twin.code} for twin in twins],
    }


class CaseWithdraw(APIView):
    permission_classes = [Curators]

    @extend_schema(
        operation_id="cases_withdraw", request=WithdrawalInput, responses=WithdrawalSerializer
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        asked = WithdrawalInput(data=request.data)
        asked.is_valid(raise_exception=True)
        case = case_withdraw(
            case_id=case_id,
            reason=WithdrawalReason(asked.validated_data["reason"]),
            actor=cast(User, request.user),
        )
        return Response(withdrawal_body(case, standing_twins([case])[case.pixels_sha256]))


class WithdrawalOrder(KeysetPagination):
    order = (("withdrawn_at", "desc"), ("id", "desc"))


class WithdrawalList(APIView):
    permission_classes = [Curators]

    @extend_schema(**page_schema("withdrawals_list", WithdrawalSerializer))
    def get(self, request: Request) -> Response:
        page = WithdrawalOrder()
        rows = page.paginate_queryset(visible_withdrawals(cast(User, request.user)), request)
        twins = standing_twins(list(rows))
        return page.get_paginated_response(
            [withdrawal_body(case, twins[case.pixels_sha256]) for case in rows]
        )


urlpatterns = [
    path("cases/<uuid:case_id>/withdraw", CaseWithdraw.as_view(), name="case-withdraw"),
    path("withdrawals", WithdrawalList.as_view(), name="withdrawals"),
]

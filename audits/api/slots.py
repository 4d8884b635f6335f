"""`/slots`: everything a reader does under a lease."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.claim_shapes import SubmittedSerializer, claim_body
from audits.api.slot_shapes import (
    CommitInput,
    CommittedSerializer,
    DecisionInput,
    DecisionSerializer,
    LeaseSerializer,
    MissedFindingInput,
    MissedFindingSerializer,
    SkipInput,
    SlotSerializer,
    SubmitInput,
    UndoInput,
    commit_body,
    decision_body,
    missed_body,
    slot_body,
)
from audits.errors import NotFound
from audits.models import BlindStep, Read, User
from audits.selectors.queues import claimable_queues
from audits.selectors.reads import visible_slots
from audits.services.blind import View, commit_step
from audits.services.leases import (
    claim_slot,
    extend_lease,
    reclaim_slot,
    release_slot,
    skip_slot,
)
from audits.services.reads import (
    Answer,
    Lease,
    remove_missed_finding,
    save_decision,
    save_missed_finding,
    submit_read,
    undo_decision,
)
from inference.decisions import Reason, Significance, Verdict
from inference.schema import Box
from inference.vocabulary import Label, State


class SlotView(APIView):
    """A view on one slot: its input is validated with the lease, the slot is never looked at."""

    def lease(self, request: Request, slot_id: uuid.UUID, given: dict[str, Any]) -> Lease:
        return Lease(
            slot_id=slot_id,
            reviewer=cast(User, request.user),
            token=given["lease_token"],
            fence=given["fence"],
        )

    def given(self, request: Request, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        filled = form(data=request.data)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)


class SlotDetail(SlotView):
    @extend_schema(responses=SlotSerializer)
    def get(self, request: Request, slot_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        slot = visible_slots(user).select_related("item", "queue").filter(pk=slot_id).first()
        if slot is None:
            raise NotFound("slot")
        read = slot.reads.filter(reviewer=user).order_by("-fence").first()
        assert read is not None, "visible_slots only gives slots with a read of this person"
        return Response(slot_body(slot, read, with_token=False))


class SlotHeartbeat(SlotView):
    @extend_schema(
        request=LeaseSerializer,
        responses=inline_serializer("LeaseEnd", {"expires_at": serializers.DateTimeField()}),
    )
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, LeaseSerializer)
        slot = extend_lease(
            slot_id=slot_id,
            reviewer=cast(User, request.user),
            token=given["lease_token"],
            fence=given["fence"],
        )
        return Response({"expires_at": slot.leased_until})


class SlotDecisions(SlotView):
    @extend_schema(
        request=DecisionInput, responses={200: DecisionSerializer, 201: DecisionSerializer}
    )
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, DecisionInput)
        decision, created = save_decision(
            lease=self.lease(request, slot_id, given), answer=_answer(given)
        )
        return Response(decision_body(decision), status=201 if created else 200)


def _answer(given: dict[str, Any]) -> Answer:
    box: Box | None = given["box"]
    return Answer(
        id=given["id"],
        flag_id=given["flag"],
        verdict=Verdict(given["verdict"]),
        reason=Reason(given["reason"]) if given["reason"] else None,
        significance=Significance(given["significance"]) if given["significance"] else None,
        box=box,
        comment=given["comment"],
        active_seconds=given["active_seconds"],
        seen=given["seen"],
        layers=given["layers"],
    )


class SlotMissedFindings(SlotView):
    @extend_schema(
        request=MissedFindingInput,
        responses={200: MissedFindingSerializer, 201: MissedFindingSerializer, 204: None},
    )
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, MissedFindingInput)
        lease = self.lease(request, slot_id, given)
        if given["remove"]:
            remove_missed_finding(lease=lease, finding_id=given["id"])
            return Response(status=204)
        missed, created = save_missed_finding(
            lease=lease,
            finding_id=given["id"],
            label=Label(given["label"]),
            box=given["box"],
            comment=given["comment"],
        )
        return Response(missed_body(missed), status=201 if created else 200)


class SlotCommit(SlotView):
    """The end of a step of a blind read."""

    @extend_schema(
        request=CommitInput, responses={200: CommittedSerializer, 201: CommittedSerializer}
    )
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, CommitInput)
        commit, created = commit_step(
            lease=self.lease(request, slot_id, given),
            commit_id=given["id"],
            step=BlindStep(given["step"]),
            view=_view(given),
            active_seconds=given["active_seconds"],
        )
        following = BlindStep.DRAFT if commit.step == BlindStep.IMAGE else BlindStep.FLAGS
        body = {**commit_body(commit), "next": following.value}
        return Response(body, status=201 if created else 200)


def _view(given: dict[str, Any]) -> View | None:
    if given["states"] is None:
        return None
    states = {Label(label): State(state) for label, state in given["states"].items()}
    return View(states, tuple((Label(one["label"]), one["box"]) for one in given["boxes"]))


class SlotUndo(SlotView):
    @extend_schema(
        request=UndoInput,
        responses=inline_serializer(
            "Undone", {"retracted": serializers.UUIDField(allow_null=True)}
        ),
    )
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, UndoInput)
        undone = undo_decision(
            lease=self.lease(request, slot_id, given), decision_id=given["decision"]
        )
        return Response({"retracted": undone.id if undone else None})


class SlotSubmit(SlotView):
    @extend_schema(request=SubmitInput, responses=SubmittedSerializer)
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, SubmitInput)
        read = submit_read(
            lease=self.lease(request, slot_id, given),
            nothing_else_missed=given["nothing_else_missed"],
        )
        following = self.claimed_next(read) if given["claim_next"] else None
        return Response({"read": read.id, "submitted_at": read.submitted_at, "next": following})

    def claimed_next(self, read: Read) -> dict[str, Any] | None:
        """The read is in, whatever becomes of this: submitted again, it is asked for again."""
        queue, reviewer = read.slot.queue, read.reviewer
        if not claimable_queues(reviewer).filter(pk=queue.pk).exists():
            return None
        return claim_body(claim_slot(queue=queue, reviewer=reviewer))


class SlotSkip(SlotView):
    @extend_schema(request=SkipInput, responses={204: None})
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, SkipInput)
        skip_slot(
            slot_id=slot_id,
            reviewer=cast(User, request.user),
            token=given["lease_token"],
            fence=given["fence"],
            reason=given["reason"],
        )
        return Response(status=204)


class SlotRelease(SlotView):
    @extend_schema(request=LeaseSerializer, responses={204: None})
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        given = self.given(request, LeaseSerializer)
        release_slot(
            slot_id=slot_id,
            reviewer=cast(User, request.user),
            token=given["lease_token"],
            fence=given["fence"],
        )
        return Response(status=204)


class SlotReclaim(SlotView):
    @extend_schema(request=None, responses=SlotSerializer)
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        claimed = reclaim_slot(slot_id=slot_id, reviewer=cast(User, request.user))
        return Response(slot_body(claimed.slot, claimed.read))


urlpatterns = [
    path("slots/<uuid:slot_id>", SlotDetail.as_view(), name="slot"),
    path("slots/<uuid:slot_id>/heartbeat", SlotHeartbeat.as_view(), name="slot-heartbeat"),
    path("slots/<uuid:slot_id>/decisions", SlotDecisions.as_view(), name="slot-decisions"),
    path(
        "slots/<uuid:slot_id>/missed-findings",
        SlotMissedFindings.as_view(),
        name="slot-missed-findings",
    ),
    path("slots/<uuid:slot_id>/commit", SlotCommit.as_view(), name="slot-commit"),
    path("slots/<uuid:slot_id>/undo", SlotUndo.as_view(), name="slot-undo"),
    path("slots/<uuid:slot_id>/submit", SlotSubmit.as_view(), name="slot-submit"),
    path("slots/<uuid:slot_id>/skip", SlotSkip.as_view(), name="slot-skip"),
    path("slots/<uuid:slot_id>/release", SlotRelease.as_view(), name="slot-release"),
    path("slots/<uuid:slot_id>/reclaim", SlotReclaim.as_view(), name="slot-reclaim"),
]

"""`/me/...`: one's own password, second factor and sessions. Never by a token."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.permissions import SignedIn
from audits.models import Experience, SecondFactor, User
from audits.services.account import experience_change, password_change, sessions_end
from audits.services.second_factor import factor_begin, factor_confirm, factor_remove
from audits.services.signin import check_code, check_password


class SecondFactorSerializer(serializers.Serializer[Any]):
    on = serializers.BooleanField()
    needed = serializers.BooleanField(help_text="Their role needs one on this platform.")
    recovery_codes_left = serializers.IntegerField()


class PasswordInput(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=500, trim_whitespace=False)


class NewPasswordInput(PasswordInput):
    new_password = serializers.CharField(max_length=500, trim_whitespace=False)


class CodeInput(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=20)


class NewSecondFactorSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(help_text="otpauth://..., for an authenticator app.")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Shown here and never again; each works once."
    )


class ExperienceSerializer(serializers.Serializer[Any]):
    experience = serializers.ChoiceField(choices=Experience.choices, allow_blank=True)


class OwnAccount(APIView):
    permission_classes = [SignedIn]
    before_second_factor = True


class MySecondFactor(OwnAccount):
    @extend_schema(operation_id="me_second_factor_retrieve", responses=SecondFactorSerializer)
    def get(self, request: Request) -> Response:
        user = cast(User, request.user)
        factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
        needed = settings.ADMINISTRATORS_NEED_SECOND_FACTOR and user.is_staff
        left = len(factor.recovery) if factor else 0
        return Response({"on": factor is not None, "needed": needed, "recovery_codes_left": left})

    @extend_schema(
        operation_id="me_second_factor_begin",
        request=PasswordInput,
        responses={201: NewSecondFactorSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new secret; it counts once `confirm` got a code made from it."""
        given = _given(PasswordInput, request)
        user = cast(User, request.user)
        check_password(request=request._request, user=user, **given)
        return Response({"address": factor_begin(user=user)}, status=201)


class ConfirmSecondFactor(OwnAccount):
    @extend_schema(
        operation_id="me_second_factor_confirm",
        request=CodeInput,
        responses=RecoveryCodesSerializer,
    )
    def post(self, request: Request) -> Response:
        codes = factor_confirm(user=cast(User, request.user), **_given(CodeInput, request))
        return Response({"recovery_codes": codes})


class RemoveSecondFactor(OwnAccount):
    @extend_schema(operation_id="me_second_factor_remove", request=CodeInput, responses={204: None})
    def post(self, request: Request) -> Response:
        user = cast(User, request.user)
        check_code(user=user, **_given(CodeInput, request))
        factor_remove(user=user, actor=user)
        return Response(status=204)


class MyPassword(OwnAccount):
    @extend_schema(
        operation_id="me_password_change", request=NewPasswordInput, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """This session goes on; those opened elsewhere are over."""
        given = _given(NewPasswordInput, request)
        user = cast(User, request.user)
        check_password(request=request._request, user=user, password=given["password"])
        password_change(user=user, password=given["new_password"])
        update_session_auth_hash(request._request, user)
        return Response(status=204)


class MyExperience(APIView):
    """Leaves in releases under a pseudonym, where enough of their readers say the same."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="me_experience_retrieve", responses=ExperienceSerializer)
    def get(self, request: Request) -> Response:
        return Response({"experience": cast(User, request.user).experience})

    @extend_schema(
        operation_id="me_experience_change",
        request=ExperienceSerializer,
        responses=ExperienceSerializer,
    )
    def put(self, request: Request) -> Response:
        given = _given(ExperienceSerializer, request)
        experience_change(user=cast(User, request.user), **given)
        return Response(given)


class SignOutElsewhere(OwnAccount):
    @extend_schema(operation_id="me_sign_out_elsewhere", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        user = cast(User, request.user)
        sessions_end(user=user)
        update_session_auth_hash(request._request, user)
        return Response(status=204)


def _given(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return cast(dict[str, Any], asked.validated_data)


urlpatterns = [
    path("me/second-factor", MySecondFactor.as_view(), name="my-second-factor"),
    path(
        "me/second-factor/confirm",
        ConfirmSecondFactor.as_view(),
        name="my-second-factor-confirm",
    ),
    path("me/second-factor/remove", RemoveSecondFactor.as_view(), name="my-second-factor-remove"),
    path("me/experience", MyExperience.as_view(), name="my-experience"),
    path("me/password", MyPassword.as_view(), name="my-password"),
    path("me/sign-out-elsewhere", SignOutElsewhere.as_view(), name="my-sign-out-elsewhere"),
]

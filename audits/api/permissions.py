"""Who may use a view at all, by role. Which objects they see is for `selectors`' ``visible_*``."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from audits.models import ApiToken, User


class Reviewers(BasePermission):
    """Everyone who may sign in: the rule where a view names none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, User) and request.user.is_active


class SignedIn(Reviewers):
    """Somebody at the page: a token, which may lie in a script, does not change its own person."""

    message = "This is for people who signed in by the page, not for tokens."

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and not isinstance(request.auth, ApiToken)


class Curators(Reviewers):
    """Curators, and administrators."""

    message = "This is for curators; ask an administrator for that role."

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, User) and request.user.curates


class Administrators(Reviewers):
    message = "This is for administrators."

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, User) and request.user.is_administrator


class CuratorsWrite(Curators):
    """Everyone looks, curators change."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return Reviewers().has_permission(request, view)
        return super().has_permission(request, view)


class AdministratorsWrite(Administrators):
    """Everyone looks, administrators change."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return Reviewers().has_permission(request, view)
        return super().has_permission(request, view)

"""The door of the Django admin."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from audits.models import User
from audits.services.second_factor import lacks_factor


class Administration(AdminSite):
    """As the API: an administrator who has to turn on a second factor first stays outside."""

    def has_permission(self, request: HttpRequest) -> bool:
        allowed = super().has_permission(request)
        return allowed and not (isinstance(request.user, User) and lacks_factor(request.user))

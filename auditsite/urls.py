"""Addresses: the API, the administration, two health questions, and the page for all the rest."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from audits.api import errors
from audits.site import health, page, ready

urlpatterns = [
    path("api/v1/", include("audits.api.urls")),
    # One door: passwords are checked, counted and followed by a second factor in one place.
    path("admin/login/", RedirectView.as_view(url="/?next=/admin/")),
    # Refused (404) where no provider is set up.
    path("sign-in/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("admin/", admin.site.urls),
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    re_path(r"^(?!api/|static/|admin/).*$", page, name="page"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

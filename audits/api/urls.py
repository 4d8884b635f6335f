"""Everything under ``/api/v1/``: each module brings the addresses of its own views."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from audits.api.errors import not_found

urlpatterns = [
    path("", include("audits.api.session")),
    path("", include("audits.api.account")),
    path("", include("audits.api.people")),
    path("", include("audits.api.tokens")),
    path("", include("audits.api.locks")),
    path("", include("audits.api.cases")),
    path("", include("audits.api.audits")),
    path("", include("audits.api.interop")),
    path("", include("audits.api.batches")),
    path("", include("audits.api.failures")),
    path("", include("audits.api.models")),
    path("", include("audits.api.comparisons")),
    path("", include("audits.api.watching")),
    path("", include("audits.api.queues")),
    path("", include("audits.api.assignments")),
    path("", include("audits.api.slots")),
    path("", include("audits.api.adjudications")),
    path("", include("audits.api.reads")),
    path("", include("audits.api.releases")),
    path("", include("audits.api.sources")),
    path("", include("audits.api.imports")),
    path("", include("audits.api.drafts")),
    path("", include("audits.api.withdrawals")),
    path("", include("audits.api.clearing")),
    path("", include("audits.api.catalogue")),
    path("", include("audits.api.audit_log")),
    path("", include("audits.api.webhooks")),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    re_path(r"", not_found),
]

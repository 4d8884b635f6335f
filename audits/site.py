"""What lies outside the API: the page, and two questions for whoever runs the process."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from audits.selectors.readiness import readiness

_NOT_BUILT = (
    "The page is not built yet. Run `make setup` (or `npm ci && npm run build` in frontend/) "
    "and start again. The API answers at /api/v1/."
)


@cache
def _index() -> bytes | None:
    path = Path(settings.FRONTEND_DIST) / "index.html"
    return path.read_bytes() if path.is_file() else None


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The one HTML file of the page; the address is read by its script."""
    html = _index()
    if html is None:
        return HttpResponse(_NOT_BUILT, content_type="text/plain; charset=utf-8", status=503)
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The process is alive."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """What this process needs is there: 200, or 503 with what is missing."""
    checks = readiness()
    fine = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": fine, "checks": checks}, status=200 if fine else 503)

"""What lies outside the API: the page, and two questions for whoever runs the process."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from audits.ahead import known_ahead
from audits.selectors.backends import loaded_here
from audits.selectors.readiness import backends_ready, readiness

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
    """The one HTML file of the page, with what its script would ask for first."""
    html = _index()
    if html is None:
        return HttpResponse(_NOT_BUILT, content_type="text/plain; charset=utf-8", status=503)
    response = HttpResponse(html.replace(b"<head>", b"<head>" + known_ahead(request).encode(), 1))
    # It holds somebody's name: Back after signing out must not bring it again.
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The process is alive, and which backends it can load itself; nobody else is asked."""
    return JsonResponse({"status": "ok", "backends": loaded_here()})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """What this process needs is there: 200, or 503 with what is missing.

    A backend without a worker does not make it 503: its audits wait for one.
    """
    checks = readiness()
    fine = all(check["ok"] for check in checks.values())
    backends = backends_ready() if checks["postgres"]["ok"] else {}
    body = {"ready": fine, "checks": checks, "backends": backends}
    return JsonResponse(body, status=200 if fine else 503)

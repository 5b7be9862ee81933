"""The suggestions of « Ville ou code postal »."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from renfort.territories.selectors import communes_matching

SHORTEST, LONGEST, MOST = 2, 60, 8


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def suggest(request: HttpRequest) -> HttpResponse:
    """The communes that a text being typed may mean (``q``), as JSON. At most three queries; the browser keeps it a day."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    communes = communes_matching(text, limit=MOST) if len(text) >= SHORTEST else []
    rows = [{"code": each.pk, "label": str(each), "detail": each.department.name} for each in communes]
    return JsonResponse({"communes": rows})

"""The suggestions of « Ville ou code postal » and of « Lieu »."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from renfort.territories.selectors import communes_matching, suggest_addresses
from renfort.territories.selectors.wording import LONGEST as LONGEST_ADDRESS

SHORTEST, LONGEST, MOST = 2, 60, 8
HOUR = 3600


@require_safe
@cache_control(public=True, max_age=24 * HOUR)
def suggest(request: HttpRequest) -> HttpResponse:
    """The communes that a text being typed may mean (``q``), as JSON. At most three queries; the browser keeps it a day."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    communes = communes_matching(text, limit=MOST) if len(text) >= SHORTEST else []
    rows = [{"code": each.pk, "label": str(each), "detail": each.department.name} for each in communes]
    return JsonResponse({"communes": rows})


@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """The addresses that a text being typed may mean (``q``), as JSON: at most eight, within two seconds (R6).

    ``answered`` is false when the address service is silent and the communes answer for it; such an answer is not kept.
    """
    text = request.GET.get("q", "").strip()[:LONGEST_ADDRESS]
    found = suggest_addresses(text) if len(text) >= SHORTEST else None
    rows = [each.plain() for each in found.rows] if found else []
    response = JsonResponse({"addresses": rows, "answered": found is None or found.answered})
    if found is None or found.answered:
        patch_cache_control(response, public=True, max_age=HOUR)
    else:
        add_never_cache_headers(response)
    return response

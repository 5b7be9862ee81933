"""« Règles sanitaires et directives »: what each domain asks, in one page (R2, R13)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.missions.selectors.mission import domains_with_rules


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every domain with its objective and its rules, as they are ticked today."""
    return render(request, "portal/rules.html", {"domains": domains_with_rules()})

"""« Mon espace »: leads each person to the place of their role."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


@login_required
def space(request: HttpRequest) -> HttpResponse:
    """Go straight to the only role, or let the person choose among several (P13)."""
    roles = list(getattr(getattr(request, "nav", None), "roles", None) or [])
    if len(roles) == 1:
        return redirect(roles[0].url)
    return render(request, "portal/space.html", {"roles": roles})

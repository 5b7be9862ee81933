"""« Mon espace »: leads each person to the place of their role."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from renfort.kernel.http import LAST_ROLE, Request, role_choices


@login_required
def space(request: Request) -> HttpResponse:
    """Go to the last used role (design decision 6), else to the only one, else let the person choose (P13)."""
    roles = role_choices(request.actor, request.session.get(LAST_ROLE, ""))
    known = [role for role in roles if role.active] or (roles if len(roles) == 1 else [])
    if known:
        return redirect(known[0].url)
    return render(request, "portal/space.html", {"roles": roles})

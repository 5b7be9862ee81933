"""« Mon espace »: leads each person to the place of the role used last."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renfort.kernel.http import ROLE_PAGES, Request, home_of, last_role
from renfort.organisations.enums import ScopeKind


@login_required
def space(request: HttpRequest) -> HttpResponse:
    """To the home of the last used role (P13); a person without a role yet is shown what can be done."""
    role = last_role(cast(Request, request))
    if role is not None:
        return redirect(home_of(role))
    return render(request, "portal/space.html")


@login_required
def short_form(request: HttpRequest, page: str) -> HttpResponse:
    """``/espace/missions/`` leads to the same page of the organisation used last (design decision 6).

    Raises:
        Http404: the person has no such page in any organisation.
    """
    known = cast(Request, request)
    roles = [
        held
        for held in known.actor.roles
        if held.scope_kind == ScopeKind.ORGANISATION
        and (pages := ROLE_PAGES.get((held.programme, held.role))) is not None
        and page in pages.sections
    ]
    if not roles:
        raise Http404
    last = last_role(known)
    scope = (last if last in roles else roles[0]).scope
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return redirect(f"/espace/{scope}/{page}/{query}")

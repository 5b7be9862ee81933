"""Pages of those who look after a territory: the referents, and the operator, who looks after all of them (R50, P13)."""

from __future__ import annotations

from django.http import Http404

from renfort.kernel.actors import Actor
from renfort.kernel.http import LAST_ROLE, Request, enter
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.selectors import is_operator


def enter_referent(request: Request) -> Actor:
    """Open a page as referent, over all departments of this person at once; 404 for anybody else."""
    return enter(request, Programme.RESERVE, Role.REFERENT, ScopeKind.DEPARTMENT)


def enter_overseer(request: Request) -> Actor:
    """Open a page as referent or as operator: of somebody who is both, in the role used last; 404 for anybody else."""
    over = [held for held in request.actor.roles if held.programme == Programme.RESERVE and held.role == Role.REFERENT]
    if is_operator(request.actor) and (not over or ":operator:" in request.session.get(LAST_ROLE, "")):
        return enter(request, Programme.PLATFORM, Role.OPERATOR)
    if not over:
        raise Http404
    return enter_referent(request)

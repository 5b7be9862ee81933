"""Pages of the head of a national network (R56, P13)."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.organisations.enums import Programme, Role, ScopeKind


def enter_network(request: Request, network: int) -> Actor:
    """Open a page as « superviseur » of the network that the path names; 404 for anybody else, an operator too."""
    return enter(request, Programme.RESERVE, Role.SUPERVISOR, ScopeKind.NETWORK, network)

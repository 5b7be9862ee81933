"""The operator's place of work (R58)."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.organisations.enums import Programme, Role


def enter_operator(request: Request) -> Actor:
    """Open a page as operator; 404 for anybody else."""
    return enter(request, Programme.PLATFORM, Role.OPERATOR)

"""Where the head of a national network starts, and the few places that this role needs (R42, R56)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import HeldRole
from renfort.kernel.http import ROLE_PAGES, MenuItem, Request, RolePages
from renfort.organisations.enums import Programme, Role


def network_home(held: HeldRole) -> str:
    return reverse("missions:network", args=[int(held.scope)])


def network_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Tableau de bord », and the lists of the network."""
    home = network_home(held)
    return [MenuItem(_("Tableau de bord"), home, active=request.path == home)]


ROLE_PAGES[Programme.RESERVE, Role.SUPERVISOR] = RolePages(network_home, network_menu)

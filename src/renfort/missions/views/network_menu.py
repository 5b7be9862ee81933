"""Where the head of a national network starts, and the five places that this role needs (R42, R56)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import HeldRole
from renfort.kernel.counting import count_all
from renfort.kernel.http import ROLE_PAGES, MenuItem, Request, RolePages
from renfort.notifications.selectors import unread_of
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors.memberships import claims_on

PLACES = (
    (_("Structures"), "missions:network-organisations"),
    (_("Missions"), "missions:network-missions"),
    (_("Participations"), "missions:network-participations"),
    (_("Modèles"), "missions:network-templates"),
)


def network_home(held: HeldRole) -> str:
    return reverse("missions:network", args=[int(held.scope)])


def network_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Tableau de bord », « Structures » with the claims that wait, « Missions », « Participations », « Modèles »."""
    home, network = network_home(held), int(held.scope)
    request.counted = count_all(claims=claims_on(network), unread=unread_of(request.actor.person_id))
    items = [MenuItem(_("Tableau de bord"), home, active=request.path == home)]
    for label, name in PLACES:
        url = reverse(name, args=[network])
        count = request.counted["claims"] if name.endswith("organisations") else None
        items.append(MenuItem(label, url, count=count, active=request.path.startswith(url)))
    return items


ROLE_PAGES[Programme.RESERVE, Role.SUPERVISOR] = RolePages(network_home, network_menu)

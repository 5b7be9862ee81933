"""Where each role of the réserve starts, and the few places it needs (R42)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import HeldRole
from renfort.kernel.counting import count_all
from renfort.kernel.http import ROLE_PAGES, MenuItem, Request, RolePages
from renfort.missions.selectors.mission import to_review_count
from renfort.missions.selectors.participation import pending_of, waiting_for
from renfort.notifications.selectors import unread_of
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import care_count, claims_count, pending_requests


def host_home(held: HeldRole) -> str:
    return reverse("missions:dashboard", args=[int(held.scope)])


def _count_head(request: Request, pending: QuerySet[Any], **others: QuerySet[Any]) -> None:
    """Count at once all that the head of a team's page shows. One query."""
    request.counted = count_all(pending=pending, unread=unread_of(request.actor.person_id), **others)


def host_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Tableau de bord », « Missions », « Participations » (who waits), « Ma structure »."""
    home = host_home(held)
    missions, participations = (
        reverse(f"missions:host-{kind}", args=[int(held.scope)]) for kind in ("missions", "participations")
    )
    own = reverse("organisations:own", args=[int(held.scope)])
    _count_head(request, pending_of(int(held.scope)), joining=pending_requests(int(held.scope)))
    return [
        MenuItem(_("Tableau de bord"), home, active=request.path == home),
        MenuItem(_("Missions"), missions, active=request.path.startswith(missions)),
        MenuItem(
            _("Participations"),
            participations,
            count=request.counted["pending"],
            active=request.path.startswith(participations),
        ),
        MenuItem(_("Ma structure"), own, active=request.path.startswith(own)),
    ]


def host_user_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Gérer votre équipe », with who asks to join (R42)."""
    team = reverse("organisations:team", args=[int(held.scope)])
    waiting = request.counted["joining"]
    return [MenuItem(_("Gérer votre équipe"), team, count=waiting, active=request.path.startswith(team), icon="people")]


def tutor_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Missions », and « Participations » with those of one's own missions that wait; no team, no « Ma structure » (R40)."""
    home = host_home(held)
    missions, participations = (
        reverse(f"missions:host-{kind}", args=[int(held.scope)]) for kind in ("missions", "participations")
    )
    acting = request.actor.in_role(held.key)
    if acting is not None:
        _count_head(request, waiting_for(acting))
    return [
        MenuItem(_("Tableau de bord"), home, active=request.path == home),
        MenuItem(_("Missions"), missions, active=request.path.startswith(missions)),
        MenuItem(
            _("Participations"),
            participations,
            count=request.counted.get("pending"),
            active=request.path.startswith(participations),
        ),
    ]


def tutor_user_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Quitter cette structure »: a manager finds it on the page of the team."""
    leave = reverse("organisations:leave", args=[int(held.scope)])
    return [MenuItem(_("Quitter cette structure"), leave, active=request.path == leave, icon="sign-out")]


def volunteer_home(held: HeldRole) -> str:
    return reverse("missions:volunteer-space")


def volunteer_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    space, search = volunteer_home(held), reverse("missions:public-list")
    others = [
        MenuItem(label, url, active=request.path.startswith(url))
        for label, url in (
            (_("Mes favoris"), reverse("missions:volunteer-favourites")),
            (_("Mes attestations"), reverse("missions:volunteer-papers")),
            (_("Mon agenda"), reverse("missions:volunteer-calendar")),
            (_("Mes données vues"), reverse("missions:volunteer-seen")),
        )
    ]
    is_here = request.path.startswith(space) and not any(item.active for item in others)
    return [
        MenuItem(_("Mes participations"), space, active=is_here),
        MenuItem(_("Trouver une mission"), search, active=request.path == search),
        *others,
    ]


def operator_home(held: HeldRole) -> str:
    return reverse("missions:operator-missions")


def operator_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    missions, settings = operator_home(held), reverse("missions:operator-settings")
    mail, care = reverse("notifications:outgoing-list"), reverse("organisations:care")
    networks, lists = reverse("organisations:memberships"), reverse("organisations:lists")
    return [
        MenuItem(_("Missions à relire"), missions, count=to_review_count(), active=request.path.startswith(missions)),
        MenuItem(_("Structures"), care, count=care_count(), active=request.path.startswith(care)),
        MenuItem(_("Réseaux"), networks, count=claims_count(), active=request.path.startswith(networks)),
        MenuItem(_("Courriels"), mail, active=request.path.startswith(mail)),
        MenuItem(_("Listes"), lists, active=request.path.startswith(lists)),
        MenuItem(_("Réglages"), settings, active=request.path.startswith(settings)),
    ]


ROLE_PAGES[Programme.RESERVE, Role.MANAGER] = RolePages(
    host_home, host_menu, host_user_menu, frozenset({"missions", "participations", "equipe", "structure"})
)
ROLE_PAGES[Programme.RESERVE, Role.MISSION_TUTOR] = RolePages(
    host_home, tutor_menu, tutor_user_menu, frozenset({"missions", "participations"})
)
ROLE_PAGES[Programme.RESERVE, Role.VOLUNTEER] = RolePages(volunteer_home, volunteer_menu)
ROLE_PAGES[Programme.PLATFORM, Role.OPERATOR] = RolePages(operator_home, operator_menu)

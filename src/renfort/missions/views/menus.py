"""Where each role of the réserve starts, and the few places it needs (R42)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor, HeldRole
from renfort.kernel.counting import count_all
from renfort.kernel.http import ROLE_PAGES, MenuItem, Request, RolePages
from renfort.missions.selectors.participation import pending_of, waiting_for
from renfort.missions.selectors.queue import mission_queue
from renfort.notifications.selectors import unread_of
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import claims_to_answer, orphan_requests, pending_requests
from renfort.organisations.selectors.queue import organisation_queue


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
        )
    ]
    seen = reverse("missions:volunteer-seen")  # in the menu of the person
    is_here = request.path.startswith(space) and not request.path.startswith(seen) and not any(item.active for item in others)
    return [
        MenuItem(_("Mes participations"), space, active=is_here),
        MenuItem(_("Trouver une mission"), search, active=request.path == search),
        *others,
    ]


def volunteer_user_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Mes données vues »: about oneself, as the profile is; the menu of the page keeps to five places (R35, R37)."""
    seen = reverse("missions:volunteer-seen")
    return [MenuItem(_("Mes données vues"), seen, active=request.path.startswith(seen), icon="eye")]


def referent_home(held: HeldRole) -> str:
    return reverse("missions:referent")


def referent_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Tableau de bord », « À valider » with what waits (R52), the lists of the territory, « Délégations » (R51, R65)."""
    home = referent_home(held)
    places = (
        (_("Structures"), "missions:referent-organisations"),
        (_("Missions"), "missions:referent-missions"),
        (_("Participations"), "missions:referent-participations"),
        (_("Délégations"), "organisations:delegations"),
    )
    return [
        MenuItem(_("Tableau de bord"), home, active=request.path == home),
        *_queues(request, request.actor.in_role(held.key)),
        *(MenuItem(label, reverse(name), active=request.path.startswith(reverse(name))) for label, name in places),
    ]


def _queues(request: Request, acting: Actor | None, **others: QuerySet[Any]) -> list[MenuItem]:
    """The two queues as one place: the missions, and the organisations on their tab."""
    if acting is None:
        return []
    request.counted = count_all(
        cases=mission_queue(acting), hosts=organisation_queue(acting), unread=unread_of(acting.person_id), **others
    )
    count = request.counted["cases"] + request.counted["hosts"]
    is_here = request.path.startswith("/referent/a-valider/")
    return [MenuItem(_("À valider"), reverse("missions:queue"), count=count, active=is_here)]


def operator_home(held: HeldRole) -> str:
    return reverse("portal:operator-home")


SETTINGS = (
    "operator-settings",
    "operator-sheet",
    "operator-domain",
    "operator-polic",
    "operator-template",
    "check",
    "lists",
    "entr",
)


def operator_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """Five places: « Accueil » leads to every tool; « À valider » and « Structures » say how many wait there."""
    home, settings, people = operator_home(held), reverse("portal:operator-settings"), reverse("portal:operator-people")
    hosts = (reverse("organisations:care"), reverse("organisations:memberships"))
    teams = (people, reverse("organisations:referents"), reverse("organisations:delegations"), "/operateur/agir/")
    page = (request.resolver_match.url_name or "") if request.resolver_match else ""
    queues = _queues(request, request.actor.in_role(held.key), care=orphan_requests(), claims=claims_to_answer())
    waiting = request.counted.get("care", 0) + request.counted.get("claims", 0)
    return [
        MenuItem(_("Accueil"), home, active=request.path == home),
        *queues,
        MenuItem(_("Structures"), hosts[0], count=waiting, active=request.path.startswith(hosts)),
        MenuItem(_("Personnes"), people, active=request.path.startswith(teams)),
        MenuItem(_("Réglages"), settings, active=page.startswith(SETTINGS)),
    ]


ROLE_PAGES[Programme.RESERVE, Role.MANAGER] = RolePages(
    host_home, host_menu, host_user_menu, frozenset({"missions", "participations", "equipe", "structure"})
)
ROLE_PAGES[Programme.RESERVE, Role.MISSION_TUTOR] = RolePages(
    host_home, tutor_menu, tutor_user_menu, frozenset({"missions", "participations"})
)
ROLE_PAGES[Programme.RESERVE, Role.VOLUNTEER] = RolePages(volunteer_home, volunteer_menu, volunteer_user_menu)
ROLE_PAGES[Programme.RESERVE, Role.REFERENT] = RolePages(referent_home, referent_menu)
ROLE_PAGES[Programme.PLATFORM, Role.OPERATOR] = RolePages(operator_home, operator_menu)

"""Where each role of the programme starts, and the few places it needs; no menu holds a place of another programme."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.civic_service.models import Establishment, HostProject
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.projects import projects_visible
from renfort.civic_service.selectors.review import queue_count
from renfort.kernel.actors import Actor, HeldRole
from renfort.kernel.http import ROLE_PAGES, MenuItem, Request, RolePages, enter
from renfort.organisations.enums import Programme, Role, ScopeKind

S = Programme.CIVIC_SERVICE
OF_ESTABLISHMENT = (Role.ESTABLISHMENT_LEAD, Role.SERVICE_TUTOR, Role.SERVICE_CO_TUTOR)  # the widest first


def establishment_home(held: HeldRole) -> str:
    return reverse("civic_service:establishment", args=[int(held.scope)])


def establishment_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Accueil » (what is mine to do first), « Projets », and what the role needs beside."""
    home = establishment_home(held)
    projects, record, team = f"{home}projets/", f"{home}fiche/", f"{home}equipe/"
    in_projects = request.path.startswith((projects, "/service-civique/projets/"))
    return [
        MenuItem(_("Accueil"), home, active=request.path == home),
        MenuItem(_("Projets"), projects, active=in_projects),
        MenuItem(_("Fiche"), record, active=request.path.startswith(record)),
        MenuItem(_("Équipe"), team, active=request.path.startswith(team)),
    ]


def manager_home(held: HeldRole) -> str:
    if held.scope_kind == ScopeKind.PLATFORM:
        return reverse("civic_service:national")
    return reverse("civic_service:manager", args=[int(held.scope)])


def manager_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """The case manager's places: what waits with its number, schools, campaigns; for the national ones the federations too."""
    home, here, federation = manager_home(held), request.path, [] if held.scope_kind == ScopeKind.PLATFORM else [int(held.scope)]
    schools, of_one = f"{home}etablissements/", reverse("civic_service:national").removesuffix("gestion/") + "etablissements/"
    acting = request.actor.in_role(held.key)
    waiting = queue_count(acting) if acting is not None else 0
    queue = reverse("civic_service:manager-queue" if federation else "civic_service:national-queue", args=federation)
    items = [
        MenuItem(_("Accueil"), home, active=here == home),
        MenuItem(_("Projets"), queue, count=waiting, active=here.startswith(f"{home}projets/")),
        MenuItem(_("Établissements"), schools, active=here.startswith((schools, of_one))),
    ]
    if held.scope_kind != ScopeKind.PLATFORM:
        campaigns = reverse("civic_service:manager-campaigns", args=[int(held.scope)])
        return [*items, MenuItem(_("Campagnes"), campaigns, active=here.startswith(campaigns))]
    campaigns, federations = reverse("civic_service:campaigns"), reverse("civic_service:federations")
    ruled = (campaigns, reverse("civic_service:approvals"), reverse("civic_service:figures"))
    return [
        *items,
        MenuItem(_("Campagnes"), campaigns, active=here.startswith(ruled)),
        MenuItem(_("Fédérations"), federations, active=here.startswith(federations)),
    ]


for role in OF_ESTABLISHMENT:
    ROLE_PAGES[S, role] = RolePages(establishment_home, establishment_menu)
ROLE_PAGES[S, Role.CASE_MANAGER] = RolePages(manager_home, manager_menu)


def enter_establishment(request: Request, organisation: int) -> tuple[Actor, Establishment]:
    """Open a page of an establishment as its « Référent », else as tutor, else as co-tutor (P13), with the establishment.

    Raises:
        Http404: the person holds none of these roles there; the page does not tell whether it exists.
    """
    for each in OF_ESTABLISHMENT:
        if request.actor.holds(S, each, ScopeKind.ORGANISATION, organisation):
            actor = enter(request, S, each, ScopeKind.ORGANISATION, organisation)
            found = establishments_visible(actor).filter(pk=organisation).first()
            if found is not None:
                return actor, found
    raise Http404


def enter_lead(request: Request, organisation: int) -> tuple[Actor, Establishment]:
    """Open a page that is its « Référent »'s alone.

    Raises:
        Http404: the person is not.
    """
    actor = enter(request, S, Role.ESTABLISHMENT_LEAD, ScopeKind.ORGANISATION, organisation)
    found = establishments_visible(actor).filter(pk=organisation).first()
    if found is None:
        raise Http404
    return actor, found


def enter_concerned(request: Request, organisation: int) -> tuple[Actor, Establishment]:
    """Open a page of an establishment for whoever works there, else as a case manager of its territory, else as a national one.

    Raises:
        Http404: the person is neither.
    """
    for each in OF_ESTABLISHMENT:
        if request.actor.holds(S, each, ScopeKind.ORGANISATION, organisation):
            return enter_establishment(request, organisation)
    for held in request.actor.roles:
        if held.programme == S and held.role == Role.CASE_MANAGER:
            acting = request.actor.in_role(held.key)
            found = establishments_visible(acting).filter(pk=organisation).first() if acting is not None else None
            if found is not None:
                return enter(request, S, Role.CASE_MANAGER, held.scope_kind, held.scope), found
    raise Http404


def enter_project(request: Request, pk: int) -> tuple[Actor, HostProject]:
    """Open the page of a host project as who works in its establishment, else as its case manager (P13), with the project.

    Raises:
        Http404: the person is neither; the page does not tell whether it exists.
    """
    known = HostProject.objects.filter(pk=pk).values_list("establishment", flat=True).first()
    for each in OF_ESTABLISHMENT:
        if known is not None and request.actor.holds(S, each, ScopeKind.ORGANISATION, known):
            actor = enter(request, S, each, ScopeKind.ORGANISATION, known)
            found = projects_visible(actor).filter(pk=pk).first()
            if found is not None:
                return actor, found
    for held in request.actor.roles if known is not None else ():
        if held.programme == S and held.role == Role.CASE_MANAGER:
            acting = request.actor.in_role(held.key)
            found = projects_visible(acting).filter(pk=pk).first() if acting is not None else None
            if found is not None:
                return enter(request, S, Role.CASE_MANAGER, held.scope_kind, held.scope), found
    raise Http404


def enter_manager(request: Request, federation: int | None = None) -> Actor:
    """Open a page of the case managers of a federation; of the national ones without it.

    Raises:
        Http404: the person is not one of them.
    """
    if federation is None:
        return enter(request, S, Role.CASE_MANAGER, ScopeKind.PLATFORM)
    return enter(request, S, Role.CASE_MANAGER, ScopeKind.ORGANISATION, federation)

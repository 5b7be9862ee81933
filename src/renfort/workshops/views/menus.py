"""Where each role of the programme starts, and the few places it needs; no menu holds a place of another programme."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor, HeldRole
from renfort.kernel.http import ROLE_PAGES, MenuItem, Request, RolePages, enter
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.workshops.models import Assignment
from renfort.workshops.selectors.assignment import assignments_visible, waiting_count
from renfort.workshops.selectors.fees import waiting_rounds

W = Programme.WORKSHOPS


def staff_home(held: HeldRole) -> str:
    return reverse("workshops:staff-home")


def staff_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Commandes », « Clients », « Animateur·ices », « Argent », « Satisfaction » (W11, W7)."""
    home = staff_home(held)
    clients, people = reverse("workshops:clients"), reverse("workshops:facilitators")
    money = reverse("workshops:money")
    satisfaction = (reverse("workshops:results"), reverse("workshops:questionnaires"))
    fees, rates = reverse("workshops:rounds"), reverse("workshops:rates")
    others = (clients, people, money, fees, rates, *satisfaction)
    return [
        MenuItem(_("Commandes"), home, active=request.path.startswith(home) and not request.path.startswith(others)),
        MenuItem(_("Clients"), clients, active=request.path.startswith(clients)),
        MenuItem(_("Animateur·ices"), people, active=request.path.startswith(people)),
        MenuItem(_("Argent"), money, count=waiting_rounds(), active=request.path.startswith((money, fees, rates))),
        MenuItem(_("Satisfaction"), satisfaction[0], active=request.path.startswith(satisfaction)),
    ]


def facilitator_home(held: HeldRole) -> str:
    return reverse("workshops:own-sessions")


def facilitator_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """The tabs of « Mon espace animateur·ice » (W12), with the opportunities that wait."""
    home, pros, compliance = facilitator_home(held), reverse("workshops:pros"), reverse("workshops:compliance")
    acting = request.actor.in_role(held.key)
    waiting = waiting_count(acting) if acting is not None else 0
    in_pros = request.path.startswith((pros, f"{home}opportunites/"))
    in_compliance = request.path.startswith(compliance)
    fees = reverse("workshops:own-fees")
    in_fees = request.path.startswith(fees)
    elsewhere = in_pros or in_compliance or in_fees
    return [
        MenuItem(_("Mes sessions"), home, active=request.path.startswith(home) and not elsewhere),
        MenuItem(_("Pros"), pros, count=waiting, active=in_pros),
        MenuItem(_("Conformité"), compliance, active=in_compliance),
        MenuItem(_("Rétributions"), fees, active=in_fees),
    ]


def coordinator_home(held: HeldRole) -> str:
    return reverse("workshops:coordination", args=[int(held.scope)])


def coordinator_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Mes missions » of this client (W2)."""
    return [MenuItem(_("Mes missions"), coordinator_home(held), active=True)]


def contact_home(held: HeldRole) -> str:
    return reverse("workshops:client-orders", args=[int(held.scope)])


def contact_menu(request: Request, held: HeldRole) -> list[MenuItem]:
    """« Mes commandes » of this client (W11)."""
    return [MenuItem(_("Mes commandes"), contact_home(held), active=True)]


ROLE_PAGES[W, Role.ASSOCIATION_STAFF] = RolePages(staff_home, staff_menu)
ROLE_PAGES[W, Role.FACILITATOR] = RolePages(facilitator_home, facilitator_menu)
ROLE_PAGES[W, Role.COORDINATOR] = RolePages(coordinator_home, coordinator_menu)
ROLE_PAGES[W, Role.CLIENT_CONTACT] = RolePages(contact_home, contact_menu)


def enter_staff(request: Request) -> Actor:
    """Open a page of the association."""
    return enter(request, W, Role.ASSOCIATION_STAFF)


def enter_facilitator(request: Request) -> Actor:
    """Open a page of « Mon espace animateur·ice »."""
    return enter(request, W, Role.FACILITATOR)


def enter_assignment(request: Request, pk: int) -> tuple[Actor, Assignment]:
    """Open the page of an assignment as who coordinates it, else as the association (P13), with the assignment.

    Raises:
        Http404: the person does neither; the page does not tell whether it exists.
    """
    if assignments := Assignment.objects.select_related("order").filter(pk=pk):
        known = assignments[0]
        client = known.order.client_id
        if known.coordinator_id == request.actor.person_id and request.actor.holds(
            W, Role.COORDINATOR, ScopeKind.ORGANISATION, client
        ):
            actor = enter(request, W, Role.COORDINATOR, ScopeKind.ORGANISATION, client)
        else:
            actor = enter_staff(request)
        found = assignments_visible(actor).filter(pk=pk).first()
        if found is not None:
            return actor, found
    raise Http404

"""Who is who in this programme, in the role in force. A role of another programme counts for nothing here."""

from __future__ import annotations

from django.db.models import Exists, Q, QuerySet

from renfort.civic_service.enums import PostRole
from renfort.civic_service.models import Federation, Route
from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant
from renfort.organisations.selectors import grants_in_force

S = Programme.CIVIC_SERVICE
POSTS = tuple(Role(str(each)) for each in PostRole)


def is_everything(actor: Actor) -> bool:
    """Whether the actor sees the whole programme: the national case manager, or the machine itself."""
    return actor.kind in ("clock", "service") or is_national(actor)


def is_national(actor: Actor) -> bool:
    """Whether the actor is a case manager of the national federation, who sees and decides everything (S5, S10)."""
    return actor.holds(S, Role.CASE_MANAGER, ScopeKind.PLATFORM, "")


def federations_managed(actor: Actor) -> list[int]:
    """The numbers of the federations for which the actor is a case manager."""
    return [int(scope) for scope in actor.scopes(S, [Role.CASE_MANAGER], ScopeKind.ORGANISATION)]


def is_case_manager(actor: Actor) -> bool:
    """Whether the actor manages cases, of a territory or of the whole country."""
    return is_national(actor) or bool(federations_managed(actor))


def establishments_led(actor: Actor) -> list[int]:
    """The numbers of the establishments of which the actor is « Référent » (S4)."""
    return _scopes(actor, Role.ESTABLISHMENT_LEAD)


def establishments_tutored(actor: Actor) -> list[int]:
    """Those where the actor is tutor or co-tutor."""
    return _scopes(actor, Role.SERVICE_TUTOR, Role.SERVICE_CO_TUTOR)


def _scopes(actor: Actor, *roles: Role) -> list[int]:
    return sorted({int(scope) for scope in actor.scopes(S, list(roles), ScopeKind.ORGANISATION)})


def leads(actor: Actor, establishment_id: int) -> bool:
    """Whether the actor is « Référent » of this establishment in the role in force."""
    return actor.holds(S, Role.ESTABLISHMENT_LEAD, ScopeKind.ORGANISATION, establishment_id)


# ── who manages what (S5: routing table; without a route, the national queue) ──────────────────────
def routed_to(federations: list[int], *, department: str) -> Q:
    """The rows whose department (named by its path, ``establishment__organisation__department``) is routed to one of these.

    A department without a route is the national federation's. No query of its own.
    """
    routes = Route.objects.filter(federation__in=federations)
    national = Federation.objects.filter(pk__in=federations, is_national=True)
    left_over = Q(Exists(national)) & ~Q(**{f"{department}__in": Route.objects.values("department")})
    return Q(**{f"{department}__in": routes.values("department")}) | left_over


def manages(actor: Actor, department: str | None) -> bool:
    """Whether the actor answers for a department as case manager: its federation's, or the national ones (S5).

    No query for the national ones and for who manages nothing, else one or two.
    """
    if is_national(actor):
        return True
    federations = federations_managed(actor)
    if not federations or department is None:
        return False
    found = federation_of(department)
    return found is not None and found.pk in federations


def federation_of(department: str) -> Federation | None:
    """The federation that manages a department: the route's, else the national one; None while there is none. Two queries."""
    route = Route.objects.select_related("federation__organisation").filter(department=department).first()
    if route is not None:
        return route.federation
    return Federation.objects.select_related("organisation").filter(is_national=True).first()


def case_managers_of(department: str) -> QuerySet[Grant]:
    """The case managers who answer for a department, with person and account; without a federation, the national ones."""
    held = grants_in_force().filter(programme=S, role=Role.CASE_MANAGER, person__account__is_active=True)
    found = federation_of(department)
    national = Q(scope_kind=ScopeKind.PLATFORM)
    if found is None or found.is_national:
        wanted = national if found is None else national | Q(organisation_id=found.pk)
    else:
        own = held.filter(organisation_id=found.pk)
        wanted = Q(organisation_id=found.pk) if own.exists() else national
    return held.filter(wanted).select_related("person__account").order_by("id")


def national_managers() -> QuerySet[Grant]:
    """The case managers of the whole country, with person and account."""
    held = grants_in_force().filter(programme=S, role=Role.CASE_MANAGER, scope_kind=ScopeKind.PLATFORM)
    return held.filter(person__account__is_active=True).select_related("person__account").order_by("id")


def leads_of(establishment_id: int) -> list[Grant]:
    """Who leads an establishment now, with person and account. One query."""
    held = grants_in_force().filter(programme=S, role=Role.ESTABLISHMENT_LEAD, organisation_id=establishment_id)
    return list(held.select_related("person__account").order_by("id"))


def is_of_establishment(person_id: int, establishment_id: int) -> bool:
    """Whether a person holds any role in an establishment: nobody decides on what is their own (C.14). One query."""
    held = grants_in_force().filter(person_id=person_id, programme=S, organisation_id=establishment_id)
    return held.exclude(role=Role.CASE_MANAGER).exists()

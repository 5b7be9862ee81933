"""Who is who: the actor of a person, the organisations somebody may know of."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from renfort.kernel.actors import ANONYMOUS, Actor, Area, HeldRole
from renfort.organisations.enums import TEAM, Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.parameters.selectors import is_open
from renfort.territories.selectors import departments_in_words, in_french_order


def grants_in_force() -> QuerySet[Grant]:
    """Grants that count now."""
    now = timezone.now()
    return Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now)


def actor_of(person_id: int | None) -> Actor:
    """The person with the roles held now, loaded once per request. One query."""
    if person_id is None:
        return ANONYMOUS
    grants = grants_in_force().filter(person_id=person_id).select_related("organisation", "network").order_by("id")
    return Actor(kind="person", person_id=person_id, roles=tuple(held_roles(grants)))


def held_roles(grants: Iterable[Grant]) -> list[HeldRole]:
    """The roles that these grants of one person give, in their order; those over departments are one role together."""
    roles: list[HeldRole] = []
    over: dict[tuple[str, str], list[Area]] = {}
    for grant in grants:
        if not is_open(grant.programme):
            continue  # a programme that the operator has closed gives no right to anybody
        if grant.scope_kind != ScopeKind.DEPARTMENT:
            roles.append(held_role(grant))
            continue
        if (grant.programme, grant.role) not in over:
            roles.append(held_role(grant))  # its place in the order
        over.setdefault((grant.programme, grant.role), []).append(Area(grant.scope, frozenset(grant.domains)))
    return [
        territory_role(each.programme, each.role, over[each.programme, each.role])
        if each.scope_kind == ScopeKind.DEPARTMENT
        else each
        for each in roles
    ]


def territory_role(programme: str, role: str, areas: Iterable[Area]) -> HeldRole:
    """One role over all the departments it was given for: « Référent · Gironde et Landes », « Référent · Bretagne » (R50)."""
    held = tuple(sorted(set(areas), key=lambda area: (in_french_order(area.department), sorted(area.domains))))
    label = f"{Role(role).label} · {departments_in_words(area.department for area in held)}"
    return HeldRole(programme=programme, role=role, scope_kind=ScopeKind.DEPARTMENT, scope="", label=label, areas=held)


def held_role(grant: Grant) -> HeldRole:
    """A grant as rules and headers read it; the scope is always written: « Responsable · Secours Bordeaux »."""
    role = Role(grant.role).label
    name = grant.organisation.name if grant.organisation is not None else ""
    if grant.network is not None:
        name = grant.network.label
    return HeldRole(
        programme=grant.programme, role=grant.role, scope_kind=grant.scope_kind, scope=grant.scope,
        label=f"{role} · {name}" if name else str(role), name=name,
    )  # fmt: skip


def organisations_managed(actor: Actor) -> QuerySet[Organisation]:
    """The organisations of which the actor is « responsable » in the réserve."""
    scopes = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    return Organisation.objects.filter(pk__in=[int(scope) for scope in scopes])


def members_of(organisation_id: int) -> QuerySet[Grant]:
    """The team of one organisation, « responsables » and « tuteurs », with person and account, in the order they came (R40)."""
    return (
        grants_in_force()
        .filter(organisation_id=organisation_id, programme=Programme.RESERVE, role__in=TEAM)
        .select_related("person__account")
        .order_by("id")
    )


def managers_of(organisation_id: int) -> QuerySet[Grant]:
    """The « responsables » of one organisation, with person and account, in the order they came."""
    return members_of(organisation_id).filter(role=Role.MANAGER)


def able_managers_of(organisation_id: int) -> QuerySet[Grant]:
    """The « responsables » who can sign in: whoever's account the operator closed looks after nothing."""
    return managers_of(organisation_id).filter(person__account__is_active=True)


def is_managed(organisation_id: int, row: object = None) -> bool:
    """Whether somebody looks after the organisation: as annotated on ``row`` (``is_managed``), else one query."""
    annotated = getattr(row, "is_managed", None)
    return bool(annotated) if annotated is not None else able_managers_of(organisation_id).exists()


def operators() -> QuerySet[Grant]:
    """Who runs the platform, with person and account."""
    held = grants_in_force().filter(programme=Programme.PLATFORM, role=Role.OPERATOR)
    return held.select_related("person__account").order_by("id")


def ever_members_of(organisation_id: int) -> QuerySet[Grant]:
    """Who is or was of the team: the history names colleagues who have left."""
    held = Grant.objects.filter(organisation_id=organisation_id, programme=Programme.RESERVE, role__in=TEAM)
    return held.select_related("person").order_by("id")


def is_member(person_id: int, organisation_id: int) -> str:
    """The role that the person holds in the organisation's team now, read anew; "" when there is none. One query."""
    return members_of(organisation_id).filter(person_id=person_id).values_list("role", flat=True).first() or ""


def is_operator(actor: Actor) -> bool:
    """Whether the actor runs the platform."""
    return actor.holds(Programme.PLATFORM, Role.OPERATOR)


def organisation_managed(actor: Actor, pk: int) -> Organisation | None:
    """One organisation of which the actor is « responsable », with all that its page shows; None when it is not. Two queries."""
    managed = (
        organisations_managed(actor).filter(pk=pk).select_related("legal_status", "type", "subtype", "department", "commune")
    )
    return managed.prefetch_related("agreements").first()

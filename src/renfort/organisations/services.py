"""Verbs on organisations and roles."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What an organisation says of itself (R5, R6); ``commune`` is an INSEE code when the place is a known commune."""

    name: str
    legal_status: str
    description: str
    city: str
    department: str
    address: str = ""
    postcode: str = ""
    commune: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def open_organisation(*, actor: Actor, person: Person, facts: OrganisationFacts) -> Organisation:
    """Register an organisation; ``person`` becomes its first manager (R2)."""
    with transaction.atomic():
        organisation = Organisation.objects.create(
            name=facts.name,
            legal_status=facts.legal_status,
            description=facts.description,
            address=facts.address,
            postcode=facts.postcode,
            city=facts.city,
            commune_id=facts.commune,
            department_id=facts.department,
            latitude=facts.latitude,
            longitude=facts.longitude,
        )
        publish("organisations.organisation.open", organisation, actor=actor)
        give_role(actor=actor, person=person, programme=Programme.RESERVE, role=Role.MANAGER, organisation=organisation)
    return organisation


def give_role(
    *,
    actor: Actor,
    person: Person,
    programme: str,
    role: str,
    organisation: Organisation | None = None,
    department: str | None = None,
) -> Grant:
    """Give a person a role from now on; a role already held is returned as it is."""
    kind, scope = ScopeKind.PLATFORM, ""
    if organisation is not None:
        kind, scope = ScopeKind.ORGANISATION, str(organisation.pk)
    elif department is not None:
        kind, scope = ScopeKind.DEPARTMENT, department
    with transaction.atomic():
        grant, is_new = Grant.objects.get_or_create(
            person=person,
            programme=programme,
            role=role,
            scope_kind=kind,
            scope=scope,
            valid_until=None,
            defaults={"organisation": organisation, "given_by_id": actor.person_id},
        )
        if is_new:
            publish("organisations.grant.give", grant, actor=actor, codes={"role": role, "scope": f"{kind}:{scope}"})
    return grant

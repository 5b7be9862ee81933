"""Verbs on roles."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.messages import Message
from renfort.organisations.enums import ScopeKind
from renfort.organisations.models import Grant, Network, Organisation
from renfort.people.models import Person


def give_role(
    *,
    actor: Actor,
    person: Person,
    programme: str,
    role: str,
    organisation: Organisation | None = None,
    department: str | None = None,
    network: Network | None = None,
) -> Grant:
    """Give a person a role from now on; a role already held is returned as it is."""
    kind, scope = ScopeKind.PLATFORM, ""
    if organisation is not None:
        kind, scope = ScopeKind.ORGANISATION, str(organisation.pk)
    elif department is not None:
        kind, scope = ScopeKind.DEPARTMENT, department
    elif network is not None:
        kind, scope = ScopeKind.NETWORK, str(network.pk)
    with transaction.atomic():
        grant, is_new = Grant.objects.get_or_create(
            person=person,
            programme=programme,
            role=role,
            scope_kind=kind,
            scope=scope,
            valid_until=None,
            defaults={
                "organisation": organisation,
                "department_id": department,
                "network": network,
                "given_by_id": actor.person_id,
            },
        )
        if is_new:
            publish("organisations.grant.give", grant, actor=actor, codes={"role": role, "scope": f"{kind}:{scope}"})
    return grant


def end_role(*, actor: Actor, grant: Grant, why: str, tells: tuple[Message[Grant], ...] = ()) -> None:
    """End a role now: every page asks at each request, so that open sessions lose its rights at once. The row is kept.

    ``why`` is a code for the history: ``removed``, ``left``, ``role``, ``organisation_left``. Call it in a transaction.
    """
    grant.valid_until = timezone.now()
    grant.save(update_fields=["valid_until"])
    codes: dict[str, Plain] = {"role": grant.role, "scope": f"{grant.scope_kind}:{grant.scope}", "why": why}
    publish("organisations.grant.end", grant, actor=actor, codes=codes, tells=tells)

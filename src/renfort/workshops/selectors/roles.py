"""Who is who in this programme, in the role in force. A role of another programme counts for nothing here."""

from __future__ import annotations

from django.db.models import QuerySet

from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant
from renfort.organisations.selectors import grants_in_force

W = Programme.WORKSHOPS


def is_staff(actor: Actor) -> bool:
    """Whether the actor works for the association that sells and organises sessions (W11)."""
    return actor.holds(W, Role.ASSOCIATION_STAFF)


def is_facilitator(actor: Actor) -> bool:
    """Whether the actor leads sessions (W12)."""
    return actor.holds(W, Role.FACILITATOR)


def clients_coordinated(actor: Actor) -> list[int]:
    """The numbers of the client organisations for which the actor coordinates."""
    return [int(scope) for scope in actor.scopes(W, [Role.COORDINATOR], ScopeKind.ORGANISATION)]


def is_everybody(actor: Actor) -> bool:
    """Whether the actor is the machine itself, which sees all."""
    return actor.kind in ("clock", "service")


def staff() -> QuerySet[Grant]:
    """Those who work for the association now, with person and account."""
    held = grants_in_force().filter(programme=W, role=Role.ASSOCIATION_STAFF, person__account__is_active=True)
    return held.select_related("person__account").order_by("id")

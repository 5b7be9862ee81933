"""What the head of a national network may know of: the organisations whose claim was confirmed, and no other (R5, R56)."""

from __future__ import annotations

from django.db.models import Q

from renfort.kernel.actors import Actor
from renfort.organisations.enums import MembershipState, Programme, Role, ScopeKind
from renfort.organisations.models import NetworkMembership


def networks_supervised(actor: Actor) -> list[int]:
    """The numbers of the networks of which the actor is « superviseur », in the role in force."""
    return [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.SUPERVISOR], ScopeKind.NETWORK)]


def supervised(actor: Actor, *, organisation: str = "organisation") -> Q:
    """A filter on the rows of the organisations that the actor supervises; ``rules.supervises`` asks of one network. No query.

    ``organisation`` is the path from the row to the key of its organisation (``"pk"`` for organisations themselves,
    ``"mission__organisation"``). Only confirmed memberships count: a claim gives no visibility, and one that was refused or
    has ended takes it back at once. Everybody but a supervisor sees nothing here, the operator too.
    """
    networks = networks_supervised(actor)
    if not networks:
        return Q(pk__in=[])
    confirmed = NetworkMembership.objects.filter(network_id__in=networks, state=MembershipState.CONFIRMED)
    return Q(**{f"{organisation}__in": confirmed.order_by().values("organisation")})

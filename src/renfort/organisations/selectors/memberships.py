"""Which networks an organisation belongs to, and which claims wait."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.organisations.enums import MembershipState, Programme, Role, ScopeKind
from renfort.organisations.models import Network, NetworkMembership, Organisation
from renfort.organisations.selectors.roles import is_operator
from renfort.organisations.selectors.supervision import networks_supervised


def confirmed_networks(organisation: Organisation) -> list[Network]:
    """The networks that everybody may see beside an organisation: those confirmed, never those only claimed (R5). One query."""
    held = Network.objects.filter(memberships__organisation=organisation, memberships__state=MembershipState.CONFIRMED)
    return list(held)


def memberships_of(organisation: Organisation) -> QuerySet[NetworkMembership]:
    """Every claim of an organisation, for its own managers, in the order of the list."""
    held = NetworkMembership.objects.filter(organisation=organisation).select_related("network")
    return held.order_by("network__position", "network_id")


def memberships_visible(actor: Actor) -> QuerySet[NetworkMembership]:
    """The claims that the actor may know of: the operator all, a supervisor the network's, a manager the organisation's."""
    memberships = NetworkMembership.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return memberships
    hosts = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    return memberships.filter(
        Q(organisation_id__in=[int(scope) for scope in hosts]) | Q(network_id__in=networks_supervised(actor))
    )


def claims_on(network: int) -> QuerySet[NetworkMembership]:
    """The claims to be of a network that wait for an answer, of organisations that are on the platform, the oldest first."""
    waiting = NetworkMembership.objects.filter(network_id=network, state=MembershipState.CLAIMED, organisation__left_at=None)
    return waiting.order_by("created_at", "id")


def membership_in(network: int, organisation: int) -> NetworkMembership | None:
    """What an organisation is to a network, whatever the state. One query."""
    found = NetworkMembership.objects.filter(network_id=network, organisation_id=organisation)
    return found.select_related("network", "organisation").first()


def claims_to_answer() -> QuerySet[NetworkMembership]:
    """The claims that wait for an answer."""
    return NetworkMembership.objects.filter(state=MembershipState.CLAIMED)

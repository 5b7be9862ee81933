"""What the head of a national network may know of: the organisations whose claim was confirmed, and no other (R5, R56)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.kernel.words import has_word, typed_words
from renfort.organisations.enums import MembershipState, Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Network, NetworkMembership
from renfort.organisations.selectors.roles import grants_in_force


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


def supervisors_of(network: int) -> QuerySet[Grant]:
    """Who is « superviseur » of a network now, with person and account, in the order they came."""
    held = grants_in_force().filter(programme=Programme.RESERVE, role=Role.SUPERVISOR, network_id=network)
    return held.select_related("person__account").order_by("id")


def network_names(numbers: list[int]) -> dict[int, str]:
    """The names of these networks, in the reader's language. One query; none for none."""
    return {each.pk: each.label for each in Network.objects.filter(pk__in=numbers)} if numbers else {}


def supervised_networks(organisations: Iterable[int]) -> dict[int, list[str]]:
    """The confirmed networks that somebody heads now, by organisation: who else reads its volunteers' data (R37). One query."""
    wanted = list(organisations)
    if not wanted:
        return {}
    headed = grants_in_force().filter(programme=Programme.RESERVE, role=Role.SUPERVISOR, network__isnull=False)
    held = NetworkMembership.objects.filter(
        organisation_id__in=wanted, state=MembershipState.CONFIRMED, network__in=headed.values("network")
    )
    found: dict[int, list[str]] = {}
    for each in held.select_related("network").order_by("network__position", "network_id"):
        found.setdefault(each.organisation_id, []).append(each.network.label)
    return found


def supervisors_named(words: str) -> list[Grant]:
    """Who is « superviseur » of which network now, by network; those whose name or network has the words. One query."""
    held = grants_in_force().filter(programme=Programme.RESERVE, role=Role.SUPERVISOR, network__isnull=False)
    for word in typed_words(words):
        held = held.filter(has_word("person__search_name", word) | Q(network__label_fr__icontains=word))
    return list(held.select_related("person__account", "network").order_by("network__position", "network_id", "id"))

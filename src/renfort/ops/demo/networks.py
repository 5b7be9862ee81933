"""The demonstration's national network: organisations that are of it, some that only say so, and who heads it (R5, R56)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from renfort.kernel.actors import HeldRole
from renfort.ops.demo.hosts import ASSOCIATION, Host, role_key
from renfort.ops.demo.rows import reserve
from renfort.ops.demo.story import Story
from renfort.organisations.enums import MembershipState, Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Network, NetworkMembership
from renfort.people.models import Person

NETWORK = "croix-rouge"  # the key in the operator's list
EVERY = 2  # one association in two is of the network…
WAITING, REFUSED = 4, 1  # …but the last ones, which wait for an answer, and one that was refused; fewer among few
ASKED = timedelta(days=1, hours=5)  # between two claims that wait
S = MembershipState


def heads(person: Person) -> Grant:
    """The role of head of the network, held since the person came."""
    network = Network.objects.get(key=NETWORK)
    return Grant(
        person=person, programme=Programme.RESERVE.value, role=Role.SUPERVISOR.value, scope_kind=ScopeKind.NETWORK.value,
        scope=str(network.pk), network=network, valid_from=person.created_at,
    )  # fmt: skip


def memberships(hosts: Sequence[Host], head: Person, story: Story, now: datetime) -> list[NetworkMembership]:
    """Who is of the network, who was refused, who waits; each with the history that leads there."""
    network = Network.objects.filter(key=NETWORK).first()
    chosen = [host for host in hosts if host.facts.status == ASSOCIATION][::EVERY]
    if network is None or not chosen:
        return []
    waiting, refused = min(WAITING, len(chosen) // 3), min(REFUSED, len(chosen) // 5)
    states = [S.CONFIRMED] * (len(chosen) - waiting - refused) + [S.REFUSED] * refused + [S.CLAIMED] * waiting
    role = HeldRole(
        programme=Programme.RESERVE.value, role=Role.SUPERVISOR.value, scope_kind=ScopeKind.NETWORK.value, scope=str(network.pk)
    ).key
    made = []
    for place, (host, state, pk) in enumerate(zip(chosen, states, reserve(NetworkMembership, len(chosen)), strict=True)):
        waits = state == S.CLAIMED
        claimed = now - ASKED * (len(chosen) - place) if waits else host.organisation.created_at + timedelta(minutes=5)
        decided = None if waits else claimed + timedelta(days=2)
        one = NetworkMembership(
            pk=pk, organisation=host.organisation, network=network, state=state, claimed_by=host.manager, created_at=claimed,
            decided_at=decided, decided_by=None if waits else head, version=1 if waits else 2,
        )  # fmt: skip
        made.append(one)
        codes = {"network": network.key, "organisation": host.organisation.pk}
        manager = role_key(Role.MANAGER, organisation=host.organisation.pk)
        story.tell(
            one, "organisations.networkmembership.claim", claimed, role=manager, actor=host.manager.pk, after=S.CLAIMED,
            codes=codes,
        )  # fmt: skip
        if decided is not None:
            verb = "confirm" if state == S.CONFIRMED else "refuse"
            texts = {} if state == S.CONFIRMED else {"reasons": "Nous ne connaissons pas encore cette structure."}
            story.tell(
                one, f"organisations.networkmembership.{verb}", decided, role=role, actor=head.pk, before=S.CLAIMED,
                after=state, texts=texts,
            )  # fmt: skip
    return made

"""Organisations, roles, and the actors that rules ask about."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from tests.factories.people import account, person

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.organisations.enums import InvitationState, JoinState, MembershipState, OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models import (
    BranchInvitation,
    Delegation,
    Draft,
    Grant,
    Invitation,
    JoinRequest,
    Merge,
    Network,
    NetworkMembership,
    Organisation,
    ReferentInvitation,
)
from renfort.organisations.selectors import actor_of, digest_of
from renfort.organisations.selectors.merges import access_of
from renfort.organisations.services.branches import BranchFacts, invite_branch
from renfort.organisations.services.delegations import DelegationFacts, delegate
from renfort.organisations.services.referents import appoint
from renfort.organisations.services.roles import give_role
from renfort.people.models import Person

_numbers = count(1)


def organisation(**facts: Any) -> Organisation:
    """An association in Bordeaux, validated long ago."""
    given = {
        "name": f"Secours {next(_numbers)}",
        "legal_status_id": "association",
        "description": "Nous aidons nos voisins.",
        "address": "3 rue Sainte-Catherine",
        "postcode": "33000",
        "city": "Bordeaux",
        "department_id": "33",
        "state": OrganisationState.VALIDATED,
    }
    if facts.get("left_at"):
        given["state"] = OrganisationState.UNSUBSCRIBED
    return Organisation.objects.create(**{**given, **facts})


def grant(someone: Person, programme: str, role: str, where: Organisation | None = None, **facts: Any) -> Grant:
    """A role, on an organisation or on the platform."""
    kind, scope = (ScopeKind.ORGANISATION, str(where.pk)) if where else (ScopeKind.PLATFORM, "")
    return Grant.objects.create(
        person=someone, programme=programme, role=role, scope_kind=kind, scope=scope, organisation=where, **facts
    )


def manager(where: Organisation | None = None, **facts: Any) -> Person:
    """A « responsable » with an account; of a new organisation when none is given."""
    someone = account(person(**facts)).person
    grant(someone, Programme.RESERVE, Role.MANAGER, where or organisation())
    return someone


def tutor(where: Organisation | None = None, **facts: Any) -> Person:
    """A « tuteur » with an account; of a new organisation when none is given."""
    someone = account(person(**facts)).person
    grant(someone, Programme.RESERVE, Role.MISSION_TUTOR, where or organisation())
    return someone


def volunteer(**facts: Any) -> Person:
    """A « bénévole » with an account."""
    someone = account(person(**facts)).person
    grant(someone, Programme.RESERVE, Role.VOLUNTEER)
    return someone


def operator(**facts: Any) -> Person:
    """An operator with an account."""
    someone = account(person(**facts)).person
    grant(someone, Programme.PLATFORM, Role.OPERATOR)
    return someone


def referent(*departments: str, **facts: Any) -> Person:
    """A « référent » with an account, of Gironde when no department is given."""
    someone = account(person(**facts)).person
    appoint(actor=SERVICE, person=someone, function="Déléguée à la vie associative", codes=departments or ("33",))
    return someone


def supervisor(key: str = "croix-rouge", **facts: Any) -> Person:
    """A « superviseur » of a national network, with an account (R56)."""
    someone = account(person(**facts)).person
    network = Network.objects.get(key=key)
    give_role(actor=SERVICE, person=someone, programme=Programme.RESERVE, role=Role.SUPERVISOR, network=network)
    return someone


def delegation(giver: Person, receiver: Person, *departments: str, days: int = 5) -> Delegation:
    """What a referent lends another from today on."""
    today = timezone.localdate()
    facts = DelegationFacts(departments=departments, starts_on=today, ends_on=today + timedelta(days=days), receiver=receiver)
    return delegate(actor=actor_of(giver.pk), facts=facts)


def referent_invitation(*, by: Person, token: str = "b-token", **facts: Any) -> ReferentInvitation:
    """Somebody is invited to be referent of Dordogne, with a link that the test knows."""
    now = timezone.now()
    given = {
        "first_name": "Nadia",
        "last_name": "Nouvelle",
        "email": "nadia@example.org",
        "function": "Déléguée",
        "departments": ["24"],
        "digest": digest_of(token),
        "invited_by": by,
        "sent_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=14),
    }
    made = ReferentInvitation.objects.create(**{**given, **facts})
    record(Event(name="organisations.referentinvitation.send", obj=made, actor=SERVICE, at=now, after=str(made.state)))
    return made


def branch_invitation(*, by: Person, token: str = "d-token", **facts: Any) -> BranchInvitation:
    """A network invites a branch (R56), with a link that the test knows; ``by`` heads it."""
    held = next(each for each in actor_of(by.pk).roles if each.role == Role.SUPERVISOR)
    given = BranchFacts(name=f"Antenne {next(_numbers)}", email="antenne@example.org", department="33", city="Pessac")
    made = invite_branch(
        actor=actor_of(by.pk), network=int(held.scope), facts=given, asked=facts["asked"].pk if "asked" in facts else None
    )
    made.digest = digest_of(token)
    made.save(update_fields=["digest"])
    return made


def actor(someone: Person) -> Actor:
    """The person with all roles held now."""
    return actor_of(someone.pk)


def as_manager(where: Organisation) -> Actor:
    """Some « responsable » of the organisation, as actor: the first one, made when there is none."""
    held = Grant.objects.filter(organisation=where, role=Role.MANAGER, valid_until=None).select_related("person").first()
    return actor(held.person if held else manager(where))


def as_operator() -> Actor:
    """Some operator, as actor."""
    return actor(operator())


def draft(someone: Person, **facts: Any) -> Draft:
    """An organisation on its way in, whose first step was answered."""
    return Draft.objects.create(person=someone, **{"you_at": timezone.now(), **facts})


def join_request(where: Organisation, someone: Person | None = None, *, state: str = JoinState.PENDING) -> JoinRequest:
    """Somebody asks to join an organisation."""
    decided = None if state == JoinState.PENDING else timezone.now()
    made = JoinRequest.objects.create(
        organisation=where, person=someone or account(person()).person, state=state, decided_at=decided
    )
    record(Event(name="organisations.joinrequest.ask", obj=made, actor=SERVICE, at=timezone.now(), after=str(state)))
    return made


def invitation(
    where: Organisation, *, by: Person | None = None, token: str = "a-token", state: str = InvitationState.SENT, **facts: Any
) -> Invitation:
    """Somebody is invited as « tuteur » into a team, with a link that the test knows."""
    now = timezone.now()
    given = {
        "role": Role.MISSION_TUTOR,
        "first_name": "Nadia",
        "last_name": "Nouvelle",
        "email": "nadia@example.org",
        "digest": digest_of(token),
        "invited_by_id": by.pk if by else as_manager(where).person_id,
        "sent_at": now,
        "expires_at": now + timedelta(days=14),
        "ended_at": None if state == InvitationState.SENT else now,
    }
    made = Invitation.objects.create(organisation=where, state=state, **{**given, **facts})
    record(Event(name="organisations.invitation.send", obj=made, actor=SERVICE, at=now, after=str(state)))
    return made


def membership(where: Organisation, key: str = "croix-rouge", *, state: str = MembershipState.CLAIMED) -> NetworkMembership:
    """An organisation says that it is of a national network."""
    decided = None if state == MembershipState.CLAIMED else timezone.now()
    network = Network.objects.get(key=key)
    made = NetworkMembership.objects.create(organisation=where, network=network, state=state, decided_at=decided)
    record(Event(name="organisations.networkmembership.claim", obj=made, actor=SERVICE, at=timezone.now(), after=str(state)))
    return made


def merge(kept: Organisation, absorbed: Organisation, *, by: Person, **facts: Any) -> Merge:
    """Somebody has proposed to merge two organisations, and nobody has agreed yet."""
    given = {"access": access_of(kept.pk, absorbed.pk).digest, "expires_at": timezone.now() + timedelta(days=30)}
    made = Merge.objects.create(kept=kept, absorbed=absorbed, proposed_by=by, **{**given, **facts})
    record(Event(name="organisations.merge.propose", obj=made, actor=SERVICE, at=timezone.now(), after=str(made.state)))
    return made

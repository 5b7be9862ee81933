"""What organisations and roles do when something happens below or here: roles follow what people signed up for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from renfort.kernel.events import Event
from renfort.kernel.firing import Refused
from renfort.organisations.enums import TEAM, InvitationState, Programme, Role
from renfort.organisations.models import (
    BranchInvitation,
    Delegation,
    Grant,
    Invitation,
    JoinRequest,
    NetworkMembership,
    Organisation,
    ReferentInvitation,
)
from renfort.organisations.selectors import is_member
from renfort.organisations.services import accept_invitation, give_role
from renfort.organisations.services.branches import BRANCH_INTENT, accept_branch, confirm_invited_claim
from renfort.organisations.services.cases import free_case, release_cases_of
from renfort.organisations.services.checks import check_organisations
from renfort.organisations.services.directory import ask_directory, directory_is_on
from renfort.organisations.services.referents import REFERENT_INTENT, accept_referent, home_after
from renfort.organisations.services.team import INVITATION_INTENT, home_in_team
from renfort.people.enums import Joins
from renfort.people.models import Account, Intent, Person
from renfort.people.services import settle


def hear(event: Event[Any]) -> None:
    """Subscriber: do what follows from an event, in its transaction; ``REACTIONS`` says what."""
    for react in REACTIONS.get(event.name, ()):
        react(event)


def _volunteer(event: Event[Any]) -> None:
    """A confirmed volunteer holds the role (R3)."""
    if event.codes.get("joins") == Joins.VOLUNTEER:
        person: Person = event.obj.person if isinstance(event.obj, Account) else event.obj
        give_role(actor=event.actor, person=person, programme=Programme.RESERVE, role=Role.VOLUNTEER)


def _join(event: Event[JoinRequest]) -> None:
    """Who is accepted in a team gets the role that was chosen (R9)."""
    asked, role = event.obj, str(event.codes.get("role", ""))
    if role in TEAM and not is_member(asked.person_id, asked.organisation_id):  # invited meanwhile: that role stands
        give_role(actor=event.actor, person=asked.person, programme=Programme.RESERVE, role=role, organisation=asked.organisation)


def _join_by_invitation(event: Event[Invitation]) -> None:
    """Who accepts an invitation gets the role that was offered (R40)."""
    found = event.obj
    if found.person is not None:
        give_role(
            actor=event.actor, person=found.person, programme=Programme.RESERVE, role=found.role, organisation=found.organisation
        )


def _settle(event: Event[Grant]) -> None:
    """Who received a role in an organisation has nothing left to open."""
    if event.obj.organisation_id is not None:
        settle(person=event.obj.person)


def _look_up(event: Event[Organisation]) -> None:
    if directory_is_on():
        ask_directory(event.obj)


def _read_again(event: Event[Organisation]) -> None:
    """Who validates it sees what to look at (R53)."""
    check_organisations([event.obj.pk])


def _free_case(event: Event[Organisation]) -> None:
    """Another department decides: whoever had taken the case has no part in it any more (R52)."""
    if "department_id" in event.changes:
        free_case(event.obj)


def _release_cases(event: Event[Grant]) -> None:
    """What a referent who goes had taken is everybody's again (R52)."""
    if event.obj.role == Role.REFERENT:
        release_cases_of(event.obj.person_id)


def _release_lent_cases(event: Event[Delegation]) -> None:
    """A delegation is over: what was taken under it is everybody's at once, not after the time of a forgotten case (R65)."""
    if event.obj.receiver_id is not None:
        release_cases_of(event.obj.receiver_id)


def _keep_intent(event: Event[Intent]) -> None:
    """Do what somebody meant to do before they had an account."""
    if event.obj.kind == INVITATION_INTENT:
        _join_as_invited(event)
    elif event.obj.kind == REFERENT_INTENT:
        _become_referent(event)
    elif event.obj.kind == BRANCH_INTENT:
        _open_branch(event)


def _join_as_invited(event: Event[Intent]) -> None:
    """Somebody opened an invitation, then confirmed an address or signed in: the intent was made with the link (R40)."""
    intent = event.obj
    found = Invitation.objects.select_related("organisation").filter(pk=int(intent.payload.get("invitation", 0))).first()
    person = Person.objects.filter(pk=event.actor.person_id or 0).first()
    if found is None or person is None:
        return
    intent.result = home_in_team(found)
    if found.person_id == person.pk and found.state == InvitationState.ACCEPTED:
        return  # opened twice
    try:
        accept_invitation(actor=event.actor, person=person, invitation=found)
    except Refused:
        if not is_member(person.pk, found.organisation_id):
            intent.result = reverse("portal:space")
        raise


def _become_referent(event: Event[Intent]) -> None:
    """The same for an invitation to be referent (R50)."""
    intent = event.obj
    found = ReferentInvitation.objects.filter(pk=int(intent.payload.get("invitation", 0))).first()
    person = Person.objects.filter(pk=event.actor.person_id or 0).first()
    if found is None or person is None:
        return
    intent.result = home_after(found)
    if found.person_id == person.pk and found.state == InvitationState.ACCEPTED:
        return  # opened twice
    try:
        accept_referent(actor=event.actor, person=person, invitation=found)
    except Refused:
        intent.result = reverse("portal:space")
        raise


def _open_branch(event: Event[Intent]) -> None:
    """The same for somebody invited to register a branch of a network (R56): the way in begins."""
    intent = event.obj
    found = BranchInvitation.objects.filter(pk=int(intent.payload.get("invitation", 0)), asked=None).first()
    person = Person.objects.filter(pk=event.actor.person_id or 0).first()
    if found is None or person is None:
        return
    intent.result = reverse("organisations:open")
    if found.person_id == person.pk and found.state == InvitationState.ACCEPTED:
        return  # opened twice
    accept_branch(actor=event.actor, person=person, invitation=found)


def _confirm_invited(event: Event[NetworkMembership]) -> None:
    """The network that invited a branch needs not confirm it once more (R56)."""
    confirm_invited_claim(claim=event.obj, person_id=event.actor.person_id)


REACTIONS: dict[str, tuple[Callable[[Event[Any]], None], ...]] = {
    "people.account.confirmed": (_volunteer,),
    "people.person.joined": (_volunteer,),
    "people.intent.confirmed": (_keep_intent,),
    "organisations.joinrequest.accept": (_join,),
    "organisations.invitation.accept": (_join_by_invitation,),
    "organisations.grant.give": (_settle,),
    "organisations.grant.end": (_release_cases,),
    "organisations.delegation.end": (_release_lent_cases,),
    "organisations.delegation.revoke": (_release_lent_cases,),
    "organisations.networkmembership.claim": (_confirm_invited,),
    "organisations.organisation.open": (_look_up, _read_again),
    "organisations.organisation.edit": (_read_again,),
    "organisations.organisation.restore": (_read_again,),
    "organisations.organisation.identify": (_look_up, _free_case),
}

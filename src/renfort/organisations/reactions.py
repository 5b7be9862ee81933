"""What organisations and roles do when something happens below or here: roles follow what people signed up for."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from renfort.kernel.events import Event
from renfort.kernel.firing import Refused
from renfort.organisations.enums import TEAM, InvitationState, Programme, Role
from renfort.organisations.models import Grant, Invitation, JoinRequest, ReferentInvitation
from renfort.organisations.selectors import is_member
from renfort.organisations.services import accept_invitation, give_role
from renfort.organisations.services.cases import free_case, release_cases_of
from renfort.organisations.services.referents import HOME, REFERENT_INTENT, accept_referent
from renfort.organisations.services.team import INVITATION_INTENT, home_in_team
from renfort.people.enums import Joins
from renfort.people.models import Account, Intent, Person
from renfort.people.services import settle


def hear(event: Event[Any]) -> None:
    """Subscriber: a confirmed volunteer holds the role (R3); who is accepted in a team or accepts an invitation gets the role
    that was chosen (R9, R40); who received a role in an organisation has nothing left to open.
    """
    if event.name in ("people.account.confirmed", "people.person.joined"):
        if event.codes.get("joins") == Joins.VOLUNTEER:
            person: Person = event.obj.person if isinstance(event.obj, Account) else event.obj
            give_role(actor=event.actor, person=person, programme=Programme.RESERVE, role=Role.VOLUNTEER)
    elif event.name == "organisations.joinrequest.accept":
        request: JoinRequest = event.obj
        role = str(event.codes.get("role", ""))
        if role in TEAM and not is_member(request.person_id, request.organisation_id):  # invited meanwhile: that role stands
            give_role(
                actor=event.actor,
                person=request.person,
                programme=Programme.RESERVE,
                role=role,
                organisation=request.organisation,
            )
    elif event.name == "organisations.invitation.accept":
        invitation: Invitation = event.obj
        if invitation.person is not None:
            give_role(
                actor=event.actor,
                person=invitation.person,
                programme=Programme.RESERVE,
                role=invitation.role,
                organisation=invitation.organisation,
            )
    elif event.name == "people.intent.confirmed" and event.obj.kind == INVITATION_INTENT:
        _join_as_invited(event)
    elif event.name == "people.intent.confirmed" and event.obj.kind == REFERENT_INTENT:
        _become_referent(event)
    elif event.name == "organisations.organisation.identify" and "department_id" in event.changes:
        free_case(event.obj)
    elif event.name == "organisations.grant.end" and event.obj.role == Role.REFERENT:
        release_cases_of(event.obj.person_id)
    elif event.name == "organisations.grant.give":
        grant: Grant = event.obj
        if grant.organisation_id is not None:
            settle(person=grant.person)


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
    intent.result = HOME
    if found.person_id == person.pk and found.state == InvitationState.ACCEPTED:
        return  # opened twice
    try:
        accept_referent(actor=event.actor, person=person, invitation=found)
    except Refused:
        intent.result = reverse("portal:space")
        raise

"""What organisations and roles do when something happens below or here: roles follow what people signed up for."""

from __future__ import annotations

from typing import Any

from renfort.kernel.events import Event
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant, JoinRequest
from renfort.organisations.services import give_role
from renfort.people.enums import Joins
from renfort.people.models import Account, Person
from renfort.people.services import settle


def hear(event: Event[Any]) -> None:
    """Subscriber: a confirmed volunteer holds the role (R3); who is accepted in an organisation manages it too (R9); who
    received a role in an organisation has nothing left to open.
    """
    if event.name in ("people.account.confirmed", "people.person.joined"):
        if event.codes.get("joins") == Joins.VOLUNTEER:
            person: Person = event.obj.person if isinstance(event.obj, Account) else event.obj
            give_role(actor=event.actor, person=person, programme=Programme.RESERVE, role=Role.VOLUNTEER)
    elif event.name == "organisations.joinrequest.accept":
        request: JoinRequest = event.obj
        give_role(
            actor=event.actor,
            person=request.person,
            programme=Programme.RESERVE,
            role=Role.MANAGER,
            organisation=request.organisation,
        )
    elif event.name == "organisations.grant.give":
        grant: Grant = event.obj
        if grant.organisation_id is not None:
            settle(person=grant.person)

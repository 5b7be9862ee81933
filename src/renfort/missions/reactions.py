"""What the réserve does when it hears of something from another storey."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from renfort.jobs.services import ring_clock
from renfort.kernel.events import Event
from renfort.kernel.firing import Refused
from renfort.missions.models import DomainRules, Mission, Participation, Waiting
from renfort.missions.rules import has_joined
from renfort.missions.selectors.eligibility import eligibility
from renfort.missions.selectors.mission import public_mission
from renfort.missions.selectors.waiting import line_waits
from renfort.missions.services import search
from renfort.missions.services.checks import READ_AGAIN, check_with_partners
from renfort.missions.services.participation import APPLY, apply
from renfort.missions.services.queue import release_of
from renfort.missions.services.volunteer import FAVOURITE, keep
from renfort.missions.services.waiting import join_line, join_slots
from renfort.organisations.enums import Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.people.models import Intent, Person

ENDS_FOR_PEOPLE = (
    "missions.mission.cancel", "missions.mission.refuse", "missions.mission.cancel_with_organisation", "missions.slot.cancel",
)  # fmt: skip


def hear(event: Event[Any]) -> None:
    """Subscriber: a mission or its organisation changed; an address was confirmed with a proposal waiting (R3)."""
    if isinstance(event.obj, Mission):
        search.show([event.obj.pk])  # found, or no longer, from this commit on (P2)
        if event.name in READ_AGAIN:
            check_with_partners(event.obj.pk)  # who reads it sees what to look at, and so does its organisation (R53)
    elif isinstance(event.obj, Organisation) and event.changes:
        search.show_those_of(event.obj.pk)
    if event.name == "people.intent.confirmed" and event.obj.kind == APPLY:
        _apply_as_intended(event)
    elif event.name == "people.intent.confirmed" and event.obj.kind == FAVOURITE:
        _keep_as_intended(event)
    elif event.name == "organisations.grant.end" and event.obj.role == Role.REFERENT:
        release_of(event.obj.person_id)
    elif event.name in ("organisations.delegation.end", "organisations.delegation.revoke") and event.obj.receiver_id:
        release_of(event.obj.receiver_id)  # its rights are over: what was taken with them is everybody's again (R65)
    elif event.name in (
        "missions.mission.cancel",
        "missions.mission.refuse",
        "missions.slot.cancel",
        "missions.mission.cancel_with_organisation",
        "organisations.organisation.refuse",
        "organisations.organisation.flag",
    ):
        transaction.on_commit(ring_clock)  # the clock cancels the participations, in batches (design decision 11)
    elif (freed_on := _may_have_freed(event)) and line_waits(freed_on):
        transaction.on_commit(ring_clock)  # the clock offers the place to who is next (R60)


def _may_have_freed(event: Event[Any]) -> int | None:
    """The mission on which this may have freed a place, or an application that came before those who wait."""
    if isinstance(event.obj, Participation | Waiting) and event.before:
        return event.obj.mission_id
    return event.obj.pk if event.name in ("missions.mission.edit", "missions.mission.set_slots") else None


def _apply_as_intended(event: Event[Intent]) -> None:
    """Send the proposal that was kept « à confirmer », once; when it can't be any more, the mission's page says why."""
    intent = event.obj
    mission = public_mission(int(intent.payload.get("mission", 0)))
    person = Person.objects.filter(pk=event.actor.person_id or 0).first()
    if mission is None or person is None:
        intent.result = reverse("missions:public-list")
        return
    if not has_joined(actor_of(person.pk)):  # known by another role: first what organisations need, then the proposal
        intent.result = f"{reverse('people:sign-up-volunteer')}?{urlencode({'next': mission.get_absolute_url()})}"
        return
    ticked = DomainRules.objects.filter(pk=intent.payload.get("rules"), domain_id=mission.domain_id).first()
    try:
        participation = apply(
            actor=event.actor, person=person, mission=mission, ticked=ticked,
            slots=[int(slot) for slot in intent.payload.get("slots", ())], meets=intent.payload.get("meets", ()),
        )  # fmt: skip
    except Refused:
        intent.result = _in_line(event, mission, person, ticked) or mission.get_absolute_url()
    else:
        intent.result = reverse("missions:applied", args=[participation.pk])


def _in_line(event: Event[Intent], mission: Mission, person: Person, ticked: DomainRules | None) -> str:
    """The turn in the waiting list that somebody asked for while signing up; "" when they did not, or can't have one."""
    if not event.obj.payload.get("waits") or not eligibility(mission, person).may_wait:
        return ""
    meets = event.obj.payload.get("meets", ())
    try:
        if mission.has_slots:
            slots = [int(slot) for slot in event.obj.payload.get("slots", ())]
            turn, *_others = join_slots(
                actor=event.actor, person=person, mission=mission, ticked=ticked, meets=meets, slots=slots
            )
        else:
            turn = join_line(actor=event.actor, person=person, mission=mission, ticked=ticked, meets=meets)
    except Refused:
        return ""
    return reverse("missions:turn", args=[turn.pk])


def _keep_as_intended(event: Event[Intent]) -> None:
    """Put the mission among the favourites of who has just come in, and lead back to where it was seen (R62)."""
    intent = event.obj
    mission = public_mission(int(intent.payload.get("mission", 0)))
    if mission is None:
        intent.result = reverse("missions:public-list")
        return
    back = f"{intent.url}#mission-{mission.pk}"
    if not has_joined(actor_of(event.actor.person_id)):
        intent.result = f"{reverse('people:sign-up-volunteer')}?{urlencode({'next': back})}"
        return
    keep(actor=event.actor, mission=mission)
    intent.result = back

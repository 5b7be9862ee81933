"""What the réserve does when it hears of something from another storey."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from renfort.jobs.services import ring_clock
from renfort.kernel.events import Event
from renfort.kernel.firing import Refused
from renfort.missions.models import DomainRules, Mission
from renfort.missions.rules import has_joined
from renfort.missions.selectors.mission import public_mission
from renfort.missions.services import search
from renfort.missions.services.participation import APPLY, apply
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.people.models import Intent, Person


def hear(event: Event[Any]) -> None:
    """Subscriber: a mission or its organisation changed; an address was confirmed with a proposal waiting (R3)."""
    if isinstance(event.obj, Mission):
        search.show([event.obj.pk])  # found, or no longer, from this commit on (P2)
    elif isinstance(event.obj, Organisation) and event.changes:
        search.show_those_of(event.obj.pk)
    if event.name == "people.intent.confirmed" and event.obj.kind == APPLY:
        _apply_as_intended(event)
    elif event.name in ("missions.mission.cancel", "missions.mission.refuse", "missions.mission.cancel_with_organisation"):
        transaction.on_commit(ring_clock)  # the clock cancels the participations, in batches (design decision 11)


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
        participation = apply(actor=event.actor, person=person, mission=mission, ticked=ticked)
    except Refused:
        intent.result = mission.get_absolute_url()
    else:
        intent.result = reverse("missions:applied", args=[participation.pk])

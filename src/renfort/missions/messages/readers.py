"""To whom the réserve writes: the readers of each event, named as people."""

from __future__ import annotations

from collections.abc import Iterable

from renfort.kernel.events import Event
from renfort.kernel.messages import Recipient
from renfort.missions.enums import ACTIVE
from renfort.missions.messages.facts import moved_slots
from renfort.missions.models import Booking, Mission, Participation, Slot, Waiting
from renfort.missions.selectors.participation import expected_on
from renfort.missions.selectors.reminders import late_of
from renfort.missions.selectors.slots import people_on
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.organisations.selectors.decisions import who_asked
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def the_volunteer(event: Event[Participation]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_responsible(event: Event[Participation]) -> Iterable[Recipient]:
    """The mission's responsible persons are told of each application (R36)."""
    return [recipient_of(person) for person in in_charge_of(event.obj.mission)]


def in_charge_of(mission: Mission) -> list[Person]:
    """« Responsable de la mission » and the others who are (R11). At most one query."""
    also = mission.deputies.select_related("account").order_by("pk") if mission.pk else ()
    return [mission.responsible, *also]


def the_mission_responsible(event: Event[Mission]) -> Iterable[Recipient]:
    """Who is in charge of the mission (R36)."""
    return [recipient_of(person) for person in in_charge_of(event.obj)]


def the_managers(event: Event[Mission]) -> Iterable[Recipient]:
    """Each « responsable » of the organisation, and who is in charge of the mission, but the one who did it."""
    people = {person.pk: person for person in in_charge_of(event.obj)}
    people |= {grant.person_id: grant.person for grant in managers_of(event.obj.organisation_id)}
    return [recipient_of(person) for person in people.values() if person.pk != event.actor.person_id]


def the_successor(event: Event[Organisation]) -> Iterable[Recipient]:
    """Who takes over the missions of somebody who goes (R40)."""
    found = Person.objects.select_related("account").filter(pk=event.codes.get("to") or 0).first()
    return [] if found is None else [recipient_of(found)]


def the_expected(event: Event[Mission]) -> Iterable[Recipient]:
    """Every volunteer who holds a place and counts on it (R14)."""
    return [recipient_of(each.person) for each in expected_on(event.obj)]


def the_concerned(event: Event[Mission]) -> Iterable[Recipient]:
    """Every volunteer whose help is asked for or expected: who waits for an answer too (R52)."""
    active = [str(state) for state in ACTIVE]
    found = Participation.objects.filter(mission=event.obj, state__in=active).select_related("person__account").order_by("pk")
    return [recipient_of(each.person) for each in found]


def the_asker(event: Event[Mission]) -> Iterable[Recipient]:
    """Who asked for the correction, while that person may still decide about the mission (R52)."""
    asked = who_asked(event.obj, event.obj.department_id, event.obj.domain_id)
    return [] if asked is None or asked.pk == event.actor.person_id else [recipient_of(asked)]


def the_other_side(event: Event[Mission]) -> Iterable[Recipient]:
    """Of a message on a case: the organisation when a reader wrote, who asked for the correction when the organisation did."""
    return the_asker(event) if event.codes.get("host") else the_managers(event)


def those_on_the_slot(event: Event[Slot]) -> Iterable[Recipient]:
    """Everybody who counts on the slot, and nobody else (R61)."""
    return [recipient_of(each.person) for each in people_on(event.obj)]


def those_on_moved_slots(event: Event[Mission]) -> Iterable[Recipient]:
    """Every volunteer who holds a slot whose hours change (R14, R61)."""
    held = Booking.objects.filter(slot__in=list(moved_slots(event)), granted_at__isnull=False)
    people = expected_on(event.obj).filter(pk__in=held.values("participation"))
    return [recipient_of(each.person) for each in people]


def who_waits(event: Event[Waiting]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_responsible_of_line(event: Event[Waiting]) -> Iterable[Recipient]:
    return [recipient_of(person) for person in in_charge_of(event.obj.mission)]


def the_late(event: Event[Organisation]) -> Iterable[Recipient]:
    """The responsible persons of the missions whose applications wait; after a week every « responsable » too (R36)."""
    late = late_of(event.obj.pk)
    people = {person.pk: person for each in late for person in (each.mission.responsible, *each.mission.deputies.all())}
    if any(each.weeks for each in late):
        people |= {grant.person_id: grant.person for grant in managers_of(event.obj.pk)}
    return [recipient_of(person) for person in people.values()]

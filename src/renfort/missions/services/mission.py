"""Write a mission: open a draft, change it (R10 to R14). Its life is on ``missions.workflow``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.missions.enums import MissionState
from renfort.missions.messages import MISSION_CHANGED
from renfort.missions.models import Contact, Domain, Mission, Public
from renfort.missions.rules import runs
from renfort.missions.selectors.mission import places_taken_as, rules_in_force
from renfort.organisations.models import Organisation
from renfort.organisations.rules import manages, works_in
from renfort.people.models import Person
from renfort.territories.models import Department

CLOSED = (MissionState.REFUSED, MissionState.ENDED, MissionState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """One contact of a mission."""

    name: str
    phone: str = ""
    email: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionFacts:
    """What the form of a mission says, cleaned."""

    domain: Domain
    title: str
    presence: str
    format: str
    places: int
    responsible: Person
    department: Department
    starts_on: date | None = None
    ends_on: date | None = None
    schedule: str = ""
    description: str = ""
    safety: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    commune: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    conforms: bool = False
    publics: Sequence[Public] = ()
    contacts: Sequence[ContactFacts] = field(default_factory=tuple)


COPIED = (
    "domain", "title", "presence", "format", "places", "responsible", "department", "starts_on", "ends_on", "schedule",
    "description", "safety", "address", "postcode", "city", "latitude", "longitude",
)  # fmt: skip
EXACT = ("presence", "format", "places", "starts_on", "ends_on", "postcode", "city", "department_id", "domain_id")
MATTERS = {"presence", "format", "starts_on", "ends_on", "schedule", "address", "postcode", "city"}  # to those who come (R14)
FREE_TEXT = ("title", "schedule", "description", "safety", "address")


def open_mission(*, actor: Actor, organisation: Organisation, facts: MissionFacts) -> Mission:
    """Write a new draft.

    Raises:
        NotAllowed: the actor is not of the organisation's team.
    """
    if not works_in(actor, organisation.pk):
        raise NotAllowed(_("Seule l'équipe de la structure peut créer une mission."))
    with transaction.atomic():
        mission = Mission(organisation=organisation)
        _copy(mission, facts)
        if not manages(actor, organisation.pk):  # who creates missions as « tuteur » is in charge of them (R40)
            mission.responsible_id = cast(int, actor.person_id)
        mission.save()
        _save_lists(mission, facts)
        publish("missions.mission.open", mission, actor=actor, after=mission.state)
    return mission


def edit_mission(*, actor: Actor, mission: Mission, facts: MissionFacts, seen: int | None = None) -> Mission:
    """Change a mission, under its lock, so that its places never fall under those taken.

    Raises:
        NotAllowed: the actor is neither « responsable » of its organisation nor « tuteur » in charge of it.
        Stale: the mission has changed since version ``seen`` was shown.
        Refused: the mission is closed, or fewer places are asked than are taken.
    """
    with transaction.atomic():
        locked: Mission = lock_row(mission)
        if not runs(actor, locked):  # read under the lock: it may have been handed over to somebody else
            raise NotAllowed(_("Seuls un responsable de la structure et qui suit cette mission peuvent la modifier."))
        if seen is not None and seen != locked.version:
            raise Stale(_("La mission a été modifiée entre-temps par quelqu'un d'autre. Relisez-la avant d'enregistrer."))
        _check_edit(locked, facts)
        before, responsible = _plain(locked), locked.responsible_id
        _copy(locked, facts)
        if not manages(actor, locked.organisation_id):  # giving a mission to somebody is for « responsables » (R40)
            locked.responsible_id = responsible
        locked.version += 1
        locked.save()
        _save_lists(locked, facts)
        after = _plain(locked)
        changes = {
            name: (None, None) if name in FREE_TEXT else (before[name], after[name])
            for name in before
            if before[name] != after[name]
        }
        tells = (MISSION_CHANGED,) if MATTERS & changes.keys() and locked.state == MissionState.PUBLISHED else ()
        publish("missions.mission.edit", locked, actor=actor, changes=changes, tells=tells)
    return locked


def _check_edit(mission: Mission, facts: MissionFacts) -> None:
    if mission.state in CLOSED:
        raise Refused(_("Cette mission est close : elle ne peut plus être modifiée."))
    taken = places_taken_as(mission, facts.format)
    if facts.places < taken:
        raise Refused(
            ngettext(
                "%(taken)d place est déjà prise : le nombre de volontaires ne peut pas descendre en dessous.",
                "%(taken)d places sont déjà prises : le nombre de volontaires ne peut pas descendre en dessous.",
                taken,
            )
            % {"taken": taken}
        )
    if mission.state != MissionState.DRAFT and (facts.starts_on is None or facts.ends_on is None):
        raise Refused(_("Les dates de début et de fin sont nécessaires."))


def _copy(mission: Mission, facts: MissionFacts) -> None:
    for name in COPIED:
        setattr(mission, name, getattr(facts, name))
    mission.commune_id = facts.commune
    mission.zone = facts.department.zone
    if not facts.conforms:
        mission.rules = mission.rules_at = None
    elif mission.rules_at is None or (mission.rules is not None and mission.rules.domain_id != facts.domain.pk):
        mission.rules, mission.rules_at = rules_in_force(facts.domain.pk), timezone.now()


def _save_lists(mission: Mission, facts: MissionFacts) -> None:
    mission.publics.set(facts.publics)
    mission.contacts.all().delete()
    Contact.objects.bulk_create(
        Contact(mission=mission, name=c.name, phone=c.phone, email=c.email, hours=c.hours, position=position)
        for position, c in enumerate(facts.contacts)
    )


def _plain(mission: Mission) -> dict[str, Plain]:
    """The fields whose change the history tells: codes, numbers and dates with values, free text by name alone."""
    names = (*EXACT, *FREE_TEXT)
    return {name: None if getattr(mission, name) is None else str(getattr(mission, name)) for name in names}

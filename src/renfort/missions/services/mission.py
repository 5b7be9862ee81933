"""Write a mission: open a draft, change it, copy it (R10 to R15). Its life is on ``missions.workflow``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from renfort.missions.messages import CASE_MOVED, MISSION_CHANGED, MISSION_EDITED_WITH_US
from renfort.missions.models import Contact, Domain, Mission, MissionAddress, Public
from renfort.missions.rules import helps, runs
from renfort.missions.selectors.changes import AFTER, BEFORE, FREE_TEXT, told
from renfort.missions.selectors.mission import places_taken_as, rules_in_force
from renfort.missions.selectors.policy import trust_of
from renfort.missions.selectors.queue import holder_of
from renfort.missions.services.slots import SlotFacts, set_prerequisites, set_slots, slot_facts_of, slots_code
from renfort.organisations.messages.cases import HOLDER
from renfort.organisations.models import Organisation
from renfort.organisations.rules import manages, oversees, works_in
from renfort.parameters.catalogue import REVIEW_AGAIN
from renfort.parameters.selectors import value_of
from renfort.people.models import Person
from renfort.territories.models import Department

CLOSED = (MissionState.REFUSED, MissionState.ENDED, MissionState.CANCELLED)


class TooFewPlaces(Refused):
    """Fewer places are asked than are taken (R14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """One contact of a mission."""

    name: str
    phone: str = ""
    email: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    """One more address of a mission. Degrees are WGS 84."""

    address: str
    postcode: str
    city: str
    department: str
    commune: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionFacts:
    """What the form of a mission says, cleaned. ``addresses`` None: nothing was said of them, those there are stay."""

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
    slots: Sequence[SlotFacts] | None = None  # None leaves slots and prerequisites as they are (R61, R66)
    prerequisites: Sequence[str] | None = None
    deputies: Sequence[Person] = ()
    addresses: Sequence[AddressFacts] | None = None


COPIED = (
    "domain", "title", "presence", "format", "places", "responsible", "department", "starts_on", "ends_on", "schedule",
    "description", "safety", "address", "postcode", "city", "latitude", "longitude",
)  # fmt: skip


def facts_of(mission: Mission) -> MissionFacts:
    """A mission as it stands, as its form would say it. Four queries, unless the mission's lists were fetched before."""
    contacts = [ContactFacts(name=c.name, phone=c.phone, email=c.email, hours=c.hours) for c in mission.contacts.all()]
    addresses = [
        AddressFacts(
            address=a.address, postcode=a.postcode, city=a.city, department=a.department_id, commune=a.commune_id,
            latitude=a.latitude, longitude=a.longitude,
        )
        for a in mission.addresses.all()
    ]  # fmt: skip
    return MissionFacts(
        **{name: getattr(mission, name) for name in COPIED},
        commune=mission.commune_id,
        conforms=mission.rules_at is not None,
        publics=list(mission.publics.all()),
        contacts=contacts,
        deputies=list(mission.deputies.order_by("last_name", "first_name", "pk")),
        addresses=addresses,
        prerequisites=list(mission.prerequisites),
    )


def plain(facts: MissionFacts) -> dict[str, str | None]:
    """Every field by name, as text that can be compared and kept: codes, numbers, ISO dates, words."""
    point = None if facts.latitude is None or facts.longitude is None else f"{facts.latitude:.5f}, {facts.longitude:.5f}"
    codes = {
        "domain_id": facts.domain.pk,
        "presence": facts.presence,
        "format": facts.format,
        "places": facts.places,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "postcode": facts.postcode,
        "city": facts.city,
        "department_id": facts.department.pk,
        "point": point,
        "conforms": facts.conforms,
        "responsible_id": facts.responsible.pk,
        "deputies": ",".join(str(pk) for pk in sorted(person.pk for person in facts.deputies)),
        "publics": ",".join(str(pk) for pk in sorted(public.pk for public in facts.publics)),
        "title": facts.title,
        "schedule": facts.schedule,
        "description": facts.description,
        "safety": facts.safety,
        "address": facts.address,
        "contacts": "\n".join(" · ".join(filter(None, (c.name, c.phone, c.email, c.hours))) for c in facts.contacts),
        "prerequisites": "\n".join(facts.prerequisites or ()),
        "addresses": "\n".join(f"{a.address}, {a.postcode} {a.city}" for a in facts.addresses or ()),
    }
    if facts.slots is not None:
        codes["slots"] = slots_code(facts.slots)
    return {name: None if value is None else str(value) for name, value in codes.items()}


def standing(mission: Mission) -> dict[str, str | None]:
    """Every field of a mission as it stands, slots to come included. One query more than ``facts_of`` when there are some."""
    return plain(replace(facts_of(mission), slots=slot_facts_of(mission)))


def beside(facts: MissionFacts, stands: Mapping[str, str | None]) -> dict[str, str | None]:
    """Every field that a form says, with what it says nothing of as it ``stands``, so that the two compare."""
    unsaid = [name for name in ("addresses", "prerequisites", "slots") if getattr(facts, name) is None]
    if stands["slots"]:
        unsaid.append("places")  # the sum of its slots, whatever the form says
    return {**plain(facts), **{name: stands[name] for name in unsaid}}


def changed(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> set[str]:
    """The names of the fields that differ between two of ``plain``."""
    return {name for name in before if before[name] != after[name]}


def open_mission(*, actor: Actor, organisation: Organisation, facts: MissionFacts) -> Mission:
    """Write a new draft.

    The organisation is held meanwhile: no mission is left behind by a departure or a merge of that moment (R9, R55).

    Raises:
        NotAllowed: the actor is not of the organisation's team.
        Refused: the organisation has left, or another one stands for it since a merge.
    """
    if not works_in(actor, organisation.pk):
        raise NotAllowed(_("Seule l'équipe de la structure peut créer une mission."))
    with transaction.atomic():
        if lock_row(organisation).left_at is not None:
            raise Refused(_("Cette structure n'est plus sur la plateforme."))
        mission = Mission(organisation=organisation)
        _copy(mission, facts)
        if not manages(actor, organisation.pk):  # who creates missions as « tuteur » is in charge of them (R40)
            mission.responsible_id = cast(int, actor.person_id)
            facts = replace(facts, deputies=())
        mission.save()
        _save_lists(mission, facts)
        publish("missions.mission.open", mission, actor=actor, after=mission.state)
        set_slots(actor=actor, mission=mission, facts=facts.slots or ())
    return mission


def duplicate_mission(*, actor: Actor, mission: Mission) -> Mission:
    """« Dupliquer » (R15): a new draft with everything but volunteers; dates only when the first day is still ahead.

    That the rules are respected is taken over while their wording is still the one in force, and is asked anew otherwise.

    Raises:
        NotAllowed: the actor is not « responsable » of its organisation.
    """
    facts = facts_of(mission)
    if mission.starts_on is None or mission.has_begun:
        facts = replace(facts, starts_on=None, ends_on=None)
    if facts.conforms and mission.rules != rules_in_force(mission.domain_id):
        facts = replace(facts, conforms=False)
    if facts.starts_on is not None:
        facts = replace(facts, slots=[replace(slot, pk=None) for slot in slot_facts_of(mission)])
    return open_mission(actor=actor, organisation=mission.organisation, facts=facts)


def edit_mission(*, actor: Actor, mission: Mission, facts: MissionFacts, seen: int | None = None) -> Mission:
    """Change a mission, under its lock, so that its places never fall under those taken.

    Saving what is there already writes nothing, and tells nobody.

    Its organisation is told when a referent did it (R55): of each field, what it was and what it is. It is read again as after
    its own edits, and who is in charge stays its own business.

    Raises:
        NotAllowed: the actor is neither « responsable » of its organisation, nor « tuteur » in charge of it, nor a referent who
            looks after it and is not of its team.
        Stale: the mission has changed since version ``seen`` was shown.
        TooFewPlaces: fewer places are asked than are taken.
        Refused: the mission is closed, or a referent would move it out of what they look after.
    """
    with transaction.atomic():
        locked: Mission = lock_row(mission)
        is_own = runs(actor, locked)
        if not is_own and not helps(actor, locked):  # read under the lock: it may have been handed over to somebody else
            raise NotAllowed(_("Seuls un responsable de la structure et qui suit cette mission peuvent la modifier."))
        if seen is not None and seen != locked.version:
            raise Stale(_("La mission a été modifiée entre-temps par quelqu'un d'autre. Relisez-la avant d'enregistrer."))
        _check_edit(locked, facts)
        if not is_own and not oversees(actor, facts.department.pk, facts.domain.pk):
            raise Refused(_("Vous ne suivez pas ce département, ou ce domaine : la structure seule peut y déplacer sa mission."))
        before = standing(locked)
        if not manages(actor, locked.organisation_id):  # giving a mission to somebody is for « responsables » (R40)
            facts = replace(facts, responsible=locked.responsible, deputies=list(locked.deputies.all()))
        if facts.addresses is None:
            facts = replace(facts, addresses=facts_of(locked).addresses)
        if facts.prerequisites is None:
            facts = replace(facts, prerequisites=list(locked.prerequisites))
        after = beside(facts, before)
        if not (names := changed(before, after)):
            return locked
        _copy(locked, facts)
        locked.opinion_at = locked.opinion_by = None  # it was of another text (R52)
        codes: dict[str, Plain] = {"version": locked.version + 1}
        moved = bool({"department_id", "domain_id"} & names)  # somebody else may decide from now on
        if moved:
            if holder := holder_of(locked):
                codes[HOLDER] = holder
            locked.taken_at = locked.taken_by = None
        if is_read_again(locked, names):
            locked.reviewed_at = locked.reviewed_by = None
        locked.version += 1
        locked.save()
        _save_lists(locked, facts)
        changes: dict[str, tuple[Plain, Plain]] = {
            name: (None, None) if name in FREE_TEXT else (before[name], after[name]) for name in sorted(names)
        }
        texts = {
            f"{name}{side}": said[name] or "" for name in names & FREE_TEXT for side, said in ((BEFORE, before), (AFTER, after))
        }
        publish(
            "missions.mission.edit",
            locked,
            actor=actor,
            codes=codes,
            changes=changes,
            texts=texts,
            tells=(
                *((MISSION_CHANGED,) if told(names) else ()),
                *((CASE_MOVED,) if moved else ()),
                *(() if is_own else (MISSION_EDITED_WITH_US,)),
            ),
        )
        if facts.slots is not None:
            set_slots(actor=actor, mission=locked, facts=facts.slots)
    return locked


def is_read_again(mission: Mission, names: set[str]) -> bool:
    """Whether these changes send a mission that is online back to be read (R52): one of the fields that the operator chose,
    of an organisation that is not trusted. At most four queries, none for a mission that is to be read anyway."""
    if mission.state != MissionState.PUBLISHED or mission.reviewed_at is None:
        return False
    if not names & set(value_of(REVIEW_AGAIN).split(",")):
        return False
    return not trust_of(mission.organisation_id).is_trusted


def _check_edit(mission: Mission, facts: MissionFacts) -> None:
    if mission.state in CLOSED:
        raise Refused(_("Cette mission est close : elle ne peut plus être modifiée."))
    taken = 0 if mission.has_slots else places_taken_as(mission, facts.format)  # each slot has places of its own
    if facts.places < taken:
        raise TooFewPlaces(
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
    places = mission.places
    for name in COPIED:
        setattr(mission, name, getattr(facts, name))
    if mission.has_slots:
        mission.places = places  # the sum of its slots
    mission.commune_id = facts.commune
    mission.zone = facts.department.zone
    if facts.prerequisites is not None:
        set_prerequisites(mission=mission, sentences=facts.prerequisites)
    if not facts.conforms:
        mission.rules = mission.rules_at = None
    elif mission.rules_at is None or (mission.rules is not None and mission.rules.domain_id != facts.domain.pk):
        mission.rules, mission.rules_at = rules_in_force(facts.domain.pk), timezone.now()


def _save_lists(mission: Mission, facts: MissionFacts) -> None:
    mission.publics.set(facts.publics)
    mission.deputies.set(person for person in facts.deputies if person != facts.responsible)
    mission.contacts.all().delete()
    Contact.objects.bulk_create(
        Contact(mission=mission, name=c.name, phone=c.phone, email=c.email, hours=c.hours, position=position)
        for position, c in enumerate(facts.contacts)
    )
    if facts.addresses is None:
        return
    mission.addresses.all().delete()
    MissionAddress.objects.bulk_create(
        MissionAddress(
            mission=mission, address=a.address, postcode=a.postcode, city=a.city, department_id=a.department,
            commune_id=a.commune, latitude=a.latitude, longitude=a.longitude, position=position,
        )
        for position, a in enumerate(facts.addresses)
    )  # fmt: skip

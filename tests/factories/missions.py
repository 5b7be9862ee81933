"""Missions and participations in any state, with the history that leads there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from tests.factories.organisations import as_manager, manager, organisation, volunteer
from tests.factories.time import days, today

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.moments import moment
from renfort.missions.enums import HOLDING, Format, MissionState, ParticipationState, Presence
from renfort.missions.models import Booking, Contact, Domain, DomainRules, Mission, Participation, Slot, Waiting
from renfort.missions.selectors.mission import rules_in_force
from renfort.missions.services.mission import MissionFacts
from renfort.missions.services.search import show
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.people.models import Person
from renfort.territories.models import Department

M, P = MissionState, ParticipationState

# how each state is reached: (what happened, the state afterwards)
MISSION_LIVES = {
    M.DRAFT: (("open", M.DRAFT),),
    M.SUBMITTED: (("open", M.DRAFT), ("submit", M.SUBMITTED)),
    M.PUBLISHED: (("open", M.DRAFT), ("publish", M.PUBLISHED)),
    M.TO_CORRECT: (("open", M.DRAFT), ("submit", M.SUBMITTED), ("ask_correction", M.TO_CORRECT)),
    M.REFUSED: (("open", M.DRAFT), ("submit", M.SUBMITTED), ("refuse", M.REFUSED)),
    M.ENDED: (("open", M.DRAFT), ("publish", M.PUBLISHED), ("end", M.ENDED)),
    M.CANCELLED: (("open", M.DRAFT), ("publish", M.PUBLISHED), ("cancel", M.CANCELLED)),
}
ACCEPTED = (("apply", P.PENDING), ("accept", P.ACCEPTED))
PARTICIPATION_LIVES = {
    P.PENDING: (("apply", P.PENDING),),
    P.ACCEPTED: ACCEPTED,
    P.ONGOING: (*ACCEPTED, ("start", P.ONGOING)),
    P.DONE: (*ACCEPTED, ("start", P.ONGOING), ("complete", P.DONE)),
    P.REFUSED: (("apply", P.PENDING), ("refuse", P.REFUSED)),
    P.WITHDRAWN: (("apply", P.PENDING), ("withdraw", P.WITHDRAWN)),
    P.NO_SHOW: (*ACCEPTED, ("start", P.ONGOING), ("miss", P.NO_SHOW)),
    P.CANCELLED: (("apply", P.PENDING), ("cancel_with_mission", P.CANCELLED)),
}
DECIDED = (P.ACCEPTED, P.ONGOING, P.DONE, P.REFUSED, P.NO_SHOW)


def domain(key: str = "aide-alimentaire") -> Domain:
    """One of the domains installed by default."""
    return Domain.objects.get(key=key)


def rules_of(where: Domain) -> DomainRules:
    """The wording in force."""
    found = rules_in_force(where.pk)
    assert found is not None
    return found


def reword_rules(where: Domain) -> DomainRules:
    """The operator writes the rules anew."""
    before = rules_of(where)
    return DomainRules.objects.create(
        domain=where, version=before.version + 1, rules_fr=["Je reste prudent·e."], statement_fr="Je respecte la nouvelle règle."
    )


def mission(where: Organisation | None = None, *, state: str = M.PUBLISHED, **facts: Any) -> Mission:
    """A complete mission of two places in Bordeaux, next week, in any state, with a contact and its history.

    Its organisation has a manager, who is its responsible person.
    """
    where = where or organisation()
    held = managers_of(where.pk).first()
    responsible = facts.pop("responsible", None) or (held.person if held else manager(where))
    code = facts.pop("department", "33")
    given = {
        "domain": facts.get("domain") or domain(),
        "title": "Distribution de repas",
        "presence": Presence.ON_SITE,
        "format": Format.ONE_OFF,
        "places": 2,
        "starts_on": today() + days(7),
        "ends_on": today() + days(9),
        "schedule": "De 9 h à 12 h",
        "description": "Préparer et distribuer des repas.",
        "safety": "Masques et gants fournis.",
        "address": "3 rue Sainte-Catherine",
        "postcode": "33000",
        "city": "Bordeaux",
        "zone": Department.objects.get(pk=code).zone,
        "rules_at": timezone.now(),
        "published_at": timezone.now() if state in (M.PUBLISHED, M.ENDED) else None,
    }
    given["rules"] = rules_of(given["domain"])
    made = Mission.objects.create(
        organisation=where, responsible=responsible, department_id=code, state=state, **{**given, **facts}
    )
    Contact.objects.create(mission=made, name="Maryse Contact", phone="0556010203", email="contact@secret.example")
    _write_history(made, MISSION_LIVES[M(state)])
    show([made.pk])
    return made


def participation(
    what: Mission | None = None, someone: Person | None = None, *, state: str = P.PENDING, **facts: Any
) -> Participation:
    """One volunteer on one mission, in any state, with its history."""
    what = what or mission()
    now = timezone.now()
    given = {
        "rules": what.rules,
        "rules_at": now if what.rules else None,
        "created_at": now,
        "decided_at": now if state in DECIDED else None,
        "decided_by_id": as_manager(what.organisation).person_id if state in DECIDED else None,
        "refusal_reason": "other_profile" if state == P.REFUSED else "",
        "withdrawal_reason": "not_available" if state == P.WITHDRAWN else "",
    }
    made = Participation.objects.create(
        mission=what, organisation_id=what.organisation_id, person=someone or volunteer(), state=state, **{**given, **facts}
    )
    _write_history(made, PARTICIPATION_LIVES[P(state)])
    return made


def turn(what: Mission, someone: Person | None = None, *, on: Slot | None = None) -> Waiting:
    """A turn in the waiting list of a mission, or of one of its slots, with its history."""
    made = Waiting.objects.create(mission=what, slot=on, person=someone or volunteer(), created_at=timezone.now())
    _write_history(made, (("join", made.state),))
    return made


def slot(what: Mission, *, day: int = 0, hour: int = 9, hours: float = 3, places: int = 2, **facts: Any) -> Slot:
    """A slot of a mission: so many days after its first one, from 9 h to 12 h on the clocks of the place, for two people."""
    assert what.starts_on is not None
    start = moment(what.starts_on + days(day), time(hour), what.zone)
    given = {"starts_at": start, "ends_at": start + timedelta(hours=hours), "places": places}
    made = Slot.objects.create(mission=what, **{**given, **facts})
    what.has_slots = True
    what.save(update_fields=["has_slots"])
    return made


def book(made: Participation, *slots: Slot, granted: bool | None = None) -> Participation:
    """Let a participation ask for slots; it holds them when it is accepted or was, unless said otherwise."""
    given = made.state in (*HOLDING, P.NO_SHOW) if granted is None else granted
    now = timezone.now()
    for each in slots:
        Booking.objects.create(
            participation=made, slot=each, mission=made.mission, asked_at=now, granted_at=now if given else None
        )
    return made


def _write_history(made: Any, life: tuple[tuple[str, str], ...]) -> None:
    before, moment = "", timezone.now()
    for verb, after in life:
        name = f"{made._meta.label_lower}.{verb}"
        record(Event(name=name, obj=made, actor=SERVICE, at=_aware(moment), before=str(before), after=str(after)))
        before = after


def _aware(moment: datetime) -> datetime:
    assert timezone.is_aware(moment)
    return moment


def complete_facts(where: Organisation, **changes: Any) -> MissionFacts:
    """What a complete form says, as the services take it."""
    held = managers_of(where.pk).first()
    given = {
        "domain": domain(),
        "title": "Distribution de repas",
        "presence": Presence.ON_SITE,
        "format": Format.ONE_OFF,
        "places": 2,
        "responsible": held.person if held else manager(where),
        "department": Department.objects.get(pk="33"),
        "starts_on": today() + days(7),
        "ends_on": today() + days(9),
        "description": "Préparer et distribuer des repas.",
        "safety": "Masques et gants fournis.",
        "postcode": "33000",
        "city": "Bordeaux",
        "conforms": True,
    }
    return MissionFacts(**{**given, **changes})


def mission_form(responsible: Person, **changes: Any) -> dict[str, Any]:
    """What a browser posts for a complete mission."""
    given = {
        "form_token": str(uuid4()),
        "domain": "aide-alimentaire",
        "title": "Collecte du samedi",
        "presence": "on_site",
        "format": "one_off",
        "places": "3",
        "starts_on": (today() + days(7)).isoformat(),
        "ends_on": (today() + days(9)).isoformat(),
        "schedule": "",
        "description": "Tenir un stand.",
        "safety": "Gants fournis.",
        "conforms": "on",
        "address": "3 rue Sainte-Catherine",
        "city": "Bordeaux",
        "commune": "33063",
        "postcode": "33000",
        "department": "33",
        "responsible": str(responsible.pk),
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "Awa Diallo",
        "contacts-0-phone": "0556010203",
        "then": "propose",
    }
    return {**given, **changes}

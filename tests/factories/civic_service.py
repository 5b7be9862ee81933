"""Establishments, federations, campaigns and host projects for tests: inserted as they are asked for, with their history."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from tests.factories.organisations import grant, organisation
from tests.factories.people import account, person
from tests.factories.time import today

from renfort.audit.recorder import record
from renfort.civic_service.enums import UNDECIDED, Domain, PostRole, ProjectState
from renfort.civic_service.models import (
    Approval,
    Campaign,
    Establishment,
    Federation,
    HostProject,
    PlaceClass,
    Post,
    Route,
)
from renfort.civic_service.models.project import DECIDED
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.kernel.recent import forget_all
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import actor_of
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Person

S = Programme.CIVIC_SERVICE
SIRET = "73282932000074"
SERIAL = count(1)
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # of a UAI: no I, O nor Q


def open_programme() -> None:
    """The operator has opened the programme; a page of the test before may have noted it as closed since."""
    set_value(PROGRAMMES["civic_service"], OPEN, actor=SERVICE)
    forget_all()


def noted(obj: Any, verb: str) -> Any:
    """Give a row made around the services its history."""
    record(Event(name=verb, obj=obj, actor=SERVICE, at=timezone.now(), after=str(obj.state)))
    return obj


def a_uai(department: str = "033") -> str:
    """Another valid UAI: seven digits and the letter that checks them."""
    number = f"{department}{next(SERIAL):04d}"
    return number + LETTERS[int(number) % 23]


def federation(*departments: str, is_national: bool = False, **facts: Any) -> Federation:
    """A federation of managing bodies, with the departments routed to it."""
    where = organisation(name=facts.pop("name", "Udogec de la Gironde"))
    made = Federation.objects.create(organisation=where, is_national=is_national, **{"kind": "udogec", **facts})
    for code in departments:
        Route.objects.create(department_id=code, federation=made)
    return made


def case_manager(of: Federation | None = None, **facts: Any) -> Person:
    """A case manager of a federation; of the whole country without one."""
    someone = account(person(**facts)).person
    grant(someone, S, Role.CASE_MANAGER, of.organisation if of is not None else None)
    return someone


def establishment(*, department: str = "33", name: str = "Lycée Saint-Jean", **facts: Any) -> Establishment:
    """A school whose record is complete, unless the test takes a fact away."""
    where = organisation(name=name, department_id=department, address="3 rue des Écoles", postcode="33000")
    given = {
        "network": "sgec", "uai": a_uai(), "managing_body": "OGEC Saint-Jean", "siret": SIRET, "phone": "+33556000000",
        "email": "contact@saint-jean.example.org", "enrolment": 420, "enrolment_year": today().year,
    }  # fmt: skip
    return Establishment.objects.create(organisation=where, **{**given, **facts})


def post(where: Establishment, role: str = PostRole.LEAD, someone: Person | None = None, **facts: Any) -> Person:
    """Somebody who works there, with the right that it gives."""
    named = {key: facts.pop(key) for key in ("first_name", "last_name", "email") if key in facts}
    someone = someone or account(person(**{"mobile_phone": "+33612345678", **named})).person
    held = grant(someone, S, Role(str(role)), where.organisation)
    Post.objects.create(
        establishment=where, person=someone, role=role, grant=held, began_at=timezone.now(), **{"source": "local", **facts}
    )
    return someone


def lead(where: Establishment, **facts: Any) -> Person:
    """Its « Référent », who is its head too."""
    return post(where, PostRole.LEAD, **facts)


def service_tutor(where: Establishment, **facts: Any) -> Person:
    return post(where, PostRole.TUTOR, **facts)


def service_co_tutor(where: Establishment, **facts: Any) -> Person:
    return post(where, PostRole.CO_TUTOR, **facts)


def approval(**facts: Any) -> Approval:
    """A collective approval that runs."""
    day = today()
    given = {
        "number": f"NA-000-26-{next(SERIAL):05d}", "first_on": day - timedelta(days=200), "last_on": day + timedelta(days=800),
        "domains": [str(each) for each in Domain if each != Domain.EMERGENCY], "openings": 700, "lent_most": 0,
    }  # fmt: skip
    return Approval.objects.create(**{**given, **facts})


def campaign(state: str = "open", *, classes: tuple[tuple[int, int], ...] = ((0, 1), (300, 2)), **facts: Any) -> Campaign:
    """A campaign whose projects are filed now, with two classes of places."""
    day = today()
    given = {
        "title": f"Campagne {next(SERIAL)}", "opens_on": day - timedelta(days=10), "files_until": day + timedelta(days=60),
        "starts_from": day + timedelta(days=90), "starts_until": day + timedelta(days=180), "state": state,
        "opened_at": timezone.now() if state != "draft" else None, "closed_at": timezone.now() if state == "closed" else None,
    }  # fmt: skip
    made = Campaign.objects.create(**{"approval": facts.pop("approval", None) or approval(), **given, **facts})
    for bound, places in classes:
        PlaceClass.objects.create(campaign=made, from_pupils=bound, places=places)
    return noted(made, "civic_service.campaign.create")


def project(where: Establishment | None = None, state: str = "draft", **facts: Any) -> HostProject:
    """A host project with everything said, in the state asked for."""
    where = where or establishment()
    of = facts.pop("campaign", None) or campaign()
    now = timezone.now()
    given: dict[str, Any] = {
        "title": "Faire vivre le centre de documentation", "domain": "education", "aim": "Que chaque élève lise.",
        "tasks": "Animer des ateliers de lecture.", "setting": "Un point par semaine avec le tuteur.",
        "audience": "Les élèves de sixième", "place": "3 rue des Écoles, 33000 Bordeaux", "first_on": of.starts_from, "months": 8,
        "weekly_hours": 28, "weekly_days": 5, "asked": 1,
        "filings": 0 if state in ("draft", "withdrawn") else 1,
        "granted": 1 if state in ("accepted", "completed") else None,
        "queued_at": now if state in [str(each) for each in UNDECIDED] else None,
        "decided_at": now if state in [str(each) for each in DECIDED] else None,
    }  # fmt: skip
    given["lead"] = facts.pop("lead", None) or lead(where)
    given["tutor"] = facts.pop("tutor", None) or service_tutor(where)
    if state == ProjectState.UNDER_REVIEW:
        given |= {"taken_at": now, "taken_by": facts.pop("taken_by", None) or case_manager()}
    made = HostProject.objects.create(campaign=of, establishment=where, state=state, **{**given, **facts})
    return noted(made, "civic_service.hostproject.start")


def acting(someone: Person, role: Role) -> Actor:
    """That person in that role."""
    everything = actor_of(someone.pk)
    held = next(each for each in everything.roles if each.role == role)
    found = everything.in_role(held.key)
    assert found is not None
    return found

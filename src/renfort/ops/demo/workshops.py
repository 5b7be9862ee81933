"""The demonstration of coordinated sessions: the association, who coordinates, who leads, and orders in every state (W)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.kernel.firing import fire
from renfort.kernel.moments import moment
from renfort.ops.demo import workshops_money, workshops_participants, workshops_planning
from renfort.ops.demo.hosts import siret
from renfort.ops.demo.people import MOBILE
from renfort.ops.demo.workshops_after import add_replies
from renfort.ops.demo.workshops_attendance import attended
from renfort.ops.demo.workshops_clients import add_contacts_and_terms
from renfort.ops.demo.workshops_fees import approve_and_pay, ask, load_rates
from renfort.ops.greeting import DEMO_DOMAIN, DEMO_PASSWORD
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.services.roles import give_role
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Account, Person
from renfort.workshops.enums import DocumentKind
from renfort.workshops.models import (
    Assignment,
    Candidacy,
    Client,
    ClientContact,
    ComplianceDocument,
    Enrolment,
    Facilitator,
    Order,
    OrderLine,
    Session,
)
from renfort.workshops.workflow import ASSIGNMENT

W = Programme.WORKSHOPS
ASSOCIATION, COORDINATION, ANIMATION, SEVERAL = "association", "coordination", "animation", "plusieurs"
LEADS_TOO = "lucie.marchand.w1"
# address before the domain, first and last name, level ("": leads no sessions), days until the insurance expires (None: missing)
PEOPLE: tuple[tuple[str, str, str, str, int | None], ...] = (
    (ASSOCIATION, "Claire", "Roussel", "", None),
    (COORDINATION, "Samir", "Haddad", "green", 240),
    (ANIMATION, "Léa", "Fontaine", "orange", 20),
    (LEADS_TOO, "Lucie", "Marchand", "green", 300),
    ("adama.keita.w2", "Adama", "Keïta", "yellow", None),
)
# the contact's function, then what is known of the organisation
CLIENTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "school": ("education", "Proviseure adjointe", {
        "name": "Lycée Jean-Zay des Rives", "legal_status_id": "public", "address": "8 rue des Écoles", "postcode": "33000",
        "city": "Bordeaux", "department_id": "33",
    }),
    "town": ("public_sector", "Direction des ressources humaines", {
        "name": "Communauté de communes des Coteaux", "legal_status_id": "public", "address": "1 place de la Mairie",
        "postcode": "31300", "city": "Toulouse", "department_id": "31",
    }),
    "firm": ("company", "Service formation", {
        "name": "Atelier Mécanique du Littoral", "legal_status_id": "association", "address": "24 quai de l'Industrie",
        "postcode": "17000", "city": "La Rochelle", "department_id": "17",
    }),
}  # fmt: skip
NUMBER = 90_000  # of the clients' SIRET: beyond those of the other organisations


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    people: dict[str, Person]
    facilitators: dict[str, Facilitator]

    def actor(self, key: str) -> Actor:
        return actor_of(self.people[key].pk)


def load() -> bool:
    """Add it once, in a demonstration that is there; returns whether anything was added."""
    if not settings.DEMO or Account.objects.filter(email=f"{ASSOCIATION}{DEMO_DOMAIN}").exists():
        return False
    with transaction.atomic():
        set_value(PROGRAMMES["workshops"], OPEN, actor=SERVICE)
        load_rates()
        cast = _people()
        clients = {key: _client(number, *said) for number, (key, said) in enumerate(CLIENTS.items())}
        _running(cast, clients["school"])
        _offered(cast, clients["town"])
        _prepared(clients["firm"])
        _closed(cast, clients["school"])
        workshops_money.load(cast.facilitators, COORDINATION, LEADS_TOO)
        _asked_and_paid(cast, clients["school"])
        _full(cast, clients["firm"])
        add_contacts_and_terms(clients)
        names = (COORDINATION, ANIMATION, LEADS_TOO)
        workshops_planning.load({name: cast.actor(name) for name in names}, cast.facilitators, names)
    return True


def _people() -> Cast:
    people, facilitators, password = {}, {}, make_password(DEMO_PASSWORD)
    for number, (key, first, last, level, insured) in enumerate(PEOPLE):
        address = f"{key}{DEMO_DOMAIN}"
        person = Person.objects.create(
            first_name=first, last_name=last, email=address, mobile_phone=f"{MOBILE}{9000 + number}", postcode="33000"
        )
        account = Account.objects.create(person=person, email=address, password=password, joins="")
        EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
        people[key] = person
        role = Role.FACILITATOR if level else Role.ASSOCIATION_STAFF
        give_role(actor=SERVICE, person=person, programme=W, role=role)
        if level:
            facilitators[key] = _facilitator(person, level, insured)
    several = Person.objects.filter(email=f"{SEVERAL}{DEMO_DOMAIN}").first()
    if several is not None:
        give_role(actor=SERVICE, person=several, programme=W, role=Role.FACILITATOR)
        facilitators[SEVERAL] = _facilitator(several, "yellow", None)
    return Cast(people, facilitators)


def _facilitator(person: Person, level: str, insured: int | None) -> Facilitator:
    made = Facilitator.objects.create(person=person, level=level, languages=["fr"], created_at=timezone.now())
    today = timezone.localdate()
    for kind in DocumentKind if insured is not None else ():
        days = insured if kind == DocumentKind.INSURANCE else 300
        ComplianceDocument.objects.create(
            facilitator=made, kind=kind, valid_from=today - timedelta(days=60),
            valid_until=None if kind == DocumentKind.TRAINER else today + timedelta(days=days or 0), seen_at=timezone.now(),
        )  # fmt: skip
    return made


def _client(number: int, audience: str, contact: str, known: dict[str, str]) -> Client:
    organisation = Organisation.objects.create(**known, siret=siret(NUMBER + number, 1), state=OrganisationState.DRAFT)
    _tell(organisation, "organisations.organisation.register", timezone.now())
    made = Client.objects.create(organisation=organisation, audience=audience)
    ClientContact.objects.create(client=made, name=contact, email=f"contact.w{number}{DEMO_DOMAIN}", is_main=True)
    return made


def _tell(obj: Any, verb: str, at: datetime) -> None:
    """The history of a row made around the services."""
    record(Event(name=verb, obj=obj, actor=SERVICE, at=at, after=str(obj.state)))


def _assignment(client: Client, title: str, lines: dict[str, int], *, by: Facilitator | None = None, ago: int = 20) -> Assignment:
    today, at = timezone.localdate(), timezone.now() - timedelta(days=ago)
    order = Order.objects.create(
        client=client, title=title, audience=client.audience, first_on=today - timedelta(days=ago - 5),
        last_on=today + timedelta(days=40), details="Groupes mêlés de quatorze personnes. Salle avec vidéoprojecteur.",
    )  # fmt: skip
    for kind, quantity in lines.items():
        OrderLine.objects.create(
            order=order, kind=kind, presence="on_site", quantity=quantity, participants=14 * quantity, languages=["fr"],
            unit_price=45_000 if client.audience == "education" else 120_000,
        )  # fmt: skip
    facts: dict[str, Any] = {}
    if by is not None:
        facts = {"state": "awarded", "coordinator": by, "offered_at": at, "awarded_at": at}
        give_role(actor=SERVICE, person=by.person, programme=W, role=Role.COORDINATOR, organisation=client.organisation)
    made = Assignment.objects.create(order=order, audience=order.audience, **facts)
    if by is not None:
        Candidacy.objects.create(assignment=made, facilitator=by, created_at=at)
    _tell(made, "workshops.assignment.open", at)
    return made


def _session(what: Assignment, day: int, *on: tuple[Facilitator, str], kind: str = "workshop", leads: int = 2) -> Session:
    """A session of an afternoon in so many days, with who leads it; past ones have been held."""
    when = timezone.localdate() + timedelta(days=day)
    starts, ends = moment(when, time(14), "Europe/Paris"), moment(when, time(17), "Europe/Paris")
    past = ends <= datetime.now(UTC)
    client = what.order.client.organisation
    made = Session.objects.create(
        assignment=what, kind=kind, presence="on_site", starts_at=starts, ends_at=ends, leads=leads, co_leads=1, observers=1,
        address=client.address, postcode=client.postcode, city=client.city, participants=14 * leads,
        state="held" if past else "planned",
    )  # fmt: skip
    _tell(made, "workshops.session.plan", what.created_at)
    for facilitator, standing in on:
        enrolled = Enrolment.objects.create(
            session=made, facilitator=facilitator, starts_at=starts, ends_at=ends, standing=standing,
            created_at=what.created_at, state="done" if past else "enrolled",
        )  # fmt: skip
        _tell(enrolled, "workshops.enrolment.enrol", what.created_at)
    return made


def _running(cast: Cast, client: Client) -> None:
    """Under way: one session past, one with a place left, one that nobody leads yet."""
    who = cast.facilitators
    what = _assignment(client, "Semaine du climat", {"workshop": 6, "training": 1}, by=who[COORDINATION])
    past = _session(what, -6, (who[COORDINATION], "paid"), (who[ANIMATION], "volunteer"))
    add_replies(past)
    attended(past, by=cast.actor(ANIMATION))
    _session(what, 8, (who[ANIMATION], "paid"))
    _session(what, 15)


def _offered(cast: Cast, client: Client) -> None:
    """Proposed, with a candidacy."""
    what = _assignment(client, "Ateliers des agents", {"workshop": 4}, ago=3)
    fire(ASSIGNMENT, what, "offer", actor=cast.actor(ASSOCIATION))
    Candidacy.objects.create(
        assignment=what, facilitator=cast.facilitators[COORDINATION], created_at=timezone.now(),
        words="J'habite à côté, et j'ai déjà travaillé avec des collectivités.",
    )  # fmt: skip


def _prepared(client: Client) -> None:
    """Still without everything that it takes."""
    _assignment(client, "Formation de l'encadrement", {"training": 2, "coaching": 1}, ago=1)


def _full(cast: Cast, client: Client) -> None:
    """A company's workshop that is full, with people who wait for a seat."""
    what = _assignment(client, "Rentrée des équipes", {"workshop": 1}, by=cast.facilitators[COORDINATION], ago=12)
    workshops_participants.fill(_session(what, 11, (cast.facilitators[COORDINATION], "paid"), leads=1))


def _asked_and_paid(cast: Cast, client: Client) -> None:
    """Two under way whose fees were asked: one request is approved, with somebody paid already; the other one waits."""
    who, by, other = cast.facilitators, cast.facilitators[COORDINATION], cast.facilitators[LEADS_TOO]
    seen_to = _assignment(client, "Parcours des écodélégué·es", {"workshop": 4}, by=by, ago=45)
    _session(seen_to, -33, (by, "paid"), (other, "paid"))
    _session(seen_to, -26, (who[ANIMATION], "paid"))
    _session(seen_to, 20, (by, "paid"))
    waits = _assignment(client, "Journée des secondes", {"workshop": 3}, by=by, ago=30)
    _session(waits, -12, (by, "paid"), (who[ANIMATION], "paid"))
    _session(waits, 26)
    requests = [ask(each, by=cast.actor(COORDINATION)) for each in (seen_to, waits)]
    approve_and_pay(requests[0], by=cast.actor(ASSOCIATION), paid=by, sends=other)


def _closed(cast: Cast, client: Client) -> None:
    """Done and closed: led by people whom nobody pays."""
    who = cast.facilitators
    what = _assignment(client, "Journée d'accueil", {"workshop": 2}, by=who[COORDINATION], ago=70)
    _session(what, -50, (who[COORDINATION], "internal"), (who[LEADS_TOO], "volunteer"))
    fire(ASSIGNMENT, what, "close", actor=cast.actor(COORDINATION))

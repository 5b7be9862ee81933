"""Orders, assignments, sessions and facilitators for tests: inserted as they are asked for, with the history that leads there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from tests.factories.organisations import grant, organisation
from tests.factories.people import account, person

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.kernel.recent import forget_all
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Person
from renfort.workshops.enums import DocumentKind
from renfort.workshops.models import (
    Assignment,
    Candidacy,
    Client,
    ClientContact,
    ComplianceDocument,
    Enrolment,
    Facilitator,
    Fee,
    Order,
    OrderLine,
    Proof,
    Questionnaire,
    Rate,
    Registration,
    Round,
    Session,
    Survey,
)
from renfort.workshops.selectors.questionnaires import newest
from renfort.workshops.services.questionnaires import create, publish_draft

W = Programme.WORKSHOPS
CONTACT = {"name": "Paul Martin", "email": "paul@example.org", "phone": ""}


def open_programme() -> None:
    """The operator has opened the programme; a page of the test before may have noted it as closed since."""
    set_value(PROGRAMMES["workshops"], OPEN, actor=SERVICE)
    forget_all()


def noted(obj: Any, verb: str) -> Any:
    """Give a row made around the services its history."""
    record(Event(name=verb, obj=obj, actor=SERVICE, at=timezone.now(), after=str(obj.state)))
    return obj


def staff(**facts: Any) -> Person:
    """Somebody of the association."""
    someone = account(person(**facts)).person
    grant(someone, W, Role.ASSOCIATION_STAFF)
    return someone


def facilitator(level: str = "green", *, compliant: bool = True, **facts: Any) -> Facilitator:
    """Somebody who leads sessions, with valid documents unless the test says otherwise."""
    someone = account(person(**facts)).person
    grant(someone, W, Role.FACILITATOR)
    made = Facilitator.objects.create(person=someone, level=level, languages=["fr"], created_at=timezone.now())
    for kind in DocumentKind if compliant else ():
        document(made, kind)
    return made


def document(someone: Facilitator, kind: str, *, since: int = -100, until: int | None = 300) -> ComplianceDocument:
    """A document valid from so many days to so many days from today."""
    today = timezone.localdate()
    return ComplianceDocument.objects.create(
        facilitator=someone, kind=kind, valid_from=today + timedelta(days=since),
        valid_until=None if until is None else today + timedelta(days=until), seen_at=timezone.now(),
    )  # fmt: skip


def client(where: Organisation | None = None, **facts: Any) -> Client:
    """A client organisation with its main contact."""
    given = {"audience": "education", **facts}
    said = {name: given.pop(f"contact_{name}", default) for name, default in CONTACT.items()}
    made = Client.objects.create(organisation=where or organisation(), **given)
    ClientContact.objects.create(client=made, is_main=True, **said)
    return made


def contact(of: Client, **facts: Any) -> ClientContact:
    """Another contact of a client; with ``person`` they follow its orders."""
    made = ClientContact.objects.create(client=of, **{"name": "Inès Roche", "email": "ines@example.org", **facts})
    if made.person is not None:
        grant(made.person, W, Role.CLIENT_CONTACT, of.organisation)
    return made


def assignment(
    state: str = "draft", *, by: Facilitator | None = None, audience: str = "education", where: Client | None = None, **lines: int
) -> Assignment:  # fmt: skip
    """An order of three workshops, or of these numbers by kind, and its assignment; given to ``by`` when awarded."""
    buyer = where or client(audience=audience)
    order = Order.objects.create(client=buyer, title="Semaine du climat", audience=audience)
    for kind, quantity in (lines or {"workshop": 3}).items():
        OrderLine.objects.create(
            order=order, kind=kind, presence="on_site", quantity=quantity, participants=14 * quantity, languages=["fr"],
            unit_price=50_000,
        )  # fmt: skip
    now = timezone.now()
    facts: dict[str, Any] = {"offered_at": now} if state != "draft" else {}
    if state in ("awarded", "closed"):
        by = by or facilitator()
        facts |= {"coordinator": by, "awarded_at": now}
        rate("coordination", "", audience=audience, amount=10_000)
        if not by.person.grants.filter(role=Role.COORDINATOR, organisation=buyer.organisation).exists():
            grant(by.person, W, Role.COORDINATOR, buyer.organisation)
        if state == "closed":
            facts["closed_at"] = now
    made = Assignment.objects.create(order=order, audience=audience, state=state, **facts)
    if by is not None and state != "closed":  # nothing is written beside a closed one any more
        Candidacy.objects.create(assignment=made, facilitator=by, created_at=now)
    return noted(made, "workshops.assignment.open")


def session(what: Assignment, *, day: int = 7, hour: int = 12, lasts: int = 3, **facts: Any) -> Session:
    """A workshop in so many days, from so many hours after midnight UTC, for so many hours."""
    starts = datetime.combine(timezone.localdate(), time(), UTC) + timedelta(days=day, hours=hour)
    given = {
        "kind": "workshop", "presence": "on_site", "starts_at": starts, "ends_at": starts + timedelta(hours=lasts),
        "address": "12 rue des Lilas", "postcode": "33000", "city": "Bordeaux",
    }  # fmt: skip
    return noted(Session.objects.create(assignment=what, **{**given, **facts}), "workshops.session.plan")


def enrolment(what: Session, someone: Facilitator | None = None, **facts: Any) -> Enrolment:
    """Somebody on a session."""
    made = Enrolment.objects.create(
        session=what, facilitator=someone or facilitator(), starts_at=what.starts_at, ends_at=what.ends_at,
        created_at=timezone.now(), **facts,
    )  # fmt: skip
    return noted(made, "workshops.enrolment.enrol")


def rate(role: str = "lead", kind: str = "workshop", **facts: Any) -> Rate:
    """The rate of one part of a session (``kind`` "" for the coordination); the one that there is, when it is the same."""
    given = {"audience": "education", "amount": 15_000, "first_on": date(2020, 1, 1), "last_on": None}
    return Rate.objects.get_or_create(role=role, kind=kind, **{**given, **facts})[0]


def fee(
    state: str = "requested", *, of: Enrolment | None = None, within: Round | None = None, kind: str = "session",
    quantity: int = 1, what: Assignment | None = None, amount: int = 15_000,
) -> Fee:  # fmt: skip
    """What somebody is owed for a session of last week, or (``kind`` coordination) for ``quantity`` services of ``what``."""
    now = timezone.now()
    facts: dict[str, Any] = {"state": state, "created_at": now}
    if kind == "coordination":
        what = what or assignment("awarded")
        price = rate("coordination", "", audience=what.audience, amount=10_000)
        payee, rate_on, amount = what.coordinator_id, timezone.localdate(), 10_000
    else:
        of = of or enrolment(session(what or assignment("awarded"), day=-7, state="held"), state="done")
        one = of.session
        what, payee, rate_on = one.assignment, of.facilitator_id, one.local_start.date()
        price = rate(of.seat, one.kind, audience=what.audience, amount=amount)
        facts |= {"enrolment": of, "round": within or sent_round(what, "submitted" if state == "requested" else "approved")}
    if state not in ("requested", "returned"):
        facts["approved_at"] = now
    if state == "returned":
        facts |= {"returned_at": now, "reason": "La session a été annulée."}
    if state == "paid":
        facts["paid_at"] = now
    made = Fee.objects.create(
        assignment=what, payee_id=payee, kind=kind, rate=price, rate_on=rate_on, quantity=quantity, unit_amount=amount,
        amount=quantity * amount, **facts,
    )  # fmt: skip
    return noted(made, "workshops.fee.request")


def sent_round(what: Assignment, state: str = "submitted") -> Round:
    """The request of this month for an assignment, made when there is none."""
    now = timezone.now()
    month = timezone.localdate().replace(day=1)
    known = Round.objects.filter(assignment=what, month=month, state=state).first()
    facts = {"approved_at": now} if state == "approved" else {}
    return known or noted(
        Round.objects.create(assignment=what, month=month, state=state, submitted_at=now, **facts), "workshops.round.submit"
    )


def registration(what: Session, state: str = "confirmed", **facts: Any) -> Registration:
    """Somebody who takes part in a session: « confirmed » unless the test says otherwise; each with an address of its own."""
    n = Registration.objects.count() + 1
    now = timezone.now()
    given: dict[str, Any] = {"first_name": "Awa", "last_name": f"Diallo {n}", "email": f"awa{n}@example.org", "created_at": now}
    if state == "waiting":
        given["seat_order"] = what.registrations.filter(state="waiting").count() + 1
    if state == "present":
        given["marked_at"] = now
    if state not in ("invited", "cancelled"):
        given["agreed_at"] = now
    made = Registration.objects.create(session=what, state=state, **{**given, **facts})
    return noted(made, "workshops.registration.join")


def as_person(someone: Facilitator | Person) -> Actor:
    """The person with all roles held now."""
    return actor_of(someone.pk)


def acting(someone: Facilitator | Person, role: str) -> Actor:
    """The person in one role of the programme alone, as its pages are (P13)."""
    whole = actor_of(someone.pk)
    held = next(each for each in whole.roles if each.programme == W and each.role == role)
    found = whole.in_role(held.key)
    assert found is not None
    return found


def questionnaire(moment: str = "hot", **facts: str) -> Questionnaire:
    """A questionnaire with the questions that all begin with, published."""
    made = create(actor=SERVICE, moment=moment, **facts)
    publish_draft(actor=SERVICE, questionnaire=made)
    return made


def survey(who: Registration, moment: str = "hot", *, what: Questionnaire | None = None, **facts: Any) -> Survey:
    """A questionnaire sent to a participant an hour ago, open for two months."""
    known = Questionnaire.objects.filter(moment=moment, retired_at=None).first()
    edition = newest(what or known or questionnaire(moment))
    now = timezone.now()
    given = {"sent_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=60)}
    return Survey.objects.create(registration=who, moment=moment, edition=edition, **{**given, **facts})


def sent_proof(someone: Facilitator, kind: str = "insurance", *, until: int = 200) -> Proof:
    """A document that somebody has sent, with its file (a page)."""
    day = timezone.localdate()
    data = b"%PDF-1.7 a page"
    path = default_storage.save("workshops/proofs/test.pdf", ContentFile(data))
    made = Proof.objects.create(
        facilitator=someone, kind=kind, name="attestation.pdf", file=path, media="application/pdf", size=len(data),
        digest="0" * 64, valid_from=day, valid_until=day + timedelta(days=until), sent_at=timezone.now(),
    )  # fmt: skip
    return noted(made, "workshops.proof.send")

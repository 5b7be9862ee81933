"""Three hundred people of one session marked from six phones at once, through HTTP: nobody lost, nobody twice (W6)."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.ops.bench._browser import Answer, Browser, percentile, signed_in
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._server import serving
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.services.roles import give_role
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Account, Person
from renfort.workshops.models import Assignment, Client, Enrolment, Facilitator, Mark, Order, Registration, Session

W = Programme.WORKSHOPS
OK, SERVER_ERROR = 200, 500


def run(*, people: int = 300, phones: int = 6, twice: int = 10, database: str = "") -> dict[str, Any]:
    """Let ``phones`` of as many facilitators mark ``people`` one by one, each phone its share and some of the next one's.

    ``twice``: of a hundred taps so many are sent again at once, as a phone does that heard no answer.
    ``database``: a migrated database to use instead of making one.

    Returns present, doubles, lost, answers above 499, and percentiles of one mark in milliseconds.
    """
    with bench_database(database) as url:
        with transaction.atomic():
            session, accounts, registrations = write(people=people, phones=phones)
        with serving(url) as port:
            begun = time.perf_counter()
            answers = _mark_all(session, signed_in(accounts, port), registrations, phones=phones, twice=twice)
            seconds = time.perf_counter() - begun
        times = [answer.ms for answer in answers]
        present = Registration.objects.filter(session=session, state="present").count()
        result = {
            "people": people, "phones": phones, "seconds": round(seconds, 1), "present": present, "lost": people - present,
            "doubles": Mark.objects.filter(session=session).count() - present,
            "server_errors": sum(answer.status >= SERVER_ERROR for answer in answers),
            "refused": sum(answer.status != OK for answer in answers), "requests": len(times),
            "p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95),
            "integrity": [finding.check.name for finding in run_checks(registered()) if not finding.holds],
        }  # fmt: skip
        connection.close()
        return result


def write(*, people: int, phones: int) -> tuple[Session, list[Account], list[int]]:
    """A session under way with so many facilitators and so many people expected; returns it, their accounts, the numbers."""
    now = timezone.now()
    set_value(PROGRAMMES["workshops"], OPEN, actor=SERVICE)
    school = Organisation.objects.create(
        name="Lycée des Rives", legal_status_id="public", department_id="33", city="Bordeaux", state=OrganisationState.DRAFT
    )
    client = Client.objects.create(organisation=school, audience="education")
    _tell(school, "organisations.organisation.register")
    team = [_facilitator(number) for number in range(phones)]
    order = Order.objects.create(client=client, title="Grande journée", audience="education")
    chief = team[0]
    give_role(actor=SERVICE, person=chief.person, programme=W, role=Role.COORDINATOR, organisation=client.organisation)
    assignment = Assignment.objects.create(
        order=order, audience="education", state="awarded", coordinator=chief, offered_at=now, awarded_at=now
    )
    _tell(assignment, "workshops.assignment.open")
    session = Session.objects.create(
        assignment=assignment, kind="workshop", presence="on_site", starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(hours=2), city="Bordeaux", leads=phones, participants=people,
    )  # fmt: skip
    _tell(session, "workshops.session.plan")
    for each in team:
        on = Enrolment.objects.create(
            session=session,
            facilitator=each,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            standing="internal",
            created_at=now,
        )
        _tell(on, "workshops.enrolment.enrol")
    rows = Registration.objects.bulk_create(
        Registration(
            session=session, first_name="Awa", last_name=f"Diallo {number}", email=f"awa{number}@bench.test", state="confirmed",
            created_at=now, agreed_at=now,
        )
        for number in range(people)
    )  # fmt: skip
    for one in rows:
        _tell(one, "workshops.registration.join")
    return session, list(Account.objects.filter(person__in=[each.pk for each in team]).order_by("pk")), [each.pk for each in rows]


def _facilitator(number: int) -> Facilitator:
    person = Person.objects.create(first_name="Léa", last_name=f"Fontaine {number}", email=f"lea{number}@bench.test")
    Account.objects.create(person=person, email=person.email, password="!", joins="")  # noqa: S106 -- nobody signs in by it
    give_role(actor=SERVICE, person=person, programme=W, role=Role.FACILITATOR)
    return Facilitator.objects.create(person=person, level="green", languages=["fr"], created_at=timezone.now())


def _tell(obj: Any, verb: str) -> None:
    record(Event(name=verb, obj=obj, actor=SERVICE, at=timezone.now(), after=str(obj.state)))


def _mark_all(session: Session, browsers: list[Browser], numbers: list[int], *, phones: int, twice: int) -> list[Answer]:
    page, rng = f"/ateliers/presences/{session.pk}/", random.Random(1)  # noqa: S311 -- who is sent twice, not a secret
    shares = [numbers[start::phones] for start in range(phones)]
    with ThreadPoolExecutor(phones) as pool:
        jobs = [
            pool.submit(_phone, browser, page, share, [rng.randrange(100) < twice for _each in share])
            for browser, share in zip(browsers, shares, strict=True)
        ]
        return [answer for job in jobs for answer in job.result()]


def _phone(browser: Browser, page: str, share: list[int], again: list[bool]) -> list[Answer]:
    """Open the list, then tap one by one; the form without script asks the same of the server as the script does."""
    token, answers = browser.get(page).field("csrfmiddlewaretoken"), []
    for number, is_repeated in zip(share, again, strict=True):
        key = uuid4()
        for _time in range(1 + is_repeated):
            answers.append(_tap(browser, page, token, number, key))
    browser.close()
    return answers


def _tap(browser: Browser, page: str, token: str, number: int, key: UUID) -> Answer:
    marks = {"marks": [{"key": str(key), "registration": number, "act": "present", "ago": 0}]}
    return browser.post_json(f"{page}marques/", json.dumps(marks), token)

"""A month of fees from the request to the bank's answer, each step sent twice at once: nobody is paid twice (W8, W11)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour_of
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Count, Sum
from django.test.utils import override_settings
from django.utils import timezone
from lxml import etree

from renfort.audit.recorder import record_many
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.kernel.firing import Refused
from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.kernel.recent import forget_all
from renfort.ops.bench._database import bench_database
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.services.roles import give_role
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Account, Person
from renfort.people.selectors import today
from renfort.workshops.catalogue import BILLING
from renfort.workshops.enums import LIVING, PaymentOutcome
from renfort.workshops.models import (
    Assignment,
    Bill,
    Client,
    Enrolment,
    Facilitator,
    Fee,
    Mandate,
    Order,
    OrderLine,
    Payee,
    Payment,
    Rate,
    Round,
    Session,
    Transfer,
)
from renfort.workshops.selectors.bills import bills_to_pay
from renfort.workshops.services.bills import ask_bills, write_due
from renfort.workshops.services.fees import approve_round, request_fees
from renfort.workshops.services.statements import issue_statement
from renfort.workshops.services.transfers import prepare, report

W = Programme.WORKSHOPS
AMOUNT = 15_000  # cents of one fee
BANK, BRANCH = "30006", "00001"
AT_DOOR = 60  # seconds that one of a pair waits for the other
BILLS = {
    "name": "Les Ateliers du Climat", "address": "1 place de la Paix", "postcode": "33000", "city": "Bordeaux",
    "siret": "44306184100047", "iban": "FR7630006000011234567890189",
}  # fmt: skip


class UnevenError(ValueError):
    """The numbers do not divide: each payee is to have as many fees as any other."""


@dataclass(slots=True)
class Scene:
    """What is there before the month is asked for."""

    chief: Actor
    missions: list[tuple[Assignment, Actor]]  # each with who coordinates it
    payees: list[Facilitator]


@dataclass(slots=True)
class Tally:
    """What each step took, and what came of the pairs that were sent at once."""

    seconds: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    refused: int = 0  # the second of a pair, told in words that somebody was faster
    errors: Counter[str] = field(default_factory=Counter)  # anything else than a result or such a sentence


def run(*, fees: int = 2000, payees: int = 50, missions: int = 10, leads: int = 5, database: str = "") -> dict[str, Any]:
    """Ask, approve, state, invoice, pay and settle ``fees`` fees of ``payees`` people on ``missions`` missions.

    ``leads``: so many lead each session. ``database``: a migrated database to use instead of making one.
    Each step is sent twice at once, on two connections. Its files go into a folder that is removed with them.

    Returns fees, seconds in all and of each step, fees or accounts paid twice, and what does not hold of ``renfort integrity``.

    Raises:
        UnevenError: the numbers do not divide.
    """
    if fees % payees or payees % leads:
        raise UnevenError(f"{fees} fees of {payees} payees, {leads} a session, do not divide")
    with bench_database(database), TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        with transaction.atomic():
            scene = write(fees=fees, payees=payees, missions=missions, leads=leads)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        tally = _month(scene)
        result = {
            "fees": fees, "payees": payees, "missions": missions, "seconds": round(sum(tally.seconds.values()), 1),
            "steps": {name: round(each, 2) for name, each in tally.seconds.items()},
            "paid": Fee.objects.filter(state="paid").count(), "paid_twice": paid_twice(),
            "cents": Payment.objects.filter(outcome=PaymentOutcome.PAID).aggregate(n=Sum("amount"))["n"], "owed": fees * AMOUNT,
            "rounds": Round.objects.count(), "bills": Bill.objects.count(), "transfers": Transfer.objects.count(),
            "pairs": tally.sent, "refused": tally.refused, "errors": dict(tally.errors),
            "integrity": [finding.check.name for finding in run_checks(registered()) if not finding.holds],
        }  # fmt: skip
        connection.close()
        return result


def paid_twice() -> int:
    """Fees that more than one living payment pays, and accounts to which the bank's files send more than they are owed."""
    living = [str(each) for each in LIVING]
    alive = Fee.objects.filter(bill_line__bill__payments__outcome__in=living)
    doubles = alive.annotate(n=Count("bill_line__bill__payments")).filter(n__gt=1).count()
    sent: Counter[str] = Counter()
    for transfer in Transfer.objects.exclude(state="cancelled"):
        with transfer.file.open() as file:
            for line in etree.fromstring(file.read()).iterfind(".//{*}CdtTrfTxInf"):
                cents = line.findtext(".//{*}InstdAmt", "0").replace(".", "")
                sent[line.findtext("{*}CdtrAcct/{*}Id/{*}IBAN", "")] += int(cents)
    owed = _owed()
    return doubles + sum(cents > owed.get(account, 0) for account, cents in sent.items())


def _owed() -> dict[str, int]:
    """What each account is owed, by its number."""
    sums = dict(Fee.objects.order_by().values_list("payee").annotate(n=Sum("amount")))
    return {each.iban: sums.get(each.pk, 0) for each in Payee.objects.all()}


# ── the month ─────────────────────────────────────────────────────────────────────────────────────
def _month(scene: Scene) -> Tally:
    tally, chief, day = Tally(), scene.chief, today()

    def step(name: str, *deeds: Callable[[], Any]) -> list[Any]:
        begun = time.perf_counter()
        results = [each for deed in deeds for each in _twice(deed, tally)]
        tally.seconds[name] = time.perf_counter() - begun
        return results

    step("asked", *(_asking(mission, by) for mission, by in scene.missions))
    rounds = Round.objects.filter(state="submitted").select_related("assignment__order")
    step("approved", *(_approving(each, chief) for each in rounds))
    step("stated", *(_stating(actor_of(each.pk), day.replace(day=1)) for each in scene.payees))
    step("asked for invoices", lambda: ask_bills(actor=chief))
    step("invoiced", lambda: write_due(timezone.now()))
    owed = list(bills_to_pay().values_list("pk", flat=True))
    step("file", lambda: prepare(actor=chief, bills=owed, execution_on=day))
    step("settled", *(_settling(each, chief, day) for each in Transfer.objects.filter(state="ready")))
    return tally


def _asking(mission: Assignment, by: Actor) -> Callable[[], Any]:
    done = list(Enrolment.objects.filter(session__assignment=mission).values_list("pk", flat=True))
    return lambda: request_fees(actor=by, assignment=mission, chosen=done)


def _approving(request: Round, chief: Actor) -> Callable[[], Any]:
    return lambda: approve_round(actor=chief, request=request)


def _stating(payee: Actor, month: date) -> Callable[[], Any]:
    return lambda: issue_statement(actor=payee, month=month)


def _settling(transfer: Transfer, chief: Actor, day: date) -> Callable[[], Any]:
    return lambda: report(actor=chief, transfer=transfer, rejected={}, settled_on=day)


def _twice(deed: Callable[[], Any], tally: Tally) -> list[Any]:
    """Do the same on two connections at once; a sentence that refuses the second is counted, anything else is an error."""
    door = threading.Barrier(2)

    def one() -> Any:
        try:
            door.wait(AT_DOOR)
            return deed()
        except Refused as refused:
            return refused
        finally:
            connections["default"].close()

    tally.sent += 1
    results = []
    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(one) for _each in range(2)]:
            try:
                result = job.result()
            except Exception as error:  # whatever it is, it is what the bench looks for
                tally.errors[f"{type(error).__name__}: {error}"[:200]] += 1
                continue
            tally.refused += isinstance(result, Refused)
            results.append(result)
    return results


# ── the scene ─────────────────────────────────────────────────────────────────────────────────────
def write(*, fees: int, payees: int, missions: int, leads: int) -> Scene:
    """Sessions held in the last weeks, each led by ``leads`` people who are owed a fee; every payee has as many as any other."""
    set_value(PROGRAMMES["workshops"], OPEN, actor=SERVICE)
    forget_all()
    for key, value in BILLS.items():
        set_value(BILLING[key], value, actor=SERVICE)
    for role, kind in (("lead", "workshop"), ("coordination", "")):
        Rate.objects.create(audience="education", role=role, kind=kind, amount=AMOUNT, first_on=date(2020, 1, 1))
    chief = _person("Claire", "Roussel", Role.ASSOCIATION_STAFF)
    able = [_payee(number) for number in range(payees)]
    given = [_mission(number) for number in range(missions)]
    _sessions([mission for mission, _by in given], able, blocks=fees // payees, leads=leads)
    return Scene(_in_role(chief, Role.ASSOCIATION_STAFF), given, able)


def _person(first: str, last: str, role: str, **where: Any) -> Person:
    email = f"{first}.{last}".lower().replace(" ", "") + "@bench.test"
    person = Person.objects.create(first_name=first, last_name=last, email=email)
    Account.objects.create(person=person, email=email, password="!", joins="")  # noqa: S106 -- nobody signs in by it
    give_role(actor=SERVICE, person=person, programme=W, role=role, **where)
    return person


def _in_role(person: Person, role: str) -> Actor:
    whole = actor_of(person.pk)
    found = whole.in_role(next(each.key for each in whole.roles if each.programme == W and each.role == role))
    if found is None:
        raise RuntimeError(f"{person} is not {role}")
    return found


def _payee(number: int) -> Facilitator:
    """A company in France with an account of its own and a mandate in force."""
    person, now = _person("Lou", f"Martin {number}", Role.FACILITATOR), timezone.now()
    made = Facilitator.objects.create(person=person, level="green", languages=["fr"], created_at=now)
    Payee.objects.create(
        facilitator=made, holder=f"Lou Martin {number}", iban=account_number(number), company=f"Lou Martin {number}",
        siret="73282932000074", vat_regime="exempt", address="3 rue des Lilas", postcode="33000", city="Bordeaux", changed_at=now,
    )  # fmt: skip
    Mandate.objects.create(facilitator=made, number=f"M{made.pk}-1", text="Mandat", accepted_at=now)
    return made


def account_number(number: int) -> str:
    """A French account number whose two keys are right: that of the RIB, and that of the IBAN (ISO 13616)."""
    account = f"{number + 1:011d}"
    key = 97 - (89 * int(BANK) + 15 * int(BRANCH) + 3 * int(account)) % 97
    rib = f"{BANK}{BRANCH}{account}{key:02d}"
    return f"FR{98 - int(f'{rib}152700') % 97:02d}{rib}"


def _mission(number: int) -> tuple[Assignment, Actor]:
    now = timezone.now()
    school = Organisation.objects.create(
        name=f"Lycée des Rives {number}", legal_status_id="public", department_id="33", city="Bordeaux",
        state=OrganisationState.DRAFT,
    )  # fmt: skip
    _tell([school], "organisations.organisation.register")
    client = Client.objects.create(organisation=school, audience="education")
    order = Order.objects.create(client=client, title="Semaine du climat", audience="education")
    OrderLine.objects.create(
        order=order, kind="workshop", presence="on_site", quantity=200, participants=2000, languages=["fr"], unit_price=50_000
    )
    coordinator = _person("Samir", f"Haddad {number}", Role.COORDINATOR, organisation=school)
    give_role(actor=SERVICE, person=coordinator, programme=W, role=Role.FACILITATOR)
    leader = Facilitator.objects.create(person=coordinator, level="green", languages=["fr"], created_at=now)
    made = Assignment.objects.create(
        order=order, audience="education", state="awarded", coordinator=leader, offered_at=now, awarded_at=now
    )
    _tell([made], "workshops.assignment.open")
    return made, _in_role(coordinator, Role.COORDINATOR)


def _sessions(missions: list[Assignment], payees: list[Facilitator], *, blocks: int, leads: int) -> None:
    """In each half-day everybody leads one session somewhere; missions and teams change from one half-day to the next."""
    sessions, teams, now = [], [], timezone.now()
    for block in range(blocks):
        day, hour = today() - timedelta(days=1 + block // 2), (7, 12)[block % 2]
        starts = datetime.combine(day, hour_of(hour), UTC)
        for number in range(len(payees) // leads):
            sessions.append(
                Session(
                    assignment=missions[(number + block) % len(missions)], kind="workshop", presence="on_site", starts_at=starts,
                    ends_at=starts + timedelta(hours=3), city="Bordeaux", leads=leads, participants=28, state="held",
                )
            )  # fmt: skip
            teams.append([payees[(number * leads + each + block) % len(payees)] for each in range(leads)])
    made = Session.objects.bulk_create(sessions)
    _tell(made, "workshops.session.plan")
    on = Enrolment.objects.bulk_create(
        Enrolment(
            session=one, facilitator=each, starts_at=one.starts_at, ends_at=one.ends_at, state="done", standing="paid",
            created_at=now,
        )
        for one, team in zip(made, teams, strict=True)
        for each in team
    )  # fmt: skip
    _tell(on, "workshops.enrolment.enrol")


def _tell(rows: list[Any], verb: str) -> None:
    """The history of rows made around the services."""
    now = timezone.now()
    record_many(Event(name=verb, obj=each, actor=SERVICE, at=now, after=str(each.state)) for each in rows)

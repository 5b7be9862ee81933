"""Clients, orders and their lines, by the association (W11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.organisations.services.registering import KnownOrganisation, register
from renfort.workshops.enums import AssignmentState
from renfort.workshops.messages import APPLIED
from renfort.workshops.models import Assignment, Candidacy, Client, ClientContact, Order, OrderLine
from renfort.workshops.selectors.assignment import facilitator_of, why_not
from renfort.workshops.selectors.roles import is_staff

MOST_LINES = 20
OVER = (AssignmentState.CLOSED, AssignmentState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFacts:
    """A client as the form says it."""

    organisation: KnownOrganisation
    audience: str
    contact_name: str
    contact_function: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One line. ``unit_price``: cents before tax, for one service."""

    kind: str
    presence: str
    quantity: int
    languages: Sequence[str]
    unit_price: int
    participants: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """An order without its lines; the wanted period has both days or none."""

    title: str
    audience: str
    details: str = ""
    first_on: date | None = None
    last_on: date | None = None
    wanted_on: Sequence[date] = ()
    aim: str = ""
    content: str = ""
    means: str = ""
    duration: str = ""
    follow_up: str = ""
    payment: str = ""


def only_staff(actor: Actor) -> None:
    """Let the association, and the machine itself, go on.

    Raises:
        NotAllowed: the actor is neither.
    """
    if not is_staff(actor) and actor.kind != "service":
        raise NotAllowed(_("Cette action est réservée à l'association."))


def create_client(*, actor: Actor, facts: ClientFacts) -> Client:
    """Note a client; the organisation of its SIRET when it is here already.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: this organisation is a client already.
    """
    only_staff(actor)
    with transaction.atomic():
        organisation = register(actor=actor, facts=facts.organisation)
        if Client.objects.filter(pk=organisation.pk).exists():
            raise Refused(_("« %(name)s » est déjà cliente.") % {"name": organisation.name})
        client = Client.objects.create(organisation=organisation, audience=facts.audience)
        ClientContact.objects.create(
            client=client, name=facts.contact_name, function=facts.contact_function, email=facts.contact_email,
            phone=facts.contact_phone, is_main=True,
        )  # fmt: skip
        publish("workshops.client.create", client, actor=actor, codes={"audience": facts.audience})
    return client


def create_order(*, actor: Actor, client: Client, facts: OrderFacts, lines: Sequence[LineFacts] = ()) -> Assignment:
    """Note an order with its first assignment, « en préparation ».

    Raises:
        NotAllowed: the actor does not work for the association.
    """
    only_staff(actor)
    with transaction.atomic():
        order = Order.objects.create(
            client=client, created_by_id=actor.person_id, **{**asdict(facts), "wanted_on": list(facts.wanted_on)}
        )
        publish("workshops.order.create", order, actor=actor, codes={"audience": facts.audience})
        assignment = Assignment.objects.create(order=order, audience=order.audience)
        publish("workshops.assignment.open", assignment, actor=actor, after=assignment.state)
        for line in lines:
            _write_line(actor, order, line)
    return assignment


def add_line(*, actor: Actor, order: Order, facts: LineFacts) -> OrderLine:
    """Add a line to an order that is not closed.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the order is closed or cancelled, or has as many lines as one may have.
    """
    only_staff(actor)
    with transaction.atomic():
        hold_order(order)
        refuse_signed(order)
        if order.lines.count() >= MOST_LINES:
            raise Refused(_("Une commande a au plus %(n)d lignes.") % {"n": MOST_LINES})
        return _write_line(actor, order, facts)


def remove_line(*, actor: Actor, order: Order, number: int) -> None:
    """Take a line off an order that is not closed; one that is gone already is gone.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the order is closed or cancelled.
    """
    only_staff(actor)
    with transaction.atomic():
        hold_order(order)
        line = OrderLine.objects.filter(order=order, pk=number).first()
        if line is None:
            return
        refuse_signed(order)
        codes: dict[str, Plain] = {"kind": line.kind, "quantity": line.quantity, "unit_price": line.unit_price}
        publish("workshops.orderline.remove", line, actor=actor, codes=codes)
        line.delete()


def hold_order(order: Order) -> list[Assignment]:
    """Hold the assignments of an order, and return them; nothing of a closed one changes (W10).

    Raises:
        Refused: none of them can still change.
    """
    assignments = [lock_row(each) for each in order.assignments.order_by("pk")]
    if not any(each.state not in OVER for each in assignments):
        raise Refused(_("Cette commande est clôturée ou annulée : plus rien n'y change."))
    return assignments


def refuse_signed(order: Order) -> None:
    """Refuse to go on when the client has signed what the order says; call it with the order's assignments held.

    Raises:
        Refused: the convention is signed.
    """
    if Order.objects.filter(pk=order.pk).exclude(signed_on=None).exists():
        raise Refused(_("La convention est signée : retirez d'abord la signature pour changer ce qu'elle dit."))


def _write_line(actor: Actor, order: Order, facts: LineFacts) -> OrderLine:
    line = OrderLine.objects.create(order=order, **{**asdict(facts), "languages": list(facts.languages)})
    publish(
        "workshops.orderline.add", line, actor=actor,
        codes={"kind": facts.kind, "quantity": facts.quantity, "unit_price": facts.unit_price},
    )  # fmt: skip
    return line


# ── who would coordinate (W1) ─────────────────────────────────────────────────────────────────────
def apply(*, actor: Actor, assignment: Assignment, words: str = "") -> Candidacy:
    """Propose to coordinate an opportunity; the same candidacy when there is one.

    Raises:
        NotAllowed: the actor leads no sessions.
        Refused: it is not offered any more, or the level is too low for its audience.
    """
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise NotAllowed(_("Cette action est réservée aux animateur·ices."))
    with transaction.atomic():
        locked: Assignment = lock_row(assignment)
        if locked.state != AssignmentState.OFFERED:
            raise Refused(_("Cette opportunité n'est plus proposée."))
        if reasons := why_not(locked, facilitator):
            raise Refused(*reasons)
        known = Candidacy.objects.filter(assignment=locked, facilitator=facilitator, withdrawn_at=None).first()
        if known is not None:
            return known
        made = Candidacy.objects.create(assignment=locked, facilitator=facilitator, words=words, created_at=timezone.now())
        publish("workshops.candidacy.apply", made, actor=actor, texts={"words": words} if words else {}, tells=(APPLIED,))
    return made


def withdraw_candidacy(*, actor: Actor, assignment: Assignment) -> bool:
    """Propose it no longer, while nobody was chosen. Returns whether one did.

    Raises:
        Refused: the assignment was given meanwhile.
    """
    with transaction.atomic():
        locked: Assignment = lock_row(assignment)
        mine = Candidacy.objects.filter(assignment=locked, facilitator=actor.person_id or 0, withdrawn_at=None).first()
        if mine is None:
            return False
        if locked.coordinator_id == actor.person_id:
            raise Refused(_("La mission vous est déjà confiée : rendez-la depuis sa page."))
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        publish("workshops.candidacy.withdraw", mine, actor=actor)
    return True

"""What follows from a closing: what was ordered and done is sealed; a mistake is a new order beside it (W10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from renfort.documents.models import Paper
from renfort.documents.selectors import valid_paper
from renfort.documents.services import issue
from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.people.models import Person
from renfort.workshops.enums import AssignmentState
from renfort.workshops.models import Assignment, Order
from renfort.workshops.papers.closing import CLOSING, closing_facts
from renfort.workshops.papers.convention import CONVENTION, order_facts
from renfort.workshops.selectors.roles import is_staff

LANGUAGE = "fr"  # of papers that several read: there is one of each, with one hash


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """What is to be mended: the title of the new order, and why."""

    title: str
    why: str


def seal(*, actor: Actor, assignment: Assignment, reason: str = "") -> Paper:
    """« Bilan de mission » of an assignment that has just been closed, in the transaction that closed it.

    Raises:
        Refused: it is not closed, or nobody coordinated it.
    """
    coordinator = assignment.coordinator
    if assignment.state != AssignmentState.CLOSED or coordinator is None:
        raise Refused(_("Le bilan s'établit à la clôture."))
    with translation.override(LANGUAGE):
        return issue(
            actor=actor, kind=CLOSING, subject=assignment.pk, series=str(assignment.pk), person=coordinator.person,
            facts=closing_facts(assignment, reason=reason),
        )  # fmt: skip


def sealed(assignment: Assignment) -> Paper | None:
    """The « bilan » of a closed assignment, None while there is none. One query."""
    return valid_paper(CLOSING.key, f"{assignment.pk}:{LANGUAGE}")


def convention(*, actor: Actor, order: Order) -> Paper:
    """« Convention » of an order as it stands; the same again while it says the same (W11).

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the order has no line.
    """
    if not is_staff(actor) or actor.person_id is None:
        raise NotAllowed(_("Cette action est réservée à l'association."))
    if not order.lines.exists():
        raise Refused(_("La commande est vide : ajoutez au moins une ligne."))
    with translation.override(LANGUAGE):
        return issue(
            actor=actor, kind=CONVENTION, subject=order.pk, series=str(order.pk), person=Person.objects.get(pk=actor.person_id),
            facts=order_facts(order),
        )  # fmt: skip


def correct(*, actor: Actor, assignment: Assignment, facts: CorrectionFacts) -> Assignment:
    """Open a new order for what was wrong in a closed one: its assignment ``follows``, its lines are still to be written (W10).

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: it is not closed, or one that follows it is under way already.
    """
    if not is_staff(actor):
        raise NotAllowed(_("Cette action est réservée à l'association."))
    with transaction.atomic():
        locked: Assignment = lock_row(assignment)
        if locked.state != AssignmentState.CLOSED:
            raise Refused(_("Seule une mission clôturée se corrige par une autre ; celle-ci peut encore changer."))
        over = [AssignmentState.CLOSED, AssignmentState.CANCELLED]
        if Assignment.objects.filter(follows=locked).exclude(state__in=over).exists():
            raise Refused(_("Une correction de cette mission est déjà en cours."))
        former = Order.objects.get(pk=locked.order_id)
        order = Order.objects.create(
            client=former.client, title=facts.title, audience=former.audience, details=facts.why, created_by_id=actor.person_id
        )
        publish("workshops.order.create", order, actor=actor, codes={"audience": order.audience})
        made = Assignment.objects.create(order=order, audience=order.audience, follows=locked)
        publish(
            "workshops.assignment.open", made, actor=actor, after=made.state, codes={"follows": locked.pk},
            texts={"reason": facts.why},
        )  # fmt: skip
    return made

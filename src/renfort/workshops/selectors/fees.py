"""Rates, requests of fees and fees, for those who may know (W8, W9, W12)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.workshops.enums import LIVING_FEES
from renfort.workshops.models import Enrolment, Fee, Round
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff

OF_ASSIGNMENT = ("assignment__order__client__organisation", "assignment__coordinator__person")


def rounds_visible(actor: Actor) -> QuerySet[Round]:
    """All for the association; those of the assignments that one coordinates."""
    found = Round.objects.select_related(*OF_ASSIGNMENT)
    if is_everybody(actor) or is_staff(actor):
        return found
    clients = clients_coordinated(actor)
    return found.filter(assignment__coordinator_id=actor.person_id, assignment__order__client_id__in=clients)


def fees_visible(actor: Actor) -> QuerySet[Fee]:
    """All for the association; those of the assignments that one coordinates; one's own."""
    found = Fee.objects.select_related(*OF_ASSIGNMENT, "payee", "round", "enrolment__session")
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(assignment__coordinator_id=actor.person_id, assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        wanted |= Q(payee_id=actor.person_id)
    return found.filter(wanted)


def fee_is_asked(enrolment: Enrolment) -> bool:
    """Whether a fee lives for this place; free when a selector has annotated ``is_asked``, else one query."""
    known = getattr(enrolment, "is_asked", None)
    if known is not None:
        return bool(known)
    return Fee.objects.filter(enrolment_id=enrolment.pk, state__in=LIVING_FEES).exists()


def asked() -> Exists:
    """Whether a fee lives for an enrolment, to annotate it with."""
    return Exists(Fee.objects.filter(enrolment=OuterRef("pk"), state__in=LIVING_FEES))

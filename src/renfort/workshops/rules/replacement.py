"""Who may answer when somebody proposes a place to others (W12)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.workshops.enums import AssignmentState, EnrolmentState, SessionState
from renfort.workshops.models import Enrolment, Replacement
from renfort.workshops.selectors.roles import is_facilitator


@rule(_("l'animateur·ice qui l'a proposé"))
def proposed_it(actor: Actor, replacement: Replacement) -> bool:
    own: bool = actor.person_id == replacement.enrolment.facilitator_id
    return is_facilitator(actor) and own


@rule(_("la personne à qui c'est proposé"))
def is_asked(actor: Actor, replacement: Replacement) -> bool:
    named: bool = replacement.to_id == actor.person_id
    return is_facilitator(actor) and named


@rule(_("toute personne conforme"))
def may_take_it(actor: Actor, replacement: Replacement) -> bool:
    own: bool = actor.person_id == replacement.enrolment.facilitator_id
    return is_facilitator(actor) and replacement.to_id is None and not own


@rule(_("qui la remplace"))
def is_handed_over(actor: Actor, enrolment: Enrolment) -> bool:
    """The service alone, which has asked who accepts."""
    return actor.kind == "service"


@guard(_("La session a commencé, ou elle est annulée."))
def place_is_to_come(replacement: Replacement) -> bool:
    return replacement.session.state == SessionState.PLANNED and not replacement.session.has_begun


@guard(_("La mission n'est plus en cours."))
def place_is_open(replacement: Replacement) -> bool:
    return replacement.session.assignment.state == AssignmentState.AWARDED


def replacement_lapsed(now: datetime) -> Q:
    """The session has begun or is off, or the place is nobody's to give any more; what is closed stays as it is."""
    over = Q(session__starts_at__lte=now) | ~Q(session__state=SessionState.PLANNED) | ~Q(enrolment__state=EnrolmentState.ENROLLED)
    return over & ~Q(session__assignment__state=AssignmentState.CLOSED)

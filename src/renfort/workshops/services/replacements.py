"""Propose one's place on a session to somebody else, and take it: two people, two steps, the same locks (W12)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, fire
from renfort.workshops.enums import AssignmentState, EnrolmentState, ReplacementState
from renfort.workshops.messages import PLACE_PROPOSED
from renfort.workshops.models import Enrolment, Facilitator, Replacement
from renfort.workshops.rules import is_asked, may_take_it
from renfort.workshops.selectors.assignment import facilitator_of
from renfort.workshops.selectors.sessions import SEATS
from renfort.workshops.services.enrolments import enrol, hold_row, why_not_on
from renfort.workshops.workflow import ENROLMENT, REPLACEMENT

ONE_WAITS = "workshops_replacement_one_waits"


def propose_place(*, actor: Actor, enrolment: Enrolment, to: Facilitator | None, words: str = "") -> Replacement:
    """Propose one's place to one person, or to whoever conforms (``to`` None). It stays one's own until somebody takes it.

    Raises:
        NotAllowed: it is somebody else's place.
        Refused: the session has begun or is off; the person does not conform, or leads another one then; one waits already.
    """
    if actor.person_id is None or enrolment.facilitator_id != actor.person_id or facilitator_of(actor) is None:
        raise NotAllowed(_("Cette place n'est pas la vôtre."))
    try:
        with transaction.atomic():
            assignment = hold_row(enrolment.session.assignment)
            session = hold_row(enrolment.session)
            locked: Enrolment = hold_row(enrolment)
            session.assignment, assignment.order = assignment, enrolment.session.assignment.order
            if locked.state != EnrolmentState.ENROLLED or session.has_begun or assignment.state != AssignmentState.AWARDED:
                raise Refused(_("Cette place ne se propose plus : la session a commencé, ou vous n'y êtes plus."))
            if to is not None and (reasons := _why_not(to, locked, session)):
                raise Refused(*(f"{to.person.full_name} : {each}" for each in reasons))
            made = Replacement.objects.create(
                enrolment=locked, session=session, to=to, words=words.strip()[:500], asked_at=timezone.now()
            )
            made.enrolment, made.session = enrolment, enrolment.session
            texts = {"words": made.words} if made.words else {}
            publish("workshops.replacement.ask", made, actor=actor, after=made.state, texts=texts, tells=(PLACE_PROPOSED,))
    except IntegrityError as error:
        if ONE_WAITS not in str(error):
            raise
        raise Refused(_("Vous proposez déjà cette place : retirez d'abord la première proposition.")) from error
    return made


def _why_not(to: Facilitator, mine: Enrolment, session: object) -> list[str]:
    if to.pk == mine.facilitator_id:
        return [_("c'est vous.")]
    reasons = why_not_on(session, to, mine.seat)  # type: ignore[arg-type]  # the session, held
    busy = Enrolment.objects.filter(facilitator=to, state__in=SEATS, starts_at__lt=mine.ends_at, ends_at__gt=mine.starts_at)
    if busy.exists():
        reasons.append(_("anime déjà une session à ces heures."))
    return reasons


def take_place(*, actor: Actor, replacement: Replacement) -> Enrolment:
    """Take the place of somebody who proposed it: who had it goes, who takes it enrols, at once or not at all.

    Level, documents and hours are asked again now, under the locks of the assignment and the session.

    Raises:
        NotAllowed: it was proposed to somebody else.
        Refused: somebody took it, it was withdrawn, the session has begun; what is missing to conform is named.
    """
    if not (is_asked(actor, replacement) or may_take_it(actor, replacement)):
        raise NotAllowed(_("Cette place est proposée à quelqu'un d'autre."))
    session = replacement.session
    with transaction.atomic():
        hold_row(session.assignment)
        hold_row(session)
        former: Enrolment = hold_row(replacement.enrolment)
        state = Replacement.objects.values_list("state", flat=True).get(pk=replacement.pk)
        if state != ReplacementState.ASKED or former.state != EnrolmentState.ENROLLED:
            raise Refused(_("Cette place n'est plus à prendre."))
        fire(ENROLMENT, former, "hand_over", actor=SERVICE)
        made = enrol(actor=actor, session=session, seat=former.seat)
        fire(REPLACEMENT, replacement, "accept", actor=actor)
    return made

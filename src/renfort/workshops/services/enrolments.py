"""A facilitator takes a place on a session (W4)."""

from __future__ import annotations

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import RACES, Busy, NotAllowed, Refused, lock_row
from renfort.workshops.enums import AssignmentState, EnrolmentState, Seat, SessionState
from renfort.workshops.messages import ENROLLED
from renfort.workshops.models import Assignment, Enrolment, Facilitator, Session
from renfort.workshops.selectors.assignment import facilitator_of
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.selectors.sessions import SEATS, seats_taken

ONCE, ELSEWHERE = "workshops_enrolment_once", "workshops_enrolment_one_place_at_a_time"


def why_not_on(session: Session, facilitator: Facilitator, seat: str) -> list[str]:
    """What keeps somebody from this part of the session, every reason in a sentence: level and documents on its day (W4)."""
    return missing(
        facilitator, audience=session.assignment.audience, what=session.kind, on=session.local_start.date(), seat=seat,
        documents=facilitator.documents.all(),
    )  # fmt: skip


def enrol(*, actor: Actor, session: Session, seat: str = Seat.LEAD) -> Enrolment:
    """Enrol the actor; the assignment and the session are held meanwhile, so that the last place is taken once.

    Raises:
        NotAllowed: the actor leads no sessions.
        Refused: the session is past, cancelled or its assignment not under way; level or documents are missing (each is named);
            no place of this part is left; the person is on it already, or leads another one at these hours.
        Busy: a deadlock or a lock time-out, twice.
    """
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise NotAllowed(_("Cette action est réservée aux animateur·ices."))
    attempts = 1 if connection.in_atomic_block else 2  # inside a caller's transaction only the caller can try again
    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic():
                return _enrol(actor, session, facilitator, seat)
        except IntegrityError as error:
            if ELSEWHERE in str(error):
                raise Refused(_("Vous animez déjà une autre session à ces heures.")) from error
            if ONCE in str(error):
                raise Refused(_("Vous êtes déjà sur cette session.")) from error
            raise
        except OperationalError as error:  # two tabs on sessions at the same hours may wait for each other, and one is stopped
            if not isinstance(error.__cause__, RACES):
                raise
            if attempt == attempts:
                raise Busy(_("D'autres personnes modifient la même chose en ce moment. Réessayez dans un instant.")) from error
    raise AssertionError("unreachable")


def _enrol(actor: Actor, session: Session, facilitator: Facilitator, seat: str) -> Enrolment:
    assignment: Assignment = hold_row(session.assignment)
    locked: Session = hold_row(session)
    assignment.order = session.assignment.order
    locked.assignment = assignment
    if locked.state == SessionState.CANCELLED:
        raise Refused(_("Cette session est annulée."))
    if locked.state != SessionState.PLANNED or locked.has_begun:
        raise Refused(_("La session a commencé : on ne s'y inscrit plus."))
    if assignment.state != AssignmentState.AWARDED:
        raise Refused(_("Cette mission n'est plus en cours."))
    reasons = why_not_on(locked, facilitator, seat)
    if seats_taken(locked).get(seat, 0) >= locked.places(seat):
        reasons.append(_("%(seat)s : plus de place sur cette session.") % {"seat": Seat(seat).label})
    if Enrolment.objects.filter(session=locked, facilitator=facilitator, state__in=[*SEATS, EnrolmentState.ABSENT]).exists():
        reasons = [_("Vous êtes déjà sur cette session.")]
    if reasons:
        raise Refused(*reasons)
    made = Enrolment.objects.create(
        session=locked, facilitator=facilitator, starts_at=locked.starts_at, ends_at=locked.ends_at, seat=seat,
        created_at=timezone.now(),
    )  # fmt: skip
    publish(
        "workshops.enrolment.enrol", made, actor=actor, after=made.state,
        codes={"seat": str(seat), "standing": made.standing}, tells=(ENROLLED,),
    )  # fmt: skip
    return made


hold_row = lock_row  # its own name here: the race's control takes this lock out, and no other

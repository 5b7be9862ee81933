"""Who looks for somebody to take a place, for those who may know (W12)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.workshops.enums import EnrolmentState, ReplacementState, SessionState
from renfort.workshops.models import Enrolment, Facilitator, Replacement
from renfort.workshops.selectors.assignment import facilitator_of
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff
from renfort.workshops.selectors.sessions import SEATS

IN_FULL = (
    "session__assignment__order__client__organisation", "session__assignment__coordinator__person",
    "enrolment__facilitator__person", "to__person",
)  # fmt: skip
MOST = 20  # told on one page


def replacements_visible(actor: Actor) -> QuerySet[Replacement]:
    """All for the association; those of one's assignments; one's own, those proposed to one, and those proposed to everybody."""
    found = Replacement.objects.select_related(*IN_FULL)
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        mine = Q(session__assignment__coordinator_id=actor.person_id)
        wanted |= mine & Q(session__assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        wanted |= Q(enrolment__facilitator_id=actor.person_id) | Q(to_id=actor.person_id)
        wanted |= Q(to=None, state=ReplacementState.ASKED)
    return found.filter(wanted)


def waiting_of(enrolment: Enrolment) -> Replacement | None:
    """What somebody has proposed for this place and waits for. One query."""
    return Replacement.objects.filter(enrolment=enrolment, state=ReplacementState.ASKED).select_related("to__person").first()


def places_to_take(actor: Actor) -> list[Replacement]:
    """The places that the actor could take: proposed to one by name first, then to everybody who conforms. Three queries."""
    facilitator = facilitator_of(actor)
    if facilitator is None:
        return []
    busy = Enrolment.objects.filter(
        facilitator=facilitator, state__in=SEATS, starts_at__lt=OuterRef("session__ends_at"),
        ends_at__gt=OuterRef("session__starts_at"),
    )  # fmt: skip
    found = (
        replacements_visible(actor)
        .filter(
            state=ReplacementState.ASKED, session__state=SessionState.PLANNED, session__starts_at__gt=timezone.now(),
            enrolment__state=EnrolmentState.ENROLLED,
        )
        .exclude(enrolment__facilitator=facilitator)
        .filter(Q(to=facilitator) | ~Exists(busy))
        .order_by("session__starts_at", "pk")
    )  # fmt: skip
    fit = [each for each in found[: MOST * 5] if each.to_id == facilitator.pk or not why_not_take(each, facilitator)]
    return sorted(fit, key=lambda each: each.to_id is None)[:MOST]


def why_not_take(replacement: Replacement, facilitator: Facilitator) -> list[str]:
    """What keeps somebody from the place, every reason in a sentence: level and documents on the day of the session (W4)."""
    session = replacement.session
    return missing(
        facilitator, audience=session.assignment.audience, what=session.kind, on=session.local_start.date(),
        seat=replacement.enrolment.seat, documents=facilitator.documents.all(),
    )  # fmt: skip

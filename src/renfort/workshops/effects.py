"""What a transition writes beside the state itself. Small, in the same transaction, never another workflow."""

from __future__ import annotations

from django.utils.translation import gettext as _

from renfort.kernel.events import Event, publish
from renfort.kernel.firing import Refused
from renfort.organisations.enums import Programme, Role
from renfort.organisations.services.roles import end_role, give_role
from renfort.people.selectors import today
from renfort.workshops.enums import SEATED, FeeKind, RateRole
from renfort.workshops.models import Assignment, Bill, Candidacy, Enrolment, Facilitator, Fee, Round, Session
from renfort.workshops.selectors.assignment import coordinates_another, coordinator_grant, why_not
from renfort.workshops.selectors.fees import no_rate, rate_on
from renfort.workshops.selectors.sessions import progress_of


def stamp_offer(event: Event[Assignment]) -> None:
    """Offered since now, for the audience that the order has now."""
    event.obj.offered_at = event.at
    event.obj.audience = event.obj.order.audience


def give(event: Event[Assignment]) -> None:
    """Give the assignment to the chosen candidate, with the role « Coordination · client » (W1).

    Raises:
        Refused: the candidacy was withdrawn meanwhile, or the person does not conform today.
    """
    wanted = event.obj.candidacies.filter(withdrawn_at=None, facilitator_id=int(str(event.codes["candidate"])))
    candidacy = wanted.select_related("facilitator__person").prefetch_related("facilitator__documents").first()
    if candidacy is None:
        raise Refused(_("Cette personne a retiré sa candidature."))
    facilitator: Facilitator = candidacy.facilitator
    if reasons := why_not(event.obj, facilitator):
        raise Refused(*reasons)
    event.obj.coordinator, event.obj.awarded_at = facilitator, event.at
    client = event.obj.order.client.organisation
    give_role(
        actor=event.actor, person=facilitator.person, programme=Programme.WORKSHOPS, role=Role.COORDINATOR, organisation=client
    )


def take_from_coordinator(event: Event[Assignment]) -> None:
    """Nobody coordinates any more: the candidacy ends, and the role on the client unless another assignment there is theirs."""
    former = event.obj.coordinator_id
    event.obj.coordinator, event.obj.awarded_at = None, None
    if former is None:
        return
    Candidacy.objects.filter(assignment=event.obj, facilitator=former, withdrawn_at=None).update(withdrawn_at=event.at)
    grant = coordinator_grant(event.obj, former)
    if grant is not None and not coordinates_another(event.obj, former):
        end_role(actor=event.actor, grant=grant, why="removed")


def note_cancellation(event: Event[Session]) -> None:
    """Since when; its link opens nothing any more."""
    event.obj.cancelled_at = event.at
    event.obj.link_seed = event.obj.link_digest = ""


def close_link(event: Event[Session]) -> None:
    """It is over: its link opens nothing any more."""
    event.obj.link_seed = event.obj.link_digest = ""


def set_standing(event: Event[Enrolment]) -> None:
    """« Rémunéré·e », « Interne », « Bénévole »: the history keeps each with its day (W5)."""
    event.obj.standing = str(event.codes["standing"])


def hold_the_place_again(event: Event[Enrolment]) -> None:
    """Somebody said to be absent was there after all.

    Raises:
        Refused: the same person is said to have led another session at these hours.
    """
    twin = Enrolment.objects.filter(
        facilitator=event.obj.facilitator_id, state__in=[str(state) for state in SEATED], starts_at__lt=event.obj.ends_at,
        ends_at__gt=event.obj.starts_at,
    )  # fmt: skip
    if twin.exists():
        raise Refused(_("Cette personne a animé une autre session aux mêmes heures."))


def owe_coordination(event: Event[Assignment]) -> None:
    """The coordinator's own fee, made by the closing and by nothing else (W9): services delivered times the rate of the day
    of the closing in Paris; none when no service was delivered. Approval and payment go on after the closing (W10).

    Raises:
        Refused: there is no rate for the coordination of this audience today.
    """
    assignment, day = event.obj, today()
    services = progress_of([assignment])[assignment.pk].done
    if not services or assignment.coordinator is None:
        return
    rate = rate_on(assignment.audience, RateRole.COORDINATION, "", day)
    if rate is None:
        raise Refused(no_rate(assignment.audience, RateRole.COORDINATION, "", day))
    fee = Fee.objects.create(
        assignment=assignment, payee=assignment.coordinator.person, kind=FeeKind.COORDINATION, rate=rate, rate_on=day,
        quantity=services, unit_amount=rate.amount, amount=services * rate.amount, created_at=event.at,
    )  # fmt: skip
    publish("workshops.fee.request", fee, actor=event.actor, after=fee.state, codes={"amount": fee.amount})


def note_month(event: Event[Round]) -> None:
    """The calendar month in which it is asked, in Paris: the next request of this assignment waits for the next one (W8)."""
    event.obj.month = today().replace(day=1)


def note_return(event: Event[Fee]) -> None:
    """Since when, and why: the place is free to be asked again."""
    event.obj.returned_at = event.at
    event.obj.reason = event.texts["reason"]


def note_refusal(event: Event[Bill]) -> None:
    """What is wrong with the invoice that was sent; the next one takes its place."""
    event.obj.refusal = event.texts["refusal"]

"""What several e-mails show, to whom they go, and an invented assignment for the operator's preview (P4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, Plain
from renfort.kernel.messages import Recipient
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import Audience, EnrolmentState, Kind, Presence, Seat
from renfort.workshops.models import Assignment, Client, Enrolment, Facilitator, Invitee, Order, Session
from renfort.workshops.selectors.roles import staff
from renfort.workshops.selectors.sessions import people_on

W = Programme.WORKSHOPS


def client_of(assignment: Assignment) -> str:
    return assignment.order.client.organisation.name


def facts_of(assignment: Assignment) -> tuple[tuple[str, str], ...]:
    """Which assignment, for whom."""
    return (
        (_("Mission de coordination"), assignment.order.title),
        (_("Client"), client_of(assignment)),
        (_("Public"), str(Audience(assignment.audience).label)),
    )


def facts_of_session(session: Session) -> tuple[tuple[str, str], ...]:
    """What, for whom, when, where."""
    return (
        (_("Session"), session.title),
        (_("Client"), client_of(session.assignment)),
        (_("Date"), session.words),
        (_("Lieu"), session.where),
        *(((_("Lien de visio"), session.video_link),) if session.video_link else ()),
    )


def assignment_page(assignment: Assignment) -> str:
    return reverse("workshops:assignment", args=[assignment.pk])


def own_session_page(enrolment_pk: int) -> str:
    return reverse("workshops:own-session", args=[enrolment_pk])


def session_page(session: Session) -> str:
    return reverse("workshops:session", args=[session.assignment_id, session.pk])


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_association(event: Event[Any]) -> Iterable[Recipient]:
    """Those who work for the association, but the one who did it."""
    return [recipient_of(grant.person) for grant in staff() if grant.person_id != event.actor.person_id]


def the_coordinator(event: Event[Assignment]) -> Iterable[Recipient]:
    return [] if event.obj.coordinator is None else [recipient_of(event.obj.coordinator.person)]


def the_coordinator_of_session(event: Event[Enrolment]) -> Iterable[Recipient]:
    """Who coordinates, unless it is the one who did it."""
    coordinator = event.obj.session.assignment.coordinator
    if coordinator is None or coordinator.pk == event.actor.person_id:
        return []
    return [recipient_of(coordinator.person)]


def those_on_session(event: Event[Session]) -> Iterable[Recipient]:
    return [recipient_of(person) for person in people_on(event.obj)] if event.obj.pk else []


def who_is_enrolled(event: Event[Enrolment]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.facilitator.person)]


def who_is_invited(event: Event[Invitee]) -> Iterable[Recipient]:
    """The address; the person behind it, when it is a facilitator's."""
    known = Facilitator.objects.select_related("person__account").filter(person__account__email=event.obj.email).first()
    return [recipient_of(known.person)] if known is not None else [Recipient(address=event.obj.email)]


# ── invented, for the preview ─────────────────────────────────────────────────────────────────────
def sample_assignment() -> Assignment:
    organisation = Organisation(pk=0, name=_("Lycée Exemple"))
    order = Order(pk=0, client=Client(organisation=organisation), title=_("Semaine du climat"), audience=Audience.EDUCATION)
    coordinator = Facilitator(person=Person(pk=0, first_name="Camille", last_name="Martin"))
    return Assignment(pk=0, order=order, audience=Audience.EDUCATION, coordinator=coordinator)


def sample_session() -> Session:
    starts = timezone.now().replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=7)
    return Session(
        pk=0, assignment=sample_assignment(), kind=Kind.WORKSHOP, presence=Presence.ON_SITE, starts_at=starts,
        ends_at=starts + timedelta(hours=3), address="12 rue des Lilas", postcode="33000", city="Bordeaux",
    )  # fmt: skip


def sample_enrolment() -> Enrolment:
    session = sample_session()
    facilitator = Facilitator(person=Person(pk=0, first_name="Awa", last_name="Diallo"))
    return Enrolment(
        pk=0, session=session, facilitator=facilitator, starts_at=session.starts_at, ends_at=session.ends_at,
        seat=Seat.LEAD, state=EnrolmentState.ENROLLED,
    )  # fmt: skip


def sample_of(
    make: Callable[[], Any], *, codes: Mapping[str, Plain] | None = None, texts: Callable[[], Mapping[str, str]] | None = None,
    changes: Callable[[], Mapping[str, tuple[Plain, Plain]]] | None = None,
) -> Callable[[], Event[Any]]:  # fmt: skip
    """Something that happened to an invented object just now."""
    return lambda: Event(
        name="sample", obj=make(), actor=SERVICE, at=timezone.now(), codes=codes or {}, texts=texts() if texts else {},
        changes=changes() if changes else {},
    )  # fmt: skip

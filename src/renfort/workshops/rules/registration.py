"""Who may, and whether it is possible, for a participant of a session (W6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.workshops.enums import AssignmentState, SessionState
from renfort.workshops.models import Registration, Session
from renfort.workshops.rules.basics import coordinates
from renfort.workshops.selectors.registrations import OWN, PARTICIPANT, has_free_seat, next_in_line, reminder_due
from renfort.workshops.selectors.roles import is_facilitator, is_staff
from renfort.workshops.selectors.sessions import SEATS

A_WHILE = timedelta(hours=1)  # between two e-mails that say the same to one person


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def brings_participants(actor: Actor, session: Session) -> bool:
    """Whether the actor may invite to a session and see who comes: who coordinates, the association, the client's contact."""
    if is_staff(actor) or coordinates(actor, session.assignment):
        return True
    client = session.assignment.order.client_id
    return actor.holds(Programme.WORKSHOPS, Role.CLIENT_CONTACT, ScopeKind.ORGANISATION, client)


@rule(_("la personne elle-même"))
def is_the_participant(actor: Actor, registration: Registration) -> bool:
    return actor.holds(Programme.WORKSHOPS, PARTICIPANT, OWN, registration.pk)


@rule(_("la coordination, l'association ou le contact du client"))
def brings_them(actor: Actor, registration: Registration) -> bool:
    return brings_participants(actor, registration.session)


@rule(_("qui anime la session"))
def leads_their_session(actor: Actor, registration: Registration) -> bool:
    if not is_facilitator(actor):
        return False
    return registration.session.enrolments.filter(facilitator=actor.person_id, state__in=SEATS).exists()


@rule(_("la coordination de la mission"))
def coordinates_their_session(actor: Actor, registration: Registration) -> bool:
    return coordinates(actor, registration.session.assignment)


@rule(_("l'association"))
def is_association_of_theirs(actor: Actor, registration: Registration) -> bool:
    return is_staff(actor)


# ── whether ───────────────────────────────────────────────────────────────────────────────────────
@guard(_("La mission est clôturée ou annulée : plus rien n'y change."))
def mission_goes_on(registration: Registration) -> bool:
    return registration.session.assignment.state == AssignmentState.AWARDED


@guard(_("Cette session est annulée."))
def session_stands(registration: Registration) -> bool:
    return registration.session.state != SessionState.CANCELLED


@guard(_("La session a commencé."))
def is_to_come(registration: Registration) -> bool:
    return not registration.session.has_begun


@guard(_("La session est complète."))
def has_seat(registration: Registration) -> bool:
    return has_free_seat(registration)


@guard(_("Il reste des places : la liste d'attente ne sert pas encore."))
def has_no_seat(registration: Registration) -> bool:
    return not has_free_seat(registration)


@guard(_("Cette personne n'a pas d'adresse e-mail."))
def has_address(registration: Registration) -> bool:
    return bool(registration.email)


@guard(_("Un e-mail lui est parti il y a moins d'une heure."))
def was_not_just_written(registration: Registration) -> bool:
    return registration.written_at is None or registration.written_at < timezone.now() - A_WHILE


# ── when ──────────────────────────────────────────────────────────────────────────────────────────
def seat_due(now: datetime) -> Q:
    return next_in_line(now)


def remind_due(now: datetime) -> Q:
    return reminder_due(now)


def called_off_with_session(now: datetime) -> Q:
    return Q(session__state=SessionState.CANCELLED)

"""Who may, and whether it is possible, for an assignment, its sessions and who leads them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.workshops.enums import AssignmentState, Audience, SessionState, Standing
from renfort.workshops.models import Assignment, Enrolment, Session
from renfort.workshops.selectors.assignment import candidacies
from renfort.workshops.selectors.roles import is_facilitator, is_staff


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def coordinates(actor: Actor, assignment: Assignment) -> bool:
    """Whether the actor coordinates this assignment in the role in force: the role is on the client, the assignment one's own."""
    held = actor.holds(Programme.WORKSHOPS, Role.COORDINATOR, ScopeKind.ORGANISATION, assignment.order.client_id)
    return held and actor.person_id is not None and assignment.coordinator_id == actor.person_id


@rule(_("l'association"))
def is_of_association(actor: Actor, assignment: Assignment) -> bool:
    return is_staff(actor)


@rule(_("la coordination de la mission"))
def is_its_coordinator(actor: Actor, assignment: Assignment) -> bool:
    return coordinates(actor, assignment)


@rule(_("l'association"))
def is_of_association_too(actor: Actor, session: Session) -> bool:
    return is_staff(actor)


@rule(_("la coordination de la mission"))
def coordinates_it(actor: Actor, session: Session) -> bool:
    return coordinates(actor, session.assignment)


@rule(_("l'animateur·ice"))
def is_enrolled(actor: Actor, enrolment: Enrolment) -> bool:
    return is_facilitator(actor) and actor.person_id == enrolment.facilitator_id


@rule(_("la coordination de la mission"))
def coordinates_its_session(actor: Actor, enrolment: Enrolment) -> bool:
    return coordinates(actor, enrolment.session.assignment)


@rule(_("l'association"))
def is_association(actor: Actor, enrolment: Enrolment) -> bool:
    return is_staff(actor)


# ── whether, for an assignment ────────────────────────────────────────────────────────────────────
@guard(_("La commande est vide : ajoutez au moins une ligne."))
def has_lines(assignment: Assignment) -> bool:
    return assignment.order.lines.exists()


@guard(_("Personne n'a encore proposé de coordonner cette mission."))
def has_candidates(assignment: Assignment) -> bool:
    return bool(candidacies(assignment))


@guard(_("Des sessions sont planifiées : annulez-les d'abord."))
def has_no_session_ahead(assignment: Assignment) -> bool:
    return not assignment.sessions.filter(state=SessionState.PLANNED, ends_at__gt=timezone.now()).exists()


@guard(_("Des sessions ont eu lieu : la mission ne s'annule plus, elle se clôture."))
def nothing_was_held(assignment: Assignment) -> bool:
    return not assignment.sessions.filter(state=SessionState.HELD).exists()


# ── whether, for a session and who leads it ───────────────────────────────────────────────────────
@guard(_("Cette mission n'est plus en cours."))
def is_under_way(session: Session) -> bool:
    return session.assignment.state == AssignmentState.AWARDED


@guard(_("La mission est annulée."))
def is_not_called_off(session: Session) -> bool:
    return session.assignment.state != AssignmentState.CANCELLED


@guard(_("La session est passée."))
def is_not_over(session: Session) -> bool:
    return not session.is_over


@guard(_("La mission est clôturée : plus rien n'y change."))
def is_open_still(enrolment: Enrolment) -> bool:
    return enrolment.session.assignment.state == AssignmentState.AWARDED


@guard(_("La session a commencé."))
def has_not_begun(enrolment: Enrolment) -> bool:
    return not enrolment.session.has_begun


@guard(_("La session n'est pas encore passée."))
def is_past(enrolment: Enrolment) -> bool:
    return enrolment.session.is_over


def standings_for(audience: str) -> list[str]:
    """The standings that a facilitator may have for an audience: « Bénévole » for teaching alone (W5)."""
    return [str(each) for each in Standing if each != Standing.VOLUNTEER or audience == Audience.EDUCATION]


# ── when ──────────────────────────────────────────────────────────────────────────────────────────
def session_due(now: datetime) -> Q:
    return Q(ends_at__lte=now)


def cancelled_with_assignment(now: datetime) -> Q:
    return Q(assignment__state=AssignmentState.CANCELLED)


def enrolment_due(now: datetime) -> Q:
    return Q(session__state=SessionState.HELD)


def cancelled_with_session(now: datetime) -> Q:
    return Q(session__state=SessionState.CANCELLED)

"""Who may take attendance, when, and who may take a mark back (W6)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.workshops.enums import SessionState
from renfort.workshops.models import Registration, Session
from renfort.workshops.rules.basics import coordinates
from renfort.workshops.selectors.attendance import leads, over_before, roll_call_of, window_of
from renfort.workshops.selectors.roles import is_facilitator, is_staff


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def oversees(actor: Actor, session: Session) -> bool:
    """Whether the actor may take back anybody's mark: who coordinates, and the association."""
    return is_staff(actor) or coordinates(actor, session.assignment)


def takes_attendance(actor: Actor, session: Session) -> bool:
    """Whether the actor may take the attendance of a session: who leads it, who coordinates, the association."""
    return oversees(actor, session) or (is_facilitator(actor) and leads(actor.person_id, session.pk))


def may_take_back(actor: Actor, registration: Registration) -> bool:
    """A facilitator takes back the own marks alone, the others any. No query for who coordinates and for one's own mark."""
    if oversees(actor, registration.session):
        return True
    return registration.marked_by_id is not None and registration.marked_by_id == actor.person_id and is_facilitator(actor)


@rule(_("qui anime la session"))
def marked_it_and_leads(actor: Actor, registration: Registration) -> bool:
    return may_take_back(actor, registration) and takes_attendance(actor, registration.session)


@rule(_("la personne elle-même, par le code de la session"))
def comes_by_the_code(actor: Actor, registration: Registration) -> bool:
    """The service that reads the code acts as the platform: nobody is signed in at the door."""
    return actor.kind == "service"


# ── whether ───────────────────────────────────────────────────────────────────────────────────────
def why_closed(session: Session, *, at: datetime | None = None) -> str:
    """Why attendance cannot be taken now, or could not ``at`` that moment; "" when it can. Two queries."""
    if session.state == SessionState.CANCELLED:
        return str(_("Cette session est annulée."))
    window, now = window_of(session), timezone.now()
    if now > window.closes_at:
        return str(_("La feuille de présence est close : le délai est passé."))
    if now < window.opens_at or (at is not None and at < window.opens_at):
        return str(_("La feuille de présence n'est pas encore ouverte."))
    if roll_call_of(session).declared_at is not None:
        return str(_("La présence a été déclarée complète. Rouvrez la feuille pour la corriger."))
    return ""


@guard(
    _("La feuille de présence n'est pas ouverte : elle ne l'est pas encore, le délai est passé, ou elle est déclarée complète.")
)
def attendance_is_open(registration: Registration) -> bool:
    return not why_closed(registration.session)


# ── when ──────────────────────────────────────────────────────────────────────────────────────────
def never_came(now: datetime) -> Q:
    """Those still expected on a session past whose list is complete: somebody said so, or the window is over (W6)."""
    complete = Q(session__roll_call__declared_at__isnull=False) | Q(session__ends_at__lt=over_before(now))
    return Q(session__state=SessionState.HELD) & complete

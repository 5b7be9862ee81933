"""People come onto the list of a session: invited, by the link, by hand (W6).

Whoever writes holds the assignment, then the session (the written order), so that the last seat is taken once and the waiting
line keeps its order. What the public page says never depends on whether an address is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import ANONYMOUS, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, fire, lock_row
from renfort.workshops.enums import (
    GONE,
    AssignmentState,
    Audience,
    RegistrationSource,
    RegistrationState,
    SessionState,
)
from renfort.workshops.messages import GUEST_ALREADY, GUEST_CONFIRMED, GUEST_INVITED, GUEST_QUEUED
from renfort.workshops.models import Assignment, JoinLink, Registration, Session
from renfort.workshops.rules import brings_participants
from renfort.workshops.rules.registration import A_WHILE
from renfort.workshops.selectors.join_links import JOIN, MINE, new_address, participant
from renfort.workshops.selectors.registrations import expected, known_addresses
from renfort.workshops.workflow import REGISTRATION

R = RegistrationState
MOST_ON_LIST = 5_000  # of one session, whatever became of them
MOST_WAITING = 500
MOST_PASTED = 200  # in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who might take part. ``email`` in lower case, "" for none; ``language`` is that of the e-mails."""

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of a list: how many were written to, and who was on the list of the session already, and how."""

    sent: int
    known: dict[str, str]


def why_not_now(session: Session) -> list[str]:
    """What keeps anybody from coming onto the list; nothing when nothing does."""
    if session.state == SessionState.CANCELLED:
        return [_("Cette session est annulée.")]
    if session.assignment.state != AssignmentState.AWARDED:
        return [_("La mission est clôturée ou annulée : plus rien n'y change.")]
    if session.has_begun:
        return [_("La session a commencé.")]
    return []


def takes_addresses(session: Session) -> bool:
    """Whether addresses of participants may be written down: not those of pupils (W6: a count is enough for teaching)."""
    return bool(session.assignment.audience != Audience.EDUCATION)


def no_addresses() -> str:
    """Why nobody is invited to a session for teaching."""
    return _("Pour l'enseignement, aucune adresse d'élève n'est recueillie : on compte les présent·es le jour même.")


hold_row = lock_row  # its own name here: the race's control takes these locks out, and no others


def _held(session: Session) -> Session:
    """The session, held after its assignment.

    Raises:
        Refused: nobody comes onto its list now.
    """
    assignment: Assignment = hold_row(session.assignment)
    locked: Session = hold_row(session)
    assignment.order = session.assignment.order
    locked.assignment = assignment
    if reasons := why_not_now(locked):
        raise Refused(*reasons)
    return locked


def _held_by(actor: Actor, session: Session) -> Session:
    """The same, for who may bring people.

    Raises:
        NotAllowed: the actor neither coordinates it, nor works for the association, nor is the contact of its client.
    """
    if not brings_participants(actor, session):
        raise NotAllowed(_("Cette action est réservée à la coordination, à l'association et au contact du client."))
    locked = _held(session)
    if not brings_participants(actor, locked):
        raise NotAllowed(_("Cette action est réservée à la coordination, à l'association et au contact du client."))
    return locked


def _seat(session: Session) -> tuple[str, int | None]:
    """Where somebody who comes now stands: a seat, or behind everybody who waits. The session is held.

    Raises:
        Refused: the waiting line is full too.
    """
    line = Registration.objects.filter(session=session.pk, state=R.WAITING)
    waiting = line.count()
    if expected(session) + waiting < session.participants:
        return str(R.CONFIRMED), None
    if waiting >= MOST_WAITING:
        raise Refused(_("La session est complète, et sa liste d'attente aussi."))
    return str(R.WAITING), (line.aggregate(last=Max("seat_order"))["last"] or 0) + 1


def _check_size(session: Session, more: int) -> None:
    if session.registrations.count() + more > MOST_ON_LIST:
        raise Refused(_("Une session a au plus %(n)d personnes sur sa liste.") % {"n": MOST_ON_LIST})


def _write(session: Session, guest: Guest, **facts: object) -> Registration:
    seed, digest = new_address(MINE)
    return Registration.objects.create(
        session=session, email=guest.email, first_name=guest.first_name, last_name=guest.last_name, language=guest.language,
        created_at=timezone.now(), link_seed=seed, link_digest=digest, **facts,
    )  # fmt: skip


# ── the link to hand on ───────────────────────────────────────────────────────────────────────────
def open_join_link(*, actor: Actor, session: Session) -> None:
    """Make a link by which people take a seat; a former one opens nothing from this moment on.

    Raises:
        NotAllowed, Refused: as ``invite_guests``.
    """
    with transaction.atomic():
        locked = _held_by(actor, session)
        if not takes_addresses(locked):
            raise Refused(no_addresses())
        seed, digest = new_address(JOIN)
        facts = {"seed": seed, "digest": digest, "opened_at": timezone.now(), "opened_by_id": actor.person_id}
        JoinLink.objects.update_or_create(session=locked, defaults=facts)
        publish("workshops.session.open_join_link", locked, actor=actor)


def revoke_join_link(*, actor: Actor, session: Session) -> None:
    """Let the link open nothing any more; personal links still do.

    Raises:
        NotAllowed, Refused: as ``invite_guests``.
    """
    with transaction.atomic():
        locked = _held_by(actor, session)
        if JoinLink.objects.filter(session=locked).delete()[0]:
            publish("workshops.session.revoke_join_link", locked, actor=actor)


# ── brought by those who organise ─────────────────────────────────────────────────────────────────
def invite_guests(
    *, actor: Actor, session: Session, guests: Sequence[Guest], source: str = RegistrationSource.EMAIL
) -> Invited:  # fmt: skip
    """Write to each with a personal link; who is on the list already, or has declined, is left alone.

    Raises:
        NotAllowed: the actor neither coordinates it, nor works for the association, nor is the contact of its client.
        Refused: the session has begun or is cancelled, nothing of its mission changes any more, or it is for teaching; too many.
    """
    wanted = {guest.email: guest for guest in reversed(guests) if guest.email}
    if len(wanted) > MOST_PASTED:
        raise Refused(_("Invitez au plus %(n)d personnes à la fois, ou importez un fichier.") % {"n": MOST_PASTED})
    with transaction.atomic():
        locked = _held_by(actor, session)
        if not takes_addresses(locked):
            raise Refused(no_addresses())
        known = known_addresses(locked, wanted)
        new = [guest for email, guest in reversed(wanted.items()) if email not in known]
        _check_size(locked, len(new))
        now = timezone.now()
        for guest in new:
            made = _write(locked, guest, source=str(source), created_by_id=actor.person_id, written_at=now)
            publish("workshops.registration.invite", made, actor=actor, after=made.state, tells=(GUEST_INVITED,))
    return Invited(len(new), known)


def add_guest(*, actor: Actor, session: Session, guest: Guest) -> Registration:
    """Write somebody down who said so by telephone or in the corridor: a seat, or the waiting line when there is none.

    Raises:
        NotAllowed, Refused: as ``invite_guests``; an address for teaching; the same address is on the list.
    """
    with transaction.atomic():
        locked = _held_by(actor, session)
        if guest.email and not takes_addresses(locked):
            raise Refused(no_addresses())
        there = _active(locked, guest.email)
        if there is not None and there.state != R.INVITED:
            raise Refused(_("Cette adresse est déjà sur la liste : « %(state)s ».") % {"state": R(there.state).label})
        if there is not None:
            return _say_yes(participant(there), there, guest)
        _check_size(locked, 1)
        return _come(actor, locked, guest, RegistrationSource.HAND, created_by_id=actor.person_id)


# ── who comes by the link ─────────────────────────────────────────────────────────────────────────
def join(*, session: Session, guest: Guest) -> None:
    """Take a seat, or a place in the waiting line, by the link of the session. Nothing comes back: whether the address was known
    is told by e-mail alone, to that address, once an hour at most.

    Raises:
        Refused: the session has begun or is cancelled, its mission is not under way; nobody can wait any more.
    """
    with transaction.atomic():
        locked = _held(session)
        if not takes_addresses(locked):
            raise Refused(no_addresses())
        there = _active(locked, guest.email)
        if there is None:
            _check_size(locked, 1)
            _come(ANONYMOUS, locked, guest, RegistrationSource.LINK)
        elif there.state == R.INVITED:
            _say_yes(participant(there), there, guest)
        elif there.written_at is None or there.written_at < timezone.now() - A_WHILE:
            there.written_at = timezone.now()
            there.save(update_fields=["written_at"])
            publish("workshops.registration.again", there, actor=ANONYMOUS, tells=(GUEST_ALREADY,))


def _active(session: Session, email: str) -> Registration | None:
    if not email:
        return None
    found = Registration.objects.filter(session=session.pk, email=email).exclude(state__in=[str(state) for state in GONE])
    one = found.first()
    if one is not None:
        one.session = session
    return one


def _come(actor: Actor, session: Session, guest: Guest, source: str, **facts: object) -> Registration:
    state, rank = _seat(session)
    now = timezone.now()
    made = _write(session, guest, source=str(source), state=state, seat_order=rank, agreed_at=now, written_at=now, **facts)
    tells = (GUEST_CONFIRMED,) if state == R.CONFIRMED else (GUEST_QUEUED,)
    publish("workshops.registration.join", made, actor=actor, after=state, tells=tells)
    return made


def accept(*, registration: Registration, guest: Guest) -> Registration:
    """« Je viens », by the personal link: a seat, or the waiting line. The names may be mended with it; the address stays.

    Raises:
        Refused, Stale: the session has begun or is cancelled, its mission is not under way, or the answer was given already;
            the same address came onto the list by another way.
    """
    with transaction.atomic():
        locked = _held(registration.session)
        registration.session = locked
        twin = _active(locked, registration.email)
        if twin is not None and twin.pk != registration.pk:
            raise Refused(_("Cette adresse est déjà sur la liste de la session, par une autre invitation."))
        return _say_yes(participant(registration), registration, guest)


def _say_yes(actor: Actor, registration: Registration, guest: Guest) -> Registration:
    """The session is held. Names first, so that the e-mail greets by them."""
    names = {name: value for name in ("first_name", "last_name", "language") if (value := getattr(guest, name))}
    Registration.objects.filter(pk=registration.pk).update(**names)
    step = "confirm" if _seat(registration.session)[0] == R.CONFIRMED else "queue"
    return fire(REGISTRATION, registration, step, actor=actor)

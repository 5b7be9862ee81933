"""The day of a session: marks from phones, people at the door, numbers, signatures, and that the list is complete (W6)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renfort.jobs.services import ring_clock
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire, lock_row
from renfort.kernel.templatetags.ui import moment_words
from renfort.workshops.enums import GONE, Act, AssignmentState, RegistrationSource, RegistrationState, SessionState, SignedBy
from renfort.workshops.models import Enrolment, Headcount, Mark, Registration, RollCall, Session, Signature
from renfort.workshops.models.attendance import DRAWN, LONGEST_DRAWING, MOST_COUNTED
from renfort.workshops.rules.attendance import oversees, takes_attendance, why_closed
from renfort.workshops.selectors.attendance import (
    CALLABLE,
    Half,
    code_digest,
    code_token,
    counts_heads,
    halves_of,
    own_enrolment,
    window_of,
)
from renfort.workshops.workflow import REGISTRATION

R = RegistrationState
MOST_PEOPLE = 5000  # on the list of one session: whoever holds the code cannot fill the table
DONE, ALREADY, REFUSED = "done", "already", "refused"
_EXACTLY_DRAWN = re.compile(DRAWN.removesuffix("$") + r"\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One tap on a phone. ``key`` was made there; ``at``: when it was tapped, in UTC."""

    key: UUID
    registration: int
    act: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a tap: « done », « already » or « refused », with words; ``state`` is the one now, "" for nobody."""

    tap: Tap
    outcome: str
    state: str = ""
    words: str = ""


# ── marks (W6) ────────────────────────────────────────────────────────────────────────────────────
def mark(*, actor: Actor, session: Session, tap: Tap) -> Outcome:
    """Note a tap once, whatever number of times it is sent; what cannot be is refused in words.

    The mark keeps the time of the tap, never a later moment than now. The session needs its assignment and order.

    Raises:
        NotAllowed: the actor takes no attendance of this session.
    """
    if not takes_attendance(actor, session):
        raise NotAllowed(_("La présence est prise par qui anime la session, la coordination ou l'association."))
    return _mark(actor, session, tap)


def mark_all(*, actor: Actor, session: Session, taps: Iterable[Tap]) -> list[Outcome]:
    """Note what a phone has kept without network, in its order, each by itself.

    Raises:
        NotAllowed: as ``mark``.
    """
    if not takes_attendance(actor, session):
        raise NotAllowed(_("La présence est prise par qui anime la session, la coordination ou l'association."))
    return [_mark(actor, session, tap) for tap in taps]


def _mark(actor: Actor, session: Session, tap: Tap) -> Outcome:
    one = session.registrations.filter(pk=tap.registration).first()
    if one is None:
        return Outcome(tap, REFUSED, words=_("Cette personne n'est pas sur la liste de cette session."))
    if closed := why_not_now(session, at=tap.at):
        known = Mark.objects.filter(key=tap.key, registration=one).exists()
        return Outcome(tap, DONE, one.state) if known else Outcome(tap, REFUSED, one.state, closed)
    verb, target = ("mark", R.PRESENT) if tap.act == Act.PRESENT else ("unmark", R.CONFIRMED)
    try:
        with transaction.atomic():
            # first the mark: its trigger shares the assignment's row, so that a closing waits and no order of locks is crossed
            if not _first(actor, session, tap):
                one.refresh_from_db(fields=["state"])
                return Outcome(tap, DONE, one.state)
            after = fire(REGISTRATION, one, verb, actor=actor)
            Registration.objects.filter(pk=one.pk, state=R.PRESENT).update(scanned_at=tap.at)
            return Outcome(tap, DONE, after.state)
    except Stale:
        one.refresh_from_db(fields=["state", "marked_at"])
        if one.state == target or (tap.act == Act.TAKEN_BACK and one.state in CALLABLE):
            return Outcome(tap, ALREADY, one.state)
        return Outcome(
            tap, REFUSED, one.state, _("Cette inscription est annulée : ajoutez la personne sur place si elle est là.")
        )
    except NotAllowed:
        words = _("Seule la personne qui a marqué cette présence, la coordination ou l'association la retire.")
        return Outcome(tap, REFUSED, one.state, words)
    except Refused as refused:
        return Outcome(tap, REFUSED, one.state, str(refused))


def _first(actor: Actor, session: Session, tap: Tap) -> bool:
    """Write the mark; False when its key is here already. A second one of the same moment waits for the first one's commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workshops_mark (key, session_id, registration_id, act, scanned_at, received_at, by_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING",
            [tap.key, session.pk, tap.registration, str(tap.act), tap.at, timezone.now(), actor.person_id],
        )
        return bool(cursor.rowcount == 1)


def why_not_now(session: Session, *, at: datetime | None = None) -> str:
    """Why attendance cannot be taken now; "" when it can. Two queries."""
    if session.assignment.state != AssignmentState.AWARDED:
        return _("La mission est clôturée ou annulée : plus rien n'y change.")
    return why_closed(session, at=at)


# ── at the door ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody who came, as a form says it: names without spaces around; ``email`` in lower case, or ""."""

    first_name: str
    last_name: str
    email: str = ""


def add_on_the_spot(*, actor: Actor, session: Session, arrival: Arrival) -> Registration:
    """Write down somebody who came without being on the list, as present; who is on it by that address is marked instead (W6).

    The terms were accepted on the form. Places do not count any more: the person is in the room.

    Raises:
        NotAllowed: the actor takes no attendance of this session.
        Refused: attendance is not open, or the list is too long.
    """
    if not takes_attendance(actor, session):
        raise NotAllowed(_("La présence est prise par qui anime la session, la coordination ou l'association."))
    return _arrive(actor, session, arrival)


def enter_oneself(*, session: Session, arrival: Arrival) -> Registration:
    """Somebody said by the code of the room that they are there: on the list or not, they are present (W6).

    Raises:
        Refused: attendance is not open, or the list is too long.
    """
    return _arrive(SERVICE, session, arrival)


def _arrive(actor: Actor, session: Session, arrival: Arrival) -> Registration:
    if closed := why_not_now(session):
        raise Refused(closed)
    for _attempt in range(2):
        try:
            with transaction.atomic():
                return _note_arrival(actor, session, arrival)
        except IntegrityError as error:
            if "workshops_registration_once" not in str(error):
                raise
        except Stale:
            pass  # marked at the same moment by somebody else: looked at again
    raise Refused(_("D'autres personnes modifient la même chose en ce moment. Réessayez dans un instant."))


def _note_arrival(actor: Actor, session: Session, arrival: Arrival) -> Registration:
    now = timezone.now()
    known = session.registrations.filter(email=arrival.email).exclude(state__in=GONE).first() if arrival.email else None
    if known is not None:
        if known.state == R.PRESENT:
            return known
        _first(actor, session, Tap(key=uuid4(), registration=known.pk, act=Act.PRESENT, at=now))
        fire(REGISTRATION, known, "mark", actor=actor)
        names = {} if known.first_name or known.last_name else {"first_name": arrival.first_name, "last_name": arrival.last_name}
        session.registrations.filter(pk=known.pk).update(scanned_at=now, **names)
        known.refresh_from_db()
        return known
    if session.registrations.count() >= MOST_PEOPLE:
        raise Refused(_("Une session a au plus %(n)d personnes sur sa liste.") % {"n": MOST_PEOPLE})
    made = Registration.objects.create(
        session=session, email=arrival.email, first_name=arrival.first_name, last_name=arrival.last_name,
        language=(get_language() or "fr")[:2], source=RegistrationSource.SPOT, state=R.PRESENT, created_at=now,
        created_by_id=actor.person_id, agreed_at=now, marked_at=now, marked_by_id=actor.person_id, scanned_at=now,
    )  # fmt: skip
    _first(actor, session, Tap(key=uuid4(), registration=made.pk, act=Act.PRESENT, at=now))
    publish("workshops.registration.arrive", made, actor=actor, after=made.state, codes={"source": str(made.source)})
    return made


# ── the code of the room ──────────────────────────────────────────────────────────────────────────
def _hold(actor: Actor, session: Session) -> RollCall:
    """The session's roll call, locked, when the actor takes its attendance and the mission goes on.

    Raises:
        NotAllowed, Refused.
    """
    if not takes_attendance(actor, session):
        raise NotAllowed(_("La présence est prise par qui anime la session, la coordination ou l'association."))
    assignment = lock_row(session.assignment)
    if assignment.state != AssignmentState.AWARDED:
        raise Refused(_("La mission est clôturée ou annulée : plus rien n'y change."))
    if session.state == SessionState.CANCELLED:
        raise Refused(_("Cette session est annulée."))
    call, _made = RollCall.objects.get_or_create(session=session)
    held: RollCall = lock_row(call)
    return held


def open_code(*, actor: Actor, session: Session) -> RollCall:
    """Make the code by which people say themselves that they are there; a former one opens nothing from this moment on.

    Raises:
        NotAllowed: the actor takes no attendance of this session.
        Refused: the session is cancelled, or its mission not under way.
    """
    with transaction.atomic():
        call = _hold(actor, session)
        call.code_seed = secrets.token_urlsafe(32)
        call.code_digest = code_digest(code_token(call.code_seed))
        call.save(update_fields=["code_seed", "code_digest"])
        publish("workshops.session.open_code", session, actor=actor)
    return call


def revoke_code(*, actor: Actor, session: Session) -> RollCall:
    """Let the code open nothing any more.

    Raises:
        NotAllowed, Refused: as ``open_code``.
    """
    with transaction.atomic():
        call = _hold(actor, session)
        if call.code_digest:
            call.code_seed = call.code_digest = ""
            call.save(update_fields=["code_seed", "code_digest"])
            publish("workshops.session.revoke_code", session, actor=actor)
    return call


# ── numbers instead of names ──────────────────────────────────────────────────────────────────────
def _half_begun(session: Session, number: int) -> Half:
    half = next((each for each in halves_of(session) if each.number == number), None)
    if half is None:
        raise Refused(_("Cette session n'a pas cette demi-journée."))
    early = session.starts_at - window_of(session).opens_at
    if timezone.now() < half.starts_at - early:
        raise Refused(_("Cette demi-journée n'a pas encore commencé."))
    return half


def count_heads(*, actor: Actor, session: Session, half: int, people: int) -> Headcount:
    """Say how many were there in a half-day, without names; a newer number replaces the former (W6: teaching alone).

    Raises:
        NotAllowed: the actor takes no attendance of this session.
        Refused: the audience is another, attendance is not open, the half-day has not begun, the number is impossible.
    """
    with transaction.atomic():
        _hold(actor, session)
        if not counts_heads(session):
            raise Refused(_("Compter sans noms n'est possible que pour l'enseignement."))
        if closed := why_not_now(session):
            raise Refused(closed)
        if not 0 <= people <= MOST_COUNTED:
            raise Refused(_("Donnez un nombre entre 0 et %(most)d.") % {"most": MOST_COUNTED})
        _half_begun(session, half)
        facts = {"people": people, "counted_at": timezone.now(), "counted_by_id": actor.person_id}
        made, _new = Headcount.objects.update_or_create(session=session, half=half, defaults=facts)
        publish("workshops.session.count_heads", session, actor=actor, codes={"half": half, "people": people})
    return made


# ── signatures ────────────────────────────────────────────────────────────────────────────────────
def is_drawn(path: str) -> bool:
    """Whether a drawing is moves and lines in the box, and long enough to be a signature."""
    return len(path) <= LONGEST_DRAWING and _EXACTLY_DRAWN.match(path) is not None


def sign(
    *, actor: Actor, session: Session, half: int, registration: Registration | None = None, path: str = "", agrees: bool = False
) -> Signature:
    """Keep a signature for one half-day: a participant's on the actor's phone, or, without ``registration``, the actor's own.

    A participant who signs is there: who was not marked is. ``agrees``: the box « Je signe », for who does not draw.

    Raises:
        NotAllowed: the actor takes no attendance of this session; or leads it not and would sign as who does.
        Refused: attendance is not open, the half-day has not begun, it is signed already, or nothing was drawn nor ticked.
    """
    with transaction.atomic():
        if not takes_attendance(actor, session):
            raise NotAllowed(_("La présence est prise par qui anime la session, la coordination ou l'association."))
        if closed := why_not_now(session):
            raise Refused(closed)
        _half_begun(session, half)
        if path and not is_drawn(path):
            raise Refused(_("Cette signature n'a pas pu être lue : recommencez, ou cochez « Je signe »."))
        if not path and not agrees:
            raise Refused(_("Signez dans le cadre, ou cochez « Je signe »."))
        own = own_enrolment(actor, session) if registration is None else None
        if registration is None and own is None:
            raise NotAllowed(_("Cette signature est celle de qui anime la session."))
        name = registration.full_name if registration is not None else _name_of(own)
        if registration is not None and registration.state != R.PRESENT:
            said = _mark(actor, session, Tap(key=uuid4(), registration=registration.pk, act=Act.PRESENT, at=timezone.now()))
            if said.outcome == REFUSED:
                raise Refused(said.words)
        facts: dict[str, Any] = {
            "name": name[:200], "way": SignedBy.HAND if path else SignedBy.BOX, "path": path, "signed_at": timezone.now(),
            "taken_by_id": actor.person_id,
        }  # fmt: skip
        made, new = Signature.objects.get_or_create(
            session=session, half=half, registration=registration, enrolment=own, defaults=facts
        )
        if not new:
            raise Refused(_("C'est déjà signé, %(when)s.") % {"when": moment_words(made.signed_at, session.zone)})
        publish("workshops.signature.give", made, actor=actor, codes={"half": half, "way": str(made.way)})
    return made


def _name_of(own: Enrolment | None) -> str:
    return own.facilitator.person.full_name if own is not None else ""


# ── complete (W10) ────────────────────────────────────────────────────────────────────────────────
def declare_complete(*, actor: Actor, session: Session) -> RollCall:
    """Say that the list is complete: the clock notes as absent whoever was not marked, and the mission may be closed (W10).

    Raises:
        NotAllowed: the actor takes no attendance of this session.
        Refused: the session is not over, is cancelled, or its mission not under way.
    """
    with transaction.atomic():
        call = _hold(actor, session)
        if not session.is_over:
            raise Refused(_("La session n'est pas finie : la liste peut encore s'allonger."))
        if call.declared_at is None:
            call.declared_at, call.declared_by_id = timezone.now(), actor.person_id
            call.save(update_fields=["declared_at", "declared_by"])
            publish("workshops.session.declare_attendance", session, actor=actor)
            ring_clock()
    return call


def reopen(*, actor: Actor, session: Session) -> RollCall:
    """Take the list up again while its window lasts: somebody was forgotten.

    Raises:
        NotAllowed: the actor neither coordinates the mission nor works for the association.
        Refused: the window is over, or the mission not under way.
    """
    if not oversees(actor, session):
        raise NotAllowed(_("Seules la coordination et l'association rouvrent une feuille de présence."))
    with transaction.atomic():
        call = _hold(actor, session)
        if timezone.now() > window_of(session).closes_at:
            raise Refused(_("La feuille de présence est close : le délai est passé."))
        if call.declared_at is not None:
            call.declared_at = call.declared_by = None
            call.save(update_fields=["declared_at", "declared_by"])
            publish("workshops.session.reopen_attendance", session, actor=actor)
    return call


def when_tapped(ago: int) -> datetime:
    """The moment of a tap that a phone made so many milliseconds before it sent it: its clock may be wrong, its patience is not.

    Never a later moment than now.
    """
    return timezone.now() - timedelta(milliseconds=max(0, ago))

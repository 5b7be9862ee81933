"""Plan and change sessions, invite those who lead them (W3, W4)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row, lock_rows
from renfort.kernel.moments import moment
from renfort.workshops.enums import AssignmentState, Kind, Presence, Seat, SessionState
from renfort.workshops.messages import CHANGED, GUEST_MOVED, INVITED
from renfort.workshops.models import Assignment, Invitee, Session
from renfort.workshops.rules import coordinates
from renfort.workshops.selectors.links import link_digest, link_token
from renfort.workshops.selectors.registrations import expected
from renfort.workshops.selectors.roles import is_staff
from renfort.workshops.selectors.sessions import busy_elsewhere, later_in_series, seats_taken

MOST_SESSIONS = 200  # of one assignment
MOST_INVITED = 20  # in one go (the address of each is a stranger's)
LONGEST = timedelta(hours=12)
DAY = timedelta(days=1)
COPIED = ("presence", "language", "zone", "address", "postcode", "city", "video_link", "participants", "leads", "co_leads",
          "coaches", "observers")  # fmt: skip
TOLD = ("presence", "zone", "address", "postcode", "city", "video_link")  # what sends an e-mail, beside the hours


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A session as the form says it: a day and hours on the clocks of ``zone``. An end that does not follow the start is on the
    next day. The four numbers are places per part."""

    kind: str
    presence: str
    language: str
    day: date
    starts: time
    ends: time
    zone: str
    participants: int
    leads: int
    co_leads: int = 0
    coaches: int = 0
    observers: int = 0
    address: str = ""
    postcode: str = ""
    city: str = ""
    video_link: str = ""

    def moments(self) -> tuple[datetime, datetime]:
        """Both moments in UTC; an hour that comes twice is the first one.

        Raises:
            Refused: an hour does not exist on that day, or the session would last too long.
        """
        last = self.day if self.ends > self.starts else self.day + DAY
        starts_at, ends_at = moment(self.day, self.starts, self.zone), moment(last, self.ends, self.zone)
        if ends_at - starts_at > LONGEST:
            raise Refused(_("Une session dure au plus douze heures : vérifiez les heures."))
        return starts_at, ends_at


def hold(actor: Actor, assignment: Assignment) -> Assignment:
    """The assignment, locked, when the actor coordinates it, or works for the association, and it is under way.

    Raises:
        NotAllowed: the actor does neither.
        Refused: it is closed, cancelled or not given yet.
    """
    locked: Assignment = lock_row(assignment)
    locked.order = assignment.order
    if not (coordinates(actor, locked) or is_staff(actor)):
        raise NotAllowed(_("Cette action est réservée à la coordination de la mission."))
    if locked.state == AssignmentState.CLOSED:
        raise Refused(_("La mission est clôturée : plus rien n'y change."))
    if locked.state != AssignmentState.AWARDED:
        raise Refused(_("Cette mission n'est plus en cours."))
    return locked


def plan_session(*, actor: Actor, assignment: Assignment, facts: SessionFacts) -> Session:
    """Plan a session (W3). It counts for nothing until a facilitator enrols (W2).

    Raises:
        NotAllowed, Refused: as ``hold``; the start is past, an hour does not exist, nobody would lead, there are too many.
    """
    with transaction.atomic():
        return write_session(actor, hold(actor, assignment), facts)


def write_session(actor: Actor, locked: Assignment, facts: SessionFacts, *, series: UUID | None = None) -> Session:
    """Write one session of an assignment that is held.

    Raises:
        Refused: as ``plan_session``.
    """
    starts_at, ends_at = facts.moments()
    reasons = _reasons(facts)
    if starts_at <= timezone.now():
        reasons.append(_("Le début est passé : une session se planifie avant d'avoir lieu."))
    if locked.sessions.count() >= MOST_SESSIONS:
        reasons.append(_("Une mission a au plus %(n)d sessions.") % {"n": MOST_SESSIONS})
    if reasons:
        raise Refused(*reasons)
    session = Session.objects.create(
        assignment=locked, kind=facts.kind, starts_at=starts_at, ends_at=ends_at, series=series, **_copied(facts)
    )
    publish("workshops.session.plan", session, actor=actor, after=session.state, codes={"kind": facts.kind})
    return session


def change_session(
    *, actor: Actor, session: Session, facts: SessionFacts, seen: int | None = None, following: bool = False
) -> Session:
    """Change a session that is to come; those who lead it are told when hours or place change (W3). Its kind stays.

    ``following``: what is changed beside date, hours and zone is changed on the later ones of its series too, those that are
    planned still; what they have of their own otherwise stays. All of them change, or none.

    Raises:
        NotAllowed, Refused: as ``hold``; it is past or cancelled; the new hours are past or do not exist; somebody who leads it
            leads another one then; fewer places than are taken.
        Stale: it has changed since the page was opened.
    """
    starts_at, ends_at = facts.moments()
    try:
        with transaction.atomic():
            locked = _held_session(actor, session)
            if seen is not None and seen != locked.version:
                raise Stale(_("Quelqu'un d'autre a modifié cette session entre-temps. Relisez-la, puis recommencez."))
            before = {name: getattr(locked, name) for name in COPIED}
            later = lock_rows(later_in_series(locked)) if following else []
            _check_change(locked, facts, starts_at, ends_at)
            _write_change(actor, locked, facts, starts_at, ends_at)
            wanted = {name: value for name, value in _copied(facts).items() if name != "zone" and before[name] != value}
            for each in later:
                each.assignment = locked.assignment
                _change_too(actor, each, wanted)
    except IntegrityError as error:
        if "one_place_at_a_time" not in str(error):
            raise
        raise Refused(_("Une personne inscrite vient de s'inscrire ailleurs à ces heures. Choisissez-en d'autres.")) from error
    return locked


def _change_too(actor: Actor, session: Session, wanted: Mapping[str, int | str]) -> None:
    """Let a later session of the series have these too; its date, hours and zone are its own.

    Raises:
        Refused: it cannot, which its date says.
    """
    own = {name: getattr(session, name) for name in COPIED} | dict(wanted)
    start, end = session.local_start, session.local_end
    facts = SessionFacts(kind=session.kind, day=start.date(), starts=start.time(), ends=end.time(), **own)
    try:
        _check_change(session, facts, session.starts_at, session.ends_at)
    except Refused as refused:
        raise Refused(*(f"{session.words} : {sentence}" for sentence in refused.sentences)) from refused
    _write_change(actor, session, facts, session.starts_at, session.ends_at)


def _held_session(actor: Actor, session: Session) -> Session:
    assignment = hold(actor, session.assignment)
    locked: Session = lock_row(session)
    locked.assignment = assignment
    if locked.state == SessionState.CANCELLED:
        raise Refused(_("Cette session est annulée."))
    if locked.state != SessionState.PLANNED or locked.is_over:
        raise Refused(_("La session est passée."))
    return locked


def _check_change(session: Session, facts: SessionFacts, starts_at: datetime, ends_at: datetime) -> None:
    reasons = _reasons(facts)
    has_moved = (session.starts_at, session.ends_at) != (starts_at, ends_at)
    if has_moved and (session.has_begun or starts_at <= timezone.now()):
        reasons.append(_("Les heures d'une session commencée ne changent plus, et une session ne se déplace pas dans le passé."))
    taken = seats_taken(session)
    for seat, places in _places(facts).items():
        if places < taken.get(seat, 0):
            reasons.append(_("%(seat)s : %(n)d places sont déjà prises.") % {"seat": Seat(seat).label, "n": taken[seat]})
    if facts.participants < session.participants and (held := expected(session)) > facts.participants:
        reasons.append(_("%(n)d participant·es sont déjà inscrit·es : gardez au moins autant de places.") % {"n": held})
    if has_moved and (names := busy_elsewhere(session, starts_at, ends_at)):
        reasons.append(_("Anime une autre session à ces heures : %(names)s.") % {"names": ", ".join(names)})
    if reasons:
        raise Refused(*reasons)


def _write_change(actor: Actor, session: Session, facts: SessionFacts, starts_at: datetime, ends_at: datetime) -> None:
    before, hours_before = {name: getattr(session, name) for name in COPIED}, session.words
    changes: dict[str, tuple[Plain, Plain]] = {}
    for name, value in _copied(facts).items():
        if before[name] != value:
            changes[name] = (before[name], value)
            setattr(session, name, value)
    has_moved = (session.starts_at, session.ends_at) != (starts_at, ends_at)
    if has_moved:
        changes["starts_at"] = (session.starts_at.isoformat(), starts_at.isoformat())
        changes["ends_at"] = (session.ends_at.isoformat(), ends_at.isoformat())
        session.starts_at, session.ends_at = starts_at, ends_at
    if not changes:
        return
    session.version += 1
    session.save()  # the enrolments' hours follow: a foreign key keeps them the same
    tells = (CHANGED, GUEST_MOVED) if has_moved or any(name in changes for name in TOLD) else ()
    texts = {"hours:before": hours_before} if has_moved else {}
    publish("workshops.session.change", session, actor=actor, changes=changes, texts=texts, tells=tells)


def _places(facts: SessionFacts) -> dict[str, int]:
    return {
        str(Seat.LEAD): facts.leads, str(Seat.CO_LEAD): facts.co_leads, str(Seat.COACH): facts.coaches,
        str(Seat.OBSERVER): facts.observers,
    }  # fmt: skip


def _copied(facts: SessionFacts) -> dict[str, int | str]:
    return {name: getattr(facts, name) for name in COPIED}


def _reasons(facts: SessionFacts) -> list[str]:
    """What is wrong with it whatever else stands there."""
    reasons = []
    if facts.leads + facts.coaches < 1:
        reasons.append(_("Prévoyez au moins une place d'animation."))
    if facts.kind == Kind.TRAINING and facts.coaches:
        reasons.append(_("Une formation n'a pas d'accompagnement : mettez zéro."))
    if facts.presence == Presence.ON_SITE and not (facts.address or facts.city):
        reasons.append(_("Donnez le lieu de la session."))
    return reasons


# ── inviting (W4) ─────────────────────────────────────────────────────────────────────────────────
def open_link(*, actor: Actor, session: Session) -> Session:
    """Make a link that invites facilitators; a former one opens nothing from this moment on.

    Raises:
        NotAllowed, Refused: as ``hold``; the session is past or cancelled.
    """
    with transaction.atomic():
        locked = _held_session(actor, session)
        locked.link_seed = secrets.token_urlsafe(32)
        locked.link_digest = link_digest(link_token(locked.link_seed))
        locked.save(update_fields=["link_seed", "link_digest"])
        publish("workshops.session.open_link", locked, actor=actor)
    return locked


def revoke_link(*, actor: Actor, session: Session) -> Session:
    """Let the link open nothing any more; those sent by e-mail are the same one.

    Raises:
        NotAllowed, Refused: as ``hold``.
    """
    with transaction.atomic():
        hold(actor, session.assignment)
        locked: Session = lock_row(session)
        if locked.link_digest:
            locked.link_seed = locked.link_digest = ""
            locked.save(update_fields=["link_seed", "link_digest"])
            publish("workshops.session.revoke_link", locked, actor=actor)
    return locked


def invite(*, actor: Actor, session: Session, addresses: Iterable[str]) -> int:
    """Send the link to these addresses, once each; one is made when there is none. Returns how many were written to.

    Raises:
        NotAllowed, Refused: as ``open_link``; too many at once.
    """
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses))
    if len(wanted) > MOST_INVITED:
        raise Refused(_("Invitez au plus %(n)d personnes à la fois.") % {"n": MOST_INVITED})
    with transaction.atomic():
        locked = _held_session(actor, session)
        if not locked.link_digest:
            locked = open_link(actor=actor, session=session)
            locked.assignment = session.assignment
        known = set(Invitee.objects.filter(session=locked, email__in=wanted).values_list("email", flat=True))
        for address in wanted:
            if address in known:
                continue
            invitee = Invitee.objects.create(
                session=locked, email=address, invited_at=timezone.now(), invited_by_id=actor.person_id
            )
            publish("workshops.session.invite", invitee, actor=actor, tells=(INVITED,))
    return len(wanted) - len(known)

"""The day of a session, for those who may take attendance: who is expected, who came, who signed, what is complete (W6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.templatetags.ui import span_words
from renfort.parameters.catalogue import ATTENDANCE_DAYS, ATTENDANCE_MINUTES
from renfort.parameters.selectors import values_of
from renfort.workshops.enums import SEATED, Audience, RegistrationState, SessionState
from renfort.workshops.models import Assignment, Enrolment, Headcount, Registration, RollCall, Session, Signature
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff
from renfort.workshops.selectors.sessions import IN_FULL

R = RegistrationState
SALT = "renfort.workshops.code"
CALLABLE = (R.INVITED, R.WAITING, R.CONFIRMED, R.ABSENT)  # who may still be marked present while the window is open
LISTED = (R.CONFIRMED, R.PRESENT, R.ABSENT)  # those who are counted: « 18 / 24 »
NOON = time(13)
ONE_HALF = timedelta(hours=4)  # so long a session is one half-day, also across the middle of the day
MOST_SHOWN = 600  # names on one page; the search finds the others


# ── half-days ─────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Half:
    """One half-day of a session; ``number`` counts from 1, both moments are in UTC."""

    number: int
    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def is_morning(self) -> bool:
        return self.starts_at.astimezone(ZoneInfo(self.zone)).time() < NOON

    @property
    def words(self) -> str:
        """« lundi 4 mars, 9 h – 13 h (matin) »."""
        span = span_words(starts_at=self.starts_at, ends_at=self.ends_at, zone=self.zone)
        part = _("matin") if self.is_morning else _("après-midi")
        return _("%(span)s (%(part)s)") % {"span": span, "part": part}


def halves_of(session: Session) -> list[Half]:
    """The half-days of a session, on the clocks of its place: cut at 13 h when it lasts more than four hours."""
    zone = ZoneInfo(session.zone)
    cuts = [session.starts_at]
    if session.ends_at - session.starts_at > ONE_HALF:
        day = session.local_start.date()
        while day <= session.local_end.date():
            cut = datetime.combine(day, NOON, zone)
            if session.starts_at < cut < session.ends_at:
                cuts.append(cut)
            day += timedelta(days=1)
    cuts.append(session.ends_at)
    return [
        Half(number, start, end, session.zone)
        for number, (start, end) in enumerate(pairwise(cuts), 1)
    ]  # fmt: skip


# ── when ──────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Window:
    """While attendance may be taken; both ends belong to it."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.opens_at <= at <= self.closes_at


def window_of(session: Session) -> Window:
    """From so many minutes before the start to so many days after the end, as the operator has set. One query."""
    minutes, days = values_of(ATTENDANCE_MINUTES, ATTENDANCE_DAYS)
    return Window(session.starts_at - timedelta(minutes=minutes), session.ends_at + timedelta(days=days))


def over_before(now: datetime) -> datetime:
    """The end of the last session whose window is over at ``now``. One query."""
    return now - timedelta(days=values_of(ATTENDANCE_DAYS)[0])


# ── whose ─────────────────────────────────────────────────────────────────────────────────────────
def sessions_to_call(actor: Actor) -> QuerySet[Session]:
    """The sessions whose attendance the actor may take: all for the association, those coordinated, those one leads now."""
    found = Session.objects.select_related(*IN_FULL)
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(assignment__coordinator_id=actor.person_id, assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        on = Enrolment.objects.filter(facilitator_id=actor.person_id, state__in=[str(state) for state in SEATED])
        wanted |= Q(pk__in=on.values("session"))
    return found.filter(wanted)


def leads(person_id: int | None, session_id: int) -> bool:
    """Whether somebody is enrolled on the session, in whatever part, or took part in it. One query."""
    if person_id is None:
        return False
    states = [str(state) for state in SEATED]
    return Enrolment.objects.filter(session=session_id, facilitator=person_id, state__in=states).exists()


def own_enrolment(actor: Actor, session: Session) -> Enrolment | None:
    """The actor's own place on the session, to sign as who led it. One query."""
    states = [str(state) for state in SEATED]
    found = Enrolment.objects.filter(session=session, facilitator_id=actor.person_id or 0, state__in=states)
    return found.select_related("facilitator__person").first()


# ── the list ──────────────────────────────────────────────────────────────────────────────────────
def people_of(session: Session, words: str = "") -> QuerySet[Registration]:
    """Those who may be marked and those who are, by name; ``words`` looks in names and addresses."""
    wanted = [str(state) for state in (*CALLABLE, R.PRESENT)]
    found = session.registrations.filter(state__in=wanted).order_by("last_name", "first_name", "pk")
    for word in words.split()[:5]:
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    return found


def tally_of(session: Session) -> tuple[int, int]:
    """How many are present, of how many on the list: « 18 / 24 présents ». One query."""
    listed = session.registrations.filter(state__in=[str(state) for state in LISTED])
    counted = listed.aggregate(present=Count("pk", filter=Q(state=R.PRESENT)), all=Count("pk"))
    return counted["present"], counted["all"]


def states_of(session: Session) -> dict[int, str]:
    """The state of everybody on the list, by number: what another phone has marked meanwhile. One query."""
    wanted = [str(state) for state in (*CALLABLE, R.PRESENT)]
    return dict(session.registrations.filter(state__in=wanted).order_by("pk").values_list("pk", "state"))


def headcounts_of(session: Session) -> dict[int, Headcount]:
    """The anonymous counts of a session, by half-day. One query."""
    return {each.half: each for each in session.headcounts.all()}


def counts_heads(session: Session) -> bool:
    """Whether a number may stand for names: teaching alone."""
    return session.assignment.audience == Audience.EDUCATION


def signatures_of(session: Session) -> list[Signature]:
    """Every signature of a session. One query."""
    return list(session.signatures.order_by("half", "pk"))


# ── the code (W6: self-entry) ─────────────────────────────────────────────────────────────────────
def code_token(seed: str) -> str:
    """The secret part of the code's address: 160 bits, never written down."""
    return salted_hmac(SALT, seed, algorithm="sha256").hexdigest()[:40]


def code_digest(token: str) -> str:
    """What the database keeps of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def roll_call_of(session: Session) -> RollCall:
    """What is known of a session's attendance; an empty one that is not written while nothing is. One query."""
    return RollCall.objects.filter(pk=session.pk).first() or RollCall(session=session)


def code_of(call: RollCall) -> str:
    """The path that the QR code says; "" when there is none, or the site's key has changed since."""
    if not call.code_seed:
        return ""
    token = code_token(call.code_seed)
    return reverse("workshops:self-entry", args=[token]) if code_digest(token) == call.code_digest else ""


def session_of_code(token: str) -> Session | None:
    """The session that a code opens; None when it opens nothing, or no longer. One query."""
    found = Session.objects.select_related(*IN_FULL).filter(roll_call__code_digest=code_digest(token))
    return found.exclude(roll_call__code_digest="").first()


# ── what is complete (W10 reads it) ───────────────────────────────────────────────────────────────
def attendance_settled(assignment: Assignment) -> list[Session]:
    """The sessions whose attendance is not settled yet, in the order of time; none when an assignment may be closed (W10).

    Settled: cancelled; or said to be complete, or its window over, and nobody confirmed waits for the clock to note the absence.
    Two queries.
    """
    waiting = Registration.objects.filter(session=OuterRef("pk"), state=R.CONFIRMED)
    over = Q(roll_call__declared_at__isnull=False) | Q(ends_at__lt=over_before(timezone.now()))
    alive = assignment.sessions.exclude(state=SessionState.CANCELLED)
    return list(alive.filter(~over | Q(Exists(waiting))).order_by("starts_at", "id"))


def own_marks(registrations: Iterable[Registration], person_id: int | None) -> set[int]:
    """The numbers of those whom this person marked."""
    return {each.pk for each in registrations if each.state == R.PRESENT and each.marked_by_id == person_id}

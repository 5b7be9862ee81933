"""What still stands before the closing of an assignment: one list, read by the button, the page and the guards alike (W10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.people.selectors import today
from renfort.workshops.enums import LIVING_FEES, EnrolmentState, RateRole, RegistrationState, RoundState, SessionState
from renfort.workshops.models import Assignment, Enrolment, Session
from renfort.workshops.selectors.attendance import attendance_settled
from renfort.workshops.selectors.fees import no_rate, rate_on
from renfort.workshops.selectors.payable import PAYABLE
from renfort.workshops.selectors.sessions import progress_of

SHOWN = 20  # links under one sentence; the number counts them all


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that has to be done first: how many, in a sentence, with a link to each (``title``, address)."""

    key: str
    count: int
    sentence: str
    links: tuple[tuple[str, str], ...] = ()


# ── what, row by row ──────────────────────────────────────────────────────────────────────────────
def sessions_ahead(assignment: Assignment) -> QuerySet[Session]:
    """The sessions that are neither over nor cancelled."""
    alive = assignment.sessions.exclude(state=SessionState.CANCELLED)
    return alive.filter(Q(ends_at__gt=timezone.now()) | Q(state=SessionState.PLANNED)).order_by("starts_at", "id")


def unsettled(assignment: Assignment) -> QuerySet[Session]:
    """The sessions that are over and on which somebody's part was not noted yet: the clock is about to."""
    waiting = Enrolment.objects.filter(session__assignment=assignment, state=EnrolmentState.ENROLLED)
    over = assignment.sessions.filter(ends_at__lte=timezone.now())
    return over.filter(pk__in=waiting.values("session")).order_by("starts_at", "id")


def attendance_open(assignment: Assignment) -> list[Session]:
    """The sessions that are over and whose attendance is neither said to be complete nor out of its window. Two queries."""
    return [each for each in attendance_settled(assignment) if each.is_over]


def sessions_to_pay(assignment: Assignment) -> list[Session]:
    """The sessions of which a paid part was not asked for yet, each as often as it has such parts. One query."""
    owed = Enrolment.objects.filter(PAYABLE, session__assignment=assignment).exclude(fees__state__in=LIVING_FEES)
    return [each.session for each in owed.select_related("session").order_by("starts_at", "session", "pk")]


def rounds_open(assignment: Assignment) -> int:
    """How many requests of fees are still drafts; what was sent back counts as not asked for. One query."""
    return assignment.rounds.filter(state=RoundState.DRAFT).count()


# ── in words ──────────────────────────────────────────────────────────────────────────────────────
def session_links(sessions: Iterable[Session]) -> tuple[tuple[str, str], ...]:
    """A link to each session, once."""
    return tuple(
        (f"{each.title}, {each.words}", reverse("workshops:session", args=[each.assignment_id, each.pk]))
        for each in list(dict.fromkeys(sessions))[:SHOWN]
    )


def _of_sessions(assignment: Assignment) -> Blocker | None:
    ahead = list(sessions_ahead(assignment))
    words = ngettext(
        "%(n)d session n'est pas encore passée : attendez sa fin, ou annulez-la.",
        "%(n)d sessions ne sont pas encore passées : attendez leur fin, ou annulez-les.",
        len(ahead),
    )
    return Blocker("sessions", len(ahead), words % {"n": len(ahead)}, session_links(ahead)) if ahead else None


def _of_enrolments(assignment: Assignment) -> Blocker | None:
    found = list(unsettled(assignment))
    words = ngettext(
        "La présence des animateur·ices de %(n)d session reste à constater : réessayez dans un instant.",
        "La présence des animateur·ices de %(n)d sessions reste à constater : réessayez dans un instant.",
        len(found),
    )
    return Blocker("enrolments", len(found), words % {"n": len(found)}, session_links(found)) if found else None


def _of_attendance(assignment: Assignment) -> Blocker | None:
    found = attendance_open(assignment)
    words = ngettext(
        "Les présences de %(n)d session ne sont pas déclarées complètes.",
        "Les présences de %(n)d sessions ne sont pas déclarées complètes.",
        len(found),
    )
    return Blocker("attendance", len(found), words % {"n": len(found)}, session_links(found)) if found else None


def _of_fees(assignment: Assignment) -> Blocker | None:
    found = sessions_to_pay(assignment)
    count = len(found)
    words = ngettext(
        "%(n)d rétribution reste à demander : une mission se clôture quand toutes le sont.",
        "%(n)d rétributions restent à demander : une mission se clôture quand toutes le sont.",
        count,
    )
    return Blocker("fees", count, words % {"n": count}, session_links(found)) if count else None


def _of_rounds(assignment: Assignment) -> Blocker | None:
    count = rounds_open(assignment)
    words = ngettext(
        "%(n)d demande de rétributions est un brouillon : envoyez-la, ou abandonnez-la.",
        "%(n)d demandes de rétributions sont des brouillons : envoyez-les, ou abandonnez-les.",
        count,
    )
    return Blocker("rounds", count, words % {"n": count}) if count else None


def _of_rate(assignment: Assignment) -> Blocker | None:
    """The closing owes the coordination its fee: without a rate for it, nobody could say how much (W9)."""
    if rate_on(assignment.audience, RateRole.COORDINATION, "", today()) or not progress_of([assignment])[assignment.pk].done:
        return None
    return Blocker("rate", 1, no_rate(assignment.audience, RateRole.COORDINATION, "", today()))


KINDS = {
    "sessions": _of_sessions, "enrolments": _of_enrolments, "attendance": _of_attendance, "fees": _of_fees, "rounds": _of_rounds,
    "rate": _of_rate,
}  # fmt: skip


def blocker_of(assignment: Assignment, key: str) -> Blocker | None:
    """What of this kind stands before the closing; None when nothing does."""
    return KINDS[key](assignment)


def blockers_of(assignment: Assignment) -> list[Blocker]:
    """Everything that stands before the closing, in the order in which it is done. A fixed number of queries."""
    return [found for key in KINDS if (found := blocker_of(assignment, key)) is not None]


def undelivered_of(assignment: Assignment) -> list[str]:
    """The lines that were not reached, in words: they do not hinder the closing, a written reason is asked for. Three queries."""
    return [
        _("%(kind)s : %(done)d sur %(n)d commandés.") % {"kind": figure.label, "done": figure.done, "n": figure.ordered}
        for figure in progress_of([assignment])[assignment.pk].figures
        if figure.done < figure.ordered
    ]


# ── what is sealed ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Attended:
    """One session in figures: how many were expected, came, did not come."""

    expected: int = 0
    present: int = 0
    absent: int = 0


def attended(sessions: Iterable[Session]) -> dict[int, Attended]:
    """The attendance of several sessions, by number. One query."""
    counts: dict[int, Counter[str]] = {}
    keys = [session.pk for session in sessions]
    states = [RegistrationState.CONFIRMED, RegistrationState.PRESENT, RegistrationState.ABSENT]
    grouped = (
        Session.objects.filter(pk__in=keys, registrations__state__in=states)
        .values_list("pk", "registrations__state")
        .annotate(Count("registrations"))
        .order_by()
    )
    for pk, state, count in grouped:
        counts.setdefault(pk, Counter())[state] += count
    return {
        pk: Attended(
            expected=sum(found.values()), present=found[RegistrationState.PRESENT], absent=found[RegistrationState.ABSENT]
        )
        for pk, found in counts.items()
    }  # fmt: skip

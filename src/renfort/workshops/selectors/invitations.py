"""Invitations to lead a session, and who answered (W4, W12)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.people.models import Account
from renfort.workshops.enums import AssignmentState, SessionState
from renfort.workshops.models import Enrolment, Invitee, Session
from renfort.workshops.selectors.roles import is_facilitator
from renfort.workshops.selectors.sessions import SEATS

IN_FULL = ("session__assignment__order__client__organisation", "session__assignment__coordinator__person")


def _open(now: datetime) -> QuerySet[Invitee]:
    """Those whose link opens a session that is to come."""
    return (
        Invitee.objects.filter(
            session__state=SessionState.PLANNED, session__starts_at__gt=now, session__assignment__state=AssignmentState.AWARDED,
            declined_at=None,
        )
        .exclude(session__link_digest="")
        .exclude(email="")
    )  # fmt: skip


def own_invitations(actor: Actor) -> QuerySet[Invitee]:
    """The invitations that wait for the actor's answer, by the day of their session. The address is the account's own."""
    if not is_facilitator(actor):
        return Invitee.objects.none()
    address = Account.objects.filter(person=actor.person_id).values(low=Lower("email"))
    on = Enrolment.objects.filter(session=OuterRef("session"), facilitator=actor.person_id, state__in=SEATS)
    return (
        _open(timezone.now()).filter(~Exists(on), email__in=address).select_related(*IN_FULL).order_by("session__starts_at", "pk")
    )


def invited_to(session: Session) -> list[Invitee]:
    """Everybody invited, each with whether one is on the session (``is_on``), by address. One query."""
    on = Enrolment.objects.filter(session=session, state__in=SEATS, facilitator__person__account__email__iexact=OuterRef("email"))
    return list(session.invitees.exclude(email="").annotate(is_on=Exists(on)).order_by("email"))


def to_remind(now: datetime, days: int) -> QuerySet[Invitee]:
    """The invitations without an answer for so many days, not reminded yet."""
    on = Enrolment.objects.filter(
        session=OuterRef("session"), state__in=SEATS, facilitator__person__account__email__iexact=OuterRef("email")
    )
    waiting = _open(now).filter(Q(reminded_at=None), ~Exists(on), invited_at__lte=now - timedelta(days=days))
    return waiting.select_related(*IN_FULL).order_by("pk")

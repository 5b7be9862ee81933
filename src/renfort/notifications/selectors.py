"""Reads of notices and e-mails; visibility first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower

from renfort.kernel.actors import Actor
from renfort.notifications.enums import OutgoingState
from renfort.notifications.models import DailyReader, MutedMessage, Notice, Outgoing

STATES = {
    OutgoingState.WAITING: Q(next_try_at__isnull=False),
    OutgoingState.SENT: Q(sent_at__isnull=False, kept=False),
    OutgoingState.KEPT: Q(sent_at__isnull=False, kept=True),
    OutgoingState.FAILED: Q(sent_at=None, next_try_at=None),
}


def due(now: datetime) -> QuerySet[Outgoing]:
    """The e-mails to send at ``now``."""
    return Outgoing.objects.filter(next_try_at__lte=now)


def unread_of(person_id: int | None) -> QuerySet[Notice]:
    """The notices that a person has not read."""
    return Notice.objects.filter(person_id=person_id, read_at=None) if person_id is not None else Notice.objects.none()


def unread_count(person_id: int | None) -> int:
    """How many notices a person has not read, for the bell. One query, by index."""
    return unread_of(person_id).count()


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, the unread first, then the newest."""
    if actor.person_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=actor.person_id).order_by(F("read_at").desc(nulls_first=True), "-id")


def muted_by(actor: Actor) -> set[str]:
    """The keys of the e-mails that the actor turned off. One query."""
    return set(MutedMessage.objects.filter(person_id=actor.person_id or 0).values_list("message", flat=True))


def is_daily(actor: Actor) -> bool:
    """Whether the actor wants the optional e-mails together, once a day. One query."""
    return DailyReader.objects.filter(person_id=actor.person_id or 0).exists()


def mailbox(addresses: list[str]) -> QuerySet[Outgoing]:
    """What was written to these addresses (lower case), newest first."""
    return Outgoing.objects.annotate(to=Lower("address")).filter(to__in=addresses).order_by("-id")


def outgoing(*, words: str = "", state: str = "") -> QuerySet[Outgoing]:
    """All e-mails, newest first, without their bodies: by part of an address or of the message's key, and by state."""
    found = Outgoing.objects.defer("text", "html").order_by("-id")
    if words:
        found = found.filter(Q(address__icontains=words) | Q(message__icontains=words) | Q(subject__icontains=words))
    if state in STATES:
        found = found.filter(STATES[OutgoingState(state)])
    return found


def outgoing_counts() -> dict[str, int]:
    """How many e-mails stand in each state. One query."""
    return Outgoing.objects.aggregate(**{state.value: Count("pk", filter=which) for state, which in STATES.items()})

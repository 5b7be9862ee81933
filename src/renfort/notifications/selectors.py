"""Reads of notices and e-mails; visibility first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext

from renfort.kernel.actors import Actor
from renfort.kernel.messages import Mail, Message
from renfort.notifications.catalogue import (
    BODY,
    ITS_SUBJECT,
    ITS_TEXT,
    NAME,
    SITE,
    SUBJECT,
    VARIABLE,
    fact_name,
    mail_key,
)
from renfort.notifications.enums import FAILURES, OutgoingState
from renfort.notifications.models import DailyReader, MutedMessage, Notice, Outgoing
from renfort.parameters.selectors import site_name, words_set

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


def failures() -> list[tuple[str, int]]:
    """Why e-mails were given up, in the reader's language, with how many, the commonest first. One query, by index."""
    given_up = Outgoing.objects.filter(STATES[OutgoingState.FAILED])
    counts = given_up.aggregate(
        **{f"n{n}": Count("pk", filter=Q(error__startswith=said)) for n, said in enumerate(FAILURES)}, whole=Count("pk")
    )
    whole = counts.pop("whole")
    found = [(gettext(said).rstrip(" :\u00a0"), counts[f"n{n}"]) for n, said in enumerate(FAILURES) if counts[f"n{n}"]]
    others = whole - sum(counts.values())
    return sorted([*found, *([(gettext("Une autre raison"), others)] if others else [])], key=lambda each: -each[1])


def outgoing_again(words: str = "") -> QuerySet[Outgoing]:
    """The e-mails that were given up and have an address; those found by words alone when there are some."""
    return outgoing(words=words, state=OutgoingState.FAILED).exclude(address="")


# ── the operator's own words (R58) ────────────────────────────────────────────────────────────────
def worded(message: Message[Any], mail: Mail, *, language: str, name: str) -> Mail:
    """An e-mail with the words that the operator wrote for it in this language; unchanged when there are none.

    Only subject and sentences change: facts, link and closing stay. A text that names something this e-mail does not
    have (a fact that is missing this time) is left aside for the words it came with: nobody gets an e-mail with a hole.
    """
    written = words_set()
    subject, body = (written.get(mail_key(message.key, part, language), "") for part in (SUBJECT, BODY))
    if not subject and not body:
        return mail
    sentences = tuple(str(each) for each in mail.sentences)
    values = {NAME: name, SITE: site_name(), ITS_SUBJECT: str(mail.subject), ITS_TEXT: "\n\n".join(sentences)}
    values |= {fact_name(label): str(value) for label, value in mail.facts}
    said, told = _filled(subject, values), _filled(body, values)
    paragraphs = tuple(" ".join(each.split()) for each in told.split("\n\n") if each.strip())
    return replace(mail, subject=said or mail.subject, sentences=paragraphs or mail.sentences)


def _filled(text: str, values: dict[str, str]) -> str:
    """The text with its variables; "" when one of them has no value."""
    text = text.replace("\r\n", "\n")
    if any(found not in values for found in VARIABLE.findall(text)):
        return ""
    return VARIABLE.sub(lambda found: values[found[1]], text)

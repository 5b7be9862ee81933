"""Deliver what waits, and what staff and readers do with e-mails and notices (P4).

Each e-mail leaves in a transaction of its own that holds its row: a process that dies before the note of the mail server's
yes leaves the row as it was, and the next sweep sends it, with the same Message-ID. Two workers never hold the same row.
"""

from __future__ import annotations

import logging
import smtplib
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.messages import MESSAGES
from renfort.notifications.enums import Failure
from renfort.notifications.models import DailyReader, MutedMessage, Notice, Outgoing
from renfort.notifications.selectors import due, notices_of, outgoing_again

logger = logging.getLogger(__name__)

# What is waited after the first failure, the second…; after the last of them, nearly three days on, it is given up.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60))
ROUND = 50.0  # seconds after which a round ends, so that a worker told to stop is not waited for long
CALENDAR_FILE = "agenda.ics"
REFUSED = 500  # replies of a mail server from here on are final
CLOSING = 421  # « service not available, closing »


@dataclass(slots=True)
class Round:
    """What one round of deliveries did."""

    sent: int = 0
    failed: int = 0


class _ServerAwayError(Exception):
    """The mail server does not answer: the rest of the round is left to the next one."""


def deliver_due(now: datetime) -> Round:
    """Send every e-mail that is due at ``now``, one row per transaction, over one connection.

    Safe at any time, in several processes at once. Ends early when the mail server is away or after ``ROUND`` seconds: the
    sweep comes back.
    """
    done = Round()
    if settings.MAIL_IS_KEPT:
        done.sent = keep_due(now)
        return done
    stop_at = time.monotonic() + ROUND
    server = _Server()
    try:
        while time.monotonic() < stop_at and due(now).exists():
            # connected before a row is held: a server that hangs at the greeting holds nothing
            server.prepare()
            if not _deliver_next(now, server, done):
                break
    finally:
        server.close()
    return done


def keep_due(now: datetime) -> int:
    """Without a mail server: note that the rows themselves are the e-mails (the mailbox page shows them). Returns how many."""
    return due(now).update(sent_at=now, kept=True, next_try_at=None, error="")


def _deliver_next(now: datetime, server: _Server, done: Round) -> bool:
    """Try the e-mail that is due the longest; false when there is none left, or when the server is away."""
    with transaction.atomic():
        row = due(now).select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at", "id").first()
        if row is None:
            return False
        moment = max(now, timezone.now())
        try:
            server.send(row)
        except Exception as error:
            is_server_away = isinstance(error, _ServerAwayError)
            note_failure(row, error.__cause__ if is_server_away and error.__cause__ else error, moment)
            done.failed += 1
            return not is_server_away
        note_sent(row, moment)
        done.sent += 1
    return True


def note_sent(row: Outgoing, moment: datetime) -> None:
    """The mail server said yes."""
    row.sent_at, row.next_try_at, row.error, row.attempts = moment, None, "", row.attempts + 1
    row.save(update_fields=["sent_at", "next_try_at", "error", "attempts"])


def note_failure(row: Outgoing, error: BaseException, moment: datetime) -> None:
    """It did not leave: try again later, or never when the server's no is final or when it was tried for days."""
    row.attempts += 1
    is_over = is_final(error) or row.attempts > len(DELAYS)
    row.next_try_at = None if is_over else moment + DELAYS[row.attempts - 1]
    row.error = explain(error)[:500]
    row.save(update_fields=["attempts", "next_try_at", "error"])
    logger.warning("e-mail %s not sent (attempt %s): %s", row.message_id, row.attempts, row.error)


def is_final(error: BaseException) -> bool:
    """Whether the mail server refused this reader or this e-mail for good (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= REFUSED


def explain(error: BaseException) -> str:
    """What went wrong, in a sentence for the operator, with the server's own words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = "; ".join(f"{code} {_words(text)}" for code, text in error.recipients.values())
        return f"{Failure.ADDRESS_REFUSED} {replies}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{Failure.LOGIN_REFUSED} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{Failure.REFUSED} {error.smtp_code} {_words(error.smtp_error)}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib says « disconnected »
        return Failure.TOO_SLOW
    if isinstance(error, OSError):
        return f"{Failure.AWAY} {error}"
    return f"{Failure.BROKEN} {type(error).__name__}: {error}"


def _words(text: bytes | str) -> str:
    return " ".join((text.decode("utf-8", "replace") if isinstance(text, bytes) else text).split())


class _Server:
    """One connection to the mail server, opened when needed and again when it was lost."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._trouble: Exception | None = None

    def prepare(self) -> None:
        """Have a live connection. When that fails, the next ``send`` says why."""
        self._trouble = None
        if self._backend is not None and self._is_alive():
            return
        self.close()
        backend = get_connection()
        try:
            backend.open()
        except Exception as error:
            self._trouble = error
            with suppress(Exception):
                backend.close()
            return
        self._backend = backend

    def send(self, row: Outgoing) -> None:
        """Hand one e-mail to the server.

        Raises:
            _ServerAwayError: the server does not answer (its cause says why).
            Exception: the server refuses this e-mail, or it cannot be put into form.
        """
        if self._backend is None:
            raise _ServerAwayError from self._trouble
        email = compose(row)
        try:
            self._backend.send_messages([email])
        except Exception as error:
            if _is_away(error):
                self.close()
                raise _ServerAwayError from error
            raise

    def close(self) -> None:
        """Say goodbye; a server that does not answer is left."""
        if self._backend is not None:
            with suppress(Exception):
                self._backend.close()
        self._backend = None

    def _is_alive(self) -> bool:
        """Servers close connections that sent enough: ask before, because an error while sending leaves a doubt."""
        smtp: Any = getattr(self._backend, "connection", None)
        if smtp is None:
            return True  # not SMTP
        try:
            code, _text = smtp.noop()
        except (smtplib.SMTPException, OSError):
            return False
        return bool(code < REFUSED and code != CLOSING)


def _is_away(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == CLOSING
    return isinstance(error, OSError)  # SMTPServerDisconnected, time-outs and refused connections are


def compose(row: Outgoing) -> EmailMultiAlternatives:
    """The e-mail of a row: one reader, text and HTML, the Message-ID fixed when the row was written."""
    name = row.name.replace("\\", " ").replace('"', " ")
    email = EmailMultiAlternatives(
        subject=row.subject,
        body=row.text,
        to=[f'"{name}" <{row.address}>' if name.strip() else row.address],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated", "Content-Language": row.language},
    )
    email.attach_alternative(row.html, "text/html")
    if row.calendar:
        email.attach(CALENDAR_FILE, row.calendar, "text/calendar")
    return email


# ── what people do with them ──────────────────────────────────────────────────────────────────────
def retry(*, actor: Actor, row: Outgoing) -> bool:
    """Let an e-mail that was given up, or that waits for its next attempt, be tried at the next sweep.

    Returns whether there was anything to try again. Who may is asked by the page: the operator alone.
    """
    with transaction.atomic():
        again = Outgoing.objects.filter(pk=row.pk, sent_at=None).exclude(address="")
        if not again.update(next_try_at=timezone.now(), attempts=0):
            return False
        publish("notifications.outgoing.retry", row, actor=actor, codes={"message": row.message})
    return True


def retry_all(*, actor: Actor, words: str = "") -> int:
    """Let every e-mail that was given up be tried at the next sweep, those found by ``words`` alone when there are some.

    Those without an address stay as they are. One line of the history for all, with their number. Returns how many.
    """
    with transaction.atomic():
        keys = list(outgoing_again(words).order_by().select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not keys:
            return 0
        Outgoing.objects.filter(pk__in=keys).update(next_try_at=timezone.now(), attempts=0)
        first = Outgoing.objects.only("pk").get(pk=min(keys))
        publish("notifications.outgoing.retry_all", first, actor=actor, codes={"count": len(keys)})
    return len(keys)


def choose_rhythm(*, actor: Actor, daily: bool) -> None:
    """Let the optional e-mails come together once a day, or each at once (R36)."""
    if actor.person_id is None:
        return
    if daily:
        DailyReader.objects.get_or_create(person_id=actor.person_id)
    else:
        DailyReader.objects.filter(person_id=actor.person_id).delete()


def choose_emails(*, actor: Actor, wanted: set[str]) -> None:
    """Keep which optional e-mails the actor wants; the notices stay whatever is chosen (P4).

    Keys that are not those of an optional message are ignored: nobody turns off what must be told.
    """
    if actor.person_id is None:
        return
    unwanted = {key for key, message in MESSAGES.items() if message.optional} - wanted
    with transaction.atomic():
        MutedMessage.objects.filter(person_id=actor.person_id).exclude(message__in=unwanted).delete()
        rows = [MutedMessage(person_id=actor.person_id, message=key) for key in sorted(unwanted)]
        MutedMessage.objects.bulk_create(rows, ignore_conflicts=True)


def read_notice(*, actor: Actor, notice: Notice) -> None:
    """Mark one notice of the actor as read; the first time counts."""
    notices_of(actor).filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def read_all_notices(*, actor: Actor, up_to: int) -> int:
    """Mark the actor's notices as read, up to the newest one that the page showed; returns how many."""
    return notices_of(actor).filter(pk__lte=up_to, read_at=None).update(read_at=timezone.now())

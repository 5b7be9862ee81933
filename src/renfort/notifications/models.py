"""What people are told: a line behind the bell, and an e-mail that waits to leave (P4, design decision 18)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from renfort.notifications.enums import OutgoingState, failure_words
from renfort.people.models import Person


class Notice(models.Model):
    """One thing a person should know, written in the transaction that caused it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    message = models.CharField(max_length=100)  # key of the kernel Message
    key = models.CharField(max_length=160, unique=True)  # one per event and person
    subject = models.CharField(max_length=250)  # in the reader's language at the time
    url = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    digest = models.BooleanField(default=False, db_default=False)  # waits for the e-mail of the day

    class Meta:
        indexes = [
            models.Index(fields=["person", "id"], name="notifications_notice_digest", condition=Q(digest=True)),
            models.Index(fields=["person", "-id"], name="notifications_notice_person"),
            models.Index(fields=["person"], name="notifications_notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject


class MutedMessage(models.Model):
    """One kind of e-mail that a person does not want; the notice behind the bell stays (P4)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    message = models.CharField(max_length=100)  # key of an optional kernel Message

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "message"], name="notifications_mutedmessage_once")]

    def __str__(self) -> str:
        return f"{self.message} muted by person {self.person_id}"


class DailyReader(models.Model):
    """A person who wants the optional e-mails together, once a day (R36). Without such a row each leaves at once."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"daily for person {self.person_id}"


class Outgoing(models.Model):
    """One e-mail, rendered in the reader's language, that waits to leave or has left. The row is the truth.

    ``message_id`` is fixed when the row is written: if the process dies between the mail server's yes and our note of
    it, the repeat carries the same Message-ID and is recognisable.

    Waiting: ``next_try_at`` is set. Left: ``sent_at`` is set, ``kept`` when there was no mail server and the row alone holds it.
    Given up: neither, and ``error`` says why. The database holds that there is no fourth case, so that none gets lost.
    """

    message = models.CharField(max_length=100)
    key = models.CharField(max_length=160, unique=True)  # one per event and reader
    message_id = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    address = models.EmailField(max_length=254, blank=True)  # empty: the reader has none, and staff see it
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="fr")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True, default="", db_default="")  # an iCalendar file that goes with it
    secret = models.BooleanField(default=False)  # its link opens something: staff never read it
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)  # null: nothing more will be tried
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    kept = models.BooleanField(default=False)  # « left » without a mail server: read on the site
    error = models.CharField(max_length=500, blank=True)  # of the last attempt

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="notifications_outgoing_due", condition=Q(next_try_at__isnull=False)),
            models.Index(fields=["-id"], name="notifications_outgoing_failed", condition=Q(sent_at=None, next_try_at=None)),
            models.Index(Lower("address"), F("id").desc(), name="notifications_outgoing_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, next_try_at__isnull=False)
                | Q(sent_at__isnull=False, next_try_at=None)
                | (Q(sent_at=None, next_try_at=None) & ~Q(error="")),
                name="notifications_outgoing_waits_left_or_failed",
            ),
            models.CheckConstraint(condition=Q(kept=False) | Q(sent_at__isnull=False), name="notifications_outgoing_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.message} to {self.address}"

    @property
    def state(self) -> str:
        """Where it stands: ``waiting``, ``sent``, ``kept`` or ``failed``."""
        if self.sent_at is not None:
            return OutgoingState.KEPT if self.kept else OutgoingState.SENT
        return OutgoingState.FAILED if self.next_try_at is None else OutgoingState.WAITING

    @property
    def failure(self) -> str:
        """Why the last attempt failed, in the reader's language."""
        return failure_words(self.error)

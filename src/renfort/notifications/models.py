"""What people are told: a line behind the bell, and an e-mail that waits to leave (P4, design decision 18)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="notifications_notice_person"),
            models.Index(fields=["person"], name="notifications_notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject


class Outgoing(models.Model):
    """One e-mail, rendered in the reader's language, that waits to leave or has left. The row is the truth.

    ``message_id`` is fixed when the row is written: if the process dies between the mail server's yes and our note of
    it, the repeat carries the same Message-ID and is recognisable.
    """

    message = models.CharField(max_length=100)
    key = models.CharField(max_length=160, unique=True)  # one per event and reader
    message_id = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="fr")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    secret = models.BooleanField(default=False)  # its link opens something: staff never read it
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)  # null: nothing more will be tried
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="notifications_outgoing_due", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.message} to {self.address}"

"""The link by which somebody whom the directory names comes in for the first time (S1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from renfort.civic_service.models.establishment import Establishment
from renfort.people.models import Person


class AccessInvitation(models.Model):
    """« Invité » (S1): a person without account was written to, with a link that opens one, once.

    Of the link only a digest is kept: whoever reads the table opens nothing. Asked again, the same row gets another link, and the
    former one opens nothing any more.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")  # the one in whose name it is sent
    email = models.EmailField(max_length=254)  # lower case
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the link's token, in hexadecimal
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    sent_at = models.DateTimeField()  # the last time
    times_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    token = ""  # in memory alone, between its making and its e-mail

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(used_at=None), name="civic_service_access_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")) & ~Q(email=""), name="civic_service_access_email"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="civic_service_access_period"),
        ]

    def __str__(self) -> str:
        return f"access of person {self.person_id}"

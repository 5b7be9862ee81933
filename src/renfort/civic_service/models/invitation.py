"""Somebody asked to manage the cases of a federation, until the link of the e-mail is opened (S5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.civic_service.models.establishment import Federation
from renfort.people.models import Person


class ManagerInvitation(models.Model):
    """One invitation that waits. Accepted or taken back, the row goes, with its address; the history keeps what happened.

    The link is made of the seed and the site's key, and recognised by its digest; it opens once, until ``expires_at``.
    """

    federation = models.ForeignKey(Federation, models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)  # in lower case
    link_seed = models.CharField(max_length=43, editable=False)
    link_digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["federation", "email"], name="civic_service_managerinvitation_once"),
            models.CheckConstraint(condition=~Q(email=""), name="civic_service_managerinvitation_email"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

"""Many participations answered at once: what was asked, seen when, and what became of each (R33)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, known_state
from renfort.missions.enums import BatchState, RowOutcome
from renfort.missions.models.participation import Participation
from renfort.organisations.models import Organisation
from renfort.people.models import Person


class Batch(models.Model):
    """One answer to many participations. It is first looked at (« preview »), then done row by row by its asker's own rights.

    ``role``: the key of the role in which it was asked. ``answers``: what the transition asks; people's own words among them
    are forgotten once all is done. ``turned``: how many applications the filter had when not all of them were taken.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=100)
    verb = models.CharField(max_length=30)  # the name of a transition: accept
    answers = models.JSONField(default=dict)
    state = CodeField(states=BatchState, default=BatchState.PREVIEW)
    total = models.PositiveIntegerField()
    turned = models.PositiveIntegerField(default=0)
    back = models.CharField(max_length=700, blank=True)  # what the address of the list said
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [known_state(BatchState)]
        indexes = [
            models.Index(fields=["id"], name="missions_batch_to_do", condition=Q(state="asked")),
            models.Index(fields=["person", "-id"], name="missions_batch_person"),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class BatchRow(models.Model):
    """One participation of a batch. ``seen`` is its version when it was looked at; ``outcome`` is written with the change itself,
    in one transaction, so that no row is done twice whatever dies."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField()
    outcome = CodeField(states=RowOutcome, default=RowOutcome.WAITING)
    said = models.CharField(max_length=500, blank=True)  # why not, in the asker's language

    class Meta:
        constraints = [
            known_state(RowOutcome, field="outcome"),
            models.UniqueConstraint(fields=["batch", "participation"], name="missions_batchrow_once"),
        ]
        indexes = [models.Index(fields=["batch", "id"], name="missions_batchrow_to_do", condition=Q(outcome="waiting"))]

    def __str__(self) -> str:
        return f"row {self.pk} of batch {self.batch_id}"

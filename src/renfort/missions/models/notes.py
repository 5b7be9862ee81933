"""What those who look after a territory write for one another of a mission (R55), and why one of them sees contact data (R37)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.audit.enums import ViewPurpose
from renfort.kernel.models import CodeField, known_state
from renfort.missions.models.mission import Mission
from renfort.missions.models.participation import Participation
from renfort.organisations.models.notes import Note
from renfort.people.models import Person

WORDS = 300  # characters of why


class MissionNote(Note):
    """A note on a mission. It stays with the mission, whichever organisation has it."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="notes")

    class Meta(Note.Meta):
        indexes = [models.Index(fields=["mission", "-id"], name="missions_note_of")]


class ContactAccess(models.Model):
    """A referent said why they must reach a volunteer: they see the contact data of this participation until then (R37)."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    viewer = models.ForeignKey(Person, models.CASCADE, related_name="+")
    purpose = CodeField(states=ViewPurpose)
    words = models.CharField(max_length=WORDS)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            known_state(ViewPurpose, field="purpose"),
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="missions_contactaccess_ends"),
        ]
        indexes = [models.Index(fields=["participation", "viewer", "-until"], name="missions_contactaccess_of")]

    def __str__(self) -> str:
        return f"access {self.pk} to participation {self.participation_id}"

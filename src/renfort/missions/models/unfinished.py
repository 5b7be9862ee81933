"""What somebody is typing into the form of a mission, kept until it is saved (R12)."""

from __future__ import annotations

from django.db import models

from renfort.missions.models.mission import Mission
from renfort.organisations.models import Organisation
from renfort.people.models import Person


class Unfinished(models.Model):
    """One form being filled, exactly as it was typed: half a word, an end before the start, nothing judged.

    Not a draft: no colleague sees it, it has no state, and nothing of it is a mission. ``token`` is the form's own, so that two
    tabs are two rows; ``seen`` is the version of the mission that the form was made for. Forgotten after thirty days.
    """

    token = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    mission = models.ForeignKey(Mission, models.CASCADE, null=True, related_name="+")
    said = models.JSONField()  # {name of a field: [what was typed, …]}
    seen = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "organisation", "-saved_at"], name="missions_unfinished_own"),
            models.Index(fields=["saved_at"], name="missions_unfinished_age"),
        ]

    def __str__(self) -> str:
        return f"unfinished form {self.token}"

    @property
    def title(self) -> str:
        """What was typed as title, to recognise it by; "" when nothing was."""
        return " ".join(self.said.get("title", [""])[-1].split())

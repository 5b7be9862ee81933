"""What a volunteer keeps for oneself: missions liked, the address of one's calendar (R35, R62)."""

from __future__ import annotations

from django.db import models

from renfort.missions.models.mission import Mission
from renfort.people.models import Person


class Favourite(models.Model):
    """A mission that somebody keeps for later (R62). Nobody else sees it, and it takes no place."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "mission"], name="missions_favourite_once")]
        indexes = [models.Index(fields=["person", "-id"], name="missions_favourite_newest")]

    def __str__(self) -> str:
        return f"mission {self.mission_id} kept by {self.person_id}"


class CalendarAddress(models.Model):
    """The address at which somebody's calendar program reads one's missions (R35); no row: there is none.

    The secret part of the address is not written here: it comes from ``seed`` and the site's key, and is recognised by its
    ``digest``. Whoever reads the table alone opens nobody's calendar.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    seed = models.CharField(max_length=43)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"

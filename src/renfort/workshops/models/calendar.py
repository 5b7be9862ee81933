"""The address at which a facilitator's calendar program reads the sessions (W12)."""

from __future__ import annotations

from django.db import models

from renfort.people.models import Person


class CalendarAddress(models.Model):
    """No row: there is none. Its secret part is made of the seed and the site's key, and recognised by its digest: whoever reads
    the table alone opens nobody's calendar."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    seed = models.CharField(max_length=43)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"

"""What an adviser thinks of a host project, before it is decided (S5, step 2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.civic_service.enums import OpinionKind
from renfort.civic_service.models.project import HostProject
from renfort.kernel.models import CodeField, known_state
from renfort.people.models import Person


class Opinion(models.Model):
    """An adviser's opinion on a project as it was filed for the ``filing``-th time, written down by a case manager.

    Advisers have no account here: their name and function are said. It is never changed: another one comes after it.
    """

    project = models.ForeignKey(HostProject, models.PROTECT, related_name="opinions")
    filing = models.PositiveSmallIntegerField()  # the number of the version that the adviser read
    adviser = models.CharField(max_length=120)
    function = models.CharField(max_length=120)
    kind = CodeField(states=OpinionKind)
    words = models.TextField(max_length=2000, blank=True)
    given_on = models.DateField()
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-noted_at", "-id"]
        constraints = [
            known_state(OpinionKind, field="kind"),
            models.CheckConstraint(condition=~Q(adviser="") & ~Q(function=""), name="civic_service_opinion_signed"),
            models.CheckConstraint(condition=Q(kind=OpinionKind.FAVOURABLE) | ~Q(words=""), name="civic_service_opinion_words"),
        ]

    def __str__(self) -> str:
        return f"opinion {self.pk}"

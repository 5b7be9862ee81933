"""What an establishment proposes to do with a volunteer (S5, steps 1 and 2)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.civic_service.enums import Domain, ProjectState
from renfort.civic_service.models.campaign import Campaign
from renfort.civic_service.models.establishment import Establishment
from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.people.models import Person

P = ProjectState
DECIDED = (P.ACCEPTED, P.REFUSED, P.CANCELLED, P.COMPLETED)


class HostProject(Stateful):
    """A host project (« projet d'accueil »); its life stands on ``civic_service.workflow``.

    A draft may lack anything; what is filed has everything (constraint ``filed``). ``first_on``: the wanted first day;
    ``months``: 6 to 12 (L120-1); ``weekly_hours``: 24 to 48, 35 at most where minors are welcome alone (L120-8).
    ``granted``: how many volunteers were allowed, once accepted. ``filings`` counts the versions filed.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="projects")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    domain = CodeField(states=Domain, blank=True)
    aim = models.TextField(max_length=2000, blank=True)  # the general interest that it serves
    tasks = models.TextField(max_length=4000, blank=True)  # what the volunteer does
    setting = models.TextField(max_length=2000, blank=True)  # preparation, tutoring, training on the spot
    audience = models.CharField(max_length=300, blank=True)  # whom the volunteer meets
    place = models.CharField(max_length=300, blank=True)
    first_on = models.DateField(null=True, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_days = models.PositiveSmallIntegerField(null=True, blank=True)
    takes_minors = models.BooleanField(default=False)
    minors_support = models.TextField(max_length=2000, blank=True)  # the reinforced tutoring of minors (R121-11)
    is_reachable = models.BooleanField(default=False)  # by public transport
    is_accessible = models.BooleanField(default=False)  # to people of reduced mobility
    asked = models.PositiveSmallIntegerField(default=1)
    granted = models.PositiveSmallIntegerField(null=True, blank=True)
    lead = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    tutor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    co_tutor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    state = StateField(states=P, default=P.DRAFT)
    filings = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    queued_at = models.DateTimeField(null=True, editable=False)  # since when it waits for a decision, when it does
    taken_at = models.DateTimeField(null=True, editable=False)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            known_state(P),
            models.CheckConstraint(condition=Q(domain="") | Q(domain__in=Domain.values), name="civic_service_hostproject_domain"),
            models.CheckConstraint(condition=Q(asked__gte=1), name="civic_service_hostproject_asked"),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__gte=6, months__lte=12), name="civic_service_hostproject_months"
            ),
            models.CheckConstraint(
                condition=Q(weekly_hours=None) | Q(weekly_hours__gte=24, weekly_hours__lte=48),
                name="civic_service_hostproject_hours",
            ),
            models.CheckConstraint(  # L120-8
                condition=Q(weekly_days=None) | Q(weekly_days__gte=1, weekly_days__lte=6), name="civic_service_hostproject_days"
            ),
            models.CheckConstraint(  # L120-8, R121-11, R121-12: of what is filed; a draft may be on its way there
                condition=Q(state__in=[P.DRAFT, P.WITHDRAWN])
                | Q(takes_minors=False)
                | Q(weekly_hours__lte=35, weekly_days__lte=5) & ~Q(minors_support=""),
                name="civic_service_hostproject_minors",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[P.DRAFT, P.WITHDRAWN])
                | Q(
                    first_on__isnull=False, months__isnull=False, weekly_hours__isnull=False, weekly_days__isnull=False,
                    lead__isnull=False, tutor__isnull=False, filings__gte=1,
                )
                & ~Q(domain="") & ~Q(title="") & ~Q(aim="") & ~Q(tasks="") & ~Q(place=""),
                name="civic_service_hostproject_filed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[P.ACCEPTED, P.COMPLETED], granted__gte=1, granted__lte=F("asked"))
                | Q(state=P.CANCELLED)
                | (~Q(state__in=[P.ACCEPTED, P.COMPLETED, P.CANCELLED]) & Q(granted=None)),
                name="civic_service_hostproject_granted",
            ),
            models.CheckConstraint(
                condition=Q(co_tutor=None) | Q(tutor=None) | ~Q(co_tutor=F("tutor")), name="civic_service_hostproject_co_tutor"
            ),
            signed("queued", in_states=[P.SUBMITTED, P.UNDER_REVIEW]),
            signed("taken", in_states=[P.UNDER_REVIEW]),
            signed("decided", in_states=DECIDED),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["queued_at", "id"],
                condition=Q(state__in=[P.SUBMITTED, P.UNDER_REVIEW]),
                name="civic_service_project_queue",
            ),
            models.Index(fields=["campaign", "state"], name="civic_service_project_states"),
        ]

    def __str__(self) -> str:
        return f"project {self.pk}"


class ProjectVersion(models.Model):
    """A project as it was filed, each time: case managers read what changed since (S5)."""

    project = models.ForeignKey(HostProject, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3…
    facts = models.JSONField()  # plain values by the names of the fields
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="civic_service_projectversion_once")]

    def __str__(self) -> str:
        return f"version {self.number} of project {self.project_id}"

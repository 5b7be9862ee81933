"""A mission: an offer for one or several volunteers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.missions.enums import Format, MissionState, Presence
from renfort.missions.models.domain import Domain, DomainRules, Public
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.territories.models import Commune, Department

S = MissionState
MOST_PREREQUISITES = 3  # R66


def midnight(expression: str) -> Func:
    """The moment at which a date begins in the place's own zone (design decision 30); the database can keep it."""
    return Func(template=f"timezone(zone, ({expression})::timestamp)", output_field=models.DateTimeField())


def organisation_slug(organisation: Organisation) -> str:
    """What follows the number in the address of an organisation's public page, for those who read it."""
    return slugify(organisation.name)[:60] or "structure"


def organisation_url(organisation: Organisation) -> str:
    """The address of an organisation's public page: it shows missions, and stands here for that."""
    return reverse("missions:organisation", args=[organisation.pk, organisation_slug(organisation)])


class Mission(Stateful):
    """What an organisation needs, where, when, and for how many (R10, R11). Its life stands on ``missions.workflow``.

    Dates are dates of the place; ``begins_at`` and ``over_at`` are the moments they mean there, kept by the database, so
    that the clock and the search compare moments and Réunion's day ends when Réunion says.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="missions")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    presence = CodeField(states=Presence, default=Presence.ON_SITE)
    format = CodeField(states=Format, default=Format.ONE_OFF)
    places = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    schedule = models.TextField(max_length=500, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    safety = models.TextField(max_length=2000, blank=True)
    publics = models.ManyToManyField(Public, blank=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    zone = models.CharField(max_length=40, default="Europe/Paris")  # of the department
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    responsible = models.ForeignKey(Person, models.PROTECT, related_name="+")
    deputies = models.ManyToManyField(Person, blank=True, related_name="+")  # responsible too, and told as well (R36)
    rules = models.ForeignKey(DomainRules, models.PROTECT, null=True, blank=True, related_name="+")  # the wording conformed to
    rules_at = models.DateTimeField(null=True, blank=True)
    # the slots say when and how many (R61): ``places`` is then their sum, and ``selectors.mission`` knows what is left
    has_slots = models.BooleanField(default=False, db_default=False)
    # short sentences that whoever applies confirms (R66)
    prerequisites = ArrayField(models.CharField(max_length=120), blank=True, default=list, db_default=[])

    state = StateField(states=S, default=S.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)  # empty while « à relire »
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False)
    # since when it waits for a reader, when it does; who has it in hand; who was first in favour, in a sensitive domain (R52)
    queued_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    opinion_at = models.DateTimeField(null=True, editable=False)
    opinion_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    first_reminder_at = models.DateTimeField(null=True, editable=False)
    second_reminder_at = models.DateTimeField(null=True, editable=False)
    cancellation_reason = CodeField(  # the volunteers read it
        max_length=30, blank=True, default="", db_default="", editable=False
    )
    asked_at = models.DateTimeField(null=True, editable=False)  # « Qui est venu ? » was asked (R36)
    hours_to_tell_at = models.DateTimeField(null=True, editable=False)  # when to write of hours that wait, all in one e-mail
    hours_told_at = models.DateTimeField(null=True, editable=False)
    search_name = models.GeneratedField(  # what the lists of staff look words up in (R17)
        expression=Func(template="public.sort_key(title || ' ' || city || ' ' || postcode)", output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
    )
    begins_at = models.GeneratedField(expression=midnight("starts_on"), output_field=models.DateTimeField(), db_persist=True)
    over_at = models.GeneratedField(expression=midnight("ends_on + 1"), output_field=models.DateTimeField(), db_persist=True)

    class Meta:
        constraints = [
            known_state(S),
            known_state(Presence, field="presence"),
            known_state(Format, field="format"),
            models.CheckConstraint(condition=Q(places__gte=1), name="missions_mission_places"),
            models.CheckConstraint(
                condition=Q(prerequisites__len__lte=MOST_PREREQUISITES), name="missions_mission_prerequisites"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name="missions_mission_dates"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.DRAFT, S.CANCELLED]) | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="missions_mission_dated",
            ),
            signed("published", in_states=[S.PUBLISHED, S.ENDED]),
            models.UniqueConstraint(fields=["id", "organisation"], name="missions_mission_of_organisation"),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="missions_mission_newest", condition=Q(state="published")),
            models.Index(fields=["department", "-published_at"], name="missions_mission_dept", condition=Q(state="published")),
            models.Index(fields=["department", "id"], include=["domain"], name="missions_mission_area"),  # a referent's, alone
            models.Index(fields=["postcode"], name="missions_mission_postcode", condition=Q(state="published")),
            models.Index(fields=["over_at"], name="missions_mission_over", condition=Q(state="published")),
            models.Index(fields=["organisation", "-id"], name="missions_mission_host"),
            models.Index(fields=["organisation", "search_name", "id"], name="missions_mission_by_title"),
            models.Index(fields=["organisation", "starts_on", "id"], name="missions_mission_by_start"),
            models.Index(fields=["over_at", "id"], name="missions_mission_end"),
            models.Index(fields=["organisation", "state", "-id"], include=["format"], name="missions_mission_in_state"),
            models.Index(  # all that places left are counted from, read alone
                fields=["organisation", "over_at"],
                include=["id", "places", "format", "has_slots", "begins_at"],
                name="missions_mission_online",
                condition=Q(state="published"),
            ),
            models.Index(fields=["hours_to_tell_at"], name="missions_mission_hours", condition=Q(hours_to_tell_at__isnull=False)),
            GinIndex(name="missions_mission_search", fields=["search_name"], opclasses=["gin_trgm_ops"]),
            models.Index(fields=["-id"], name="missions_mission_to_review", condition=Q(state="published", reviewed_at=None)),
            models.Index(fields=["id"], name="missions_mission_submitted", condition=Q(state="submitted")),
            models.Index(
                fields=["queued_at", "id"],
                include=["department", "domain"],
                name="missions_mission_queue",
                condition=Q(state="submitted") | Q(state="published", reviewed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_remote(self) -> bool:
        return self.presence == Presence.REMOTE

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed where the mission takes place (R20)."""
        return self.over_at is not None and self.over_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        """Whether the first day has begun where the mission takes place."""
        return self.begins_at is not None and self.begins_at <= timezone.now()

    @property
    def slug(self) -> str:
        return slugify(self.title)[:60] or "mission"

    @property
    def kind_label(self) -> str:
        return str(Presence(self.presence).label)

    @property
    def format_label(self) -> str:
        return str(Format(self.format).label)

    def get_absolute_url(self) -> str:
        """The public page (R30)."""
        return reverse("missions:public-detail", args=[self.pk, self.slug])

    @property
    def organisation_url(self) -> str:
        """The public page of its organisation (R9)."""
        return organisation_url(self.organisation)

    def local(self, moment: datetime) -> datetime:
        """A moment as the clocks of the place show it."""
        return moment.astimezone(ZoneInfo(self.zone))


class MissionAddress(models.Model):
    """One more place where the same mission happens, in the same department or in one that touches it (R11).

    The mission's own address is the main one, which the search goes by. Degrees are WGS 84.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=200)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.address, f"{self.postcode} {self.city}".strip()) if part)


class Contact(models.Model):
    """Whom accepted volunteers call (R11): in their space and calendar file, never shown to anonymous visitors."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

"""A year's campaign: its approval, its dates, how many volunteers whoever may host (S3, S5)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renfort.civic_service.enums import CampaignState, Domain
from renfort.civic_service.models.establishment import Establishment
from renfort.kernel.models import StateField, Stateful, known_state, signed
from renfort.people.models import Person

C = CampaignState


class Approval(models.Model):
    """The collective approval (« agrément ») under which the network hosts (Code du service national, L120-30): at most three
    years, some of the nine domains, so many openings.
    """

    number = models.CharField(max_length=40, unique=True)  # « NA-000-11-00124 »; suffixes are tolerated
    first_on = models.DateField()  # both days included
    last_on = models.DateField()
    domains = ArrayField(models.CharField(max_length=20))  # keys of ``Domain``
    openings = models.PositiveIntegerField()  # how many volunteers over all its campaigns
    lent_most = models.PositiveIntegerField(default=0)  # how many of them at hosts that are not members (« intermédiation »)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-first_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="civic_service_approval_period"),
            models.CheckConstraint(
                condition=Q(domains__len__gte=1) & Q(domains__contained_by=Domain.values), name="civic_service_approval_domains"
            ),
            models.CheckConstraint(condition=Q(lent_most__lte=F("openings")), name="civic_service_approval_lent"),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"


class Campaign(Stateful):
    """One campaign; its life stands on ``civic_service.workflow``. Dates are the establishment's own days, both ends included.

    Projects are filed from ``opens_on`` to ``files_until``; volunteers begin between ``starts_from`` and ``starts_until``.
    """

    title = models.CharField(max_length=120, unique=True)  # « Campagne 2027-2028 »
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="campaigns")
    opens_on = models.DateField()
    files_until = models.DateField()
    starts_from = models.DateField()
    starts_until = models.DateField()
    most_places = models.PositiveIntegerField(null=True, blank=True)  # of the whole campaign; None: the approval's openings
    asks_opinion = models.BooleanField(default=False)  # an adviser's opinion comes before an acceptance
    launch_note = models.TextField(max_length=4000, blank=True)
    state = StateField(states=C, default=C.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-opens_on", "-id"]
        constraints = [
            known_state(C),
            models.CheckConstraint(condition=Q(files_until__gte=F("opens_on")), name="civic_service_campaign_filing"),
            models.CheckConstraint(condition=Q(starts_until__gte=F("starts_from")), name="civic_service_campaign_starts"),
            models.CheckConstraint(condition=Q(starts_from__gt=F("opens_on")), name="civic_service_campaign_order"),
            signed("opened", in_states=[C.OPEN, C.CLOSED]),
            signed("closed", in_states=[C.CLOSED]),
        ]

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class PlaceClass(models.Model):
    """From so many pupils on, so many volunteers (S3); the class with the highest bound that the enrolment reaches counts."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="place_classes")
    from_pupils = models.PositiveIntegerField()
    places = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["from_pupils"]
        constraints = [models.UniqueConstraint(fields=["campaign", "from_pupils"], name="civic_service_placeclass_once")]

    def __str__(self) -> str:
        return f"class {self.pk}"


class PlaceOverride(models.Model):
    """A case manager allows an establishment another number of places than its enrolment does, and says why (S3)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="overrides")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="overrides")
    places = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=1000)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "establishment"], name="civic_service_placeoverride_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="civic_service_placeoverride_reason"),
        ]

    def __str__(self) -> str:
        return f"override {self.pk}"


class CampaignRecord(models.Model):
    """An establishment as it stood when it first filed a project of a campaign: what later changes do not touch (S2)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="records")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="records")
    facts = models.JSONField()  # the six facts and the head, as plain values by the names of the fields
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "establishment"], name="civic_service_campaignrecord_once")]

    def __str__(self) -> str:
        return f"record {self.pk}"

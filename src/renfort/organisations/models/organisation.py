"""Organisations, and the only table of roles."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Now
from django.urls import reverse
from django.utils import timezone

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.organisations.enums import UNDECIDED, OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models.lists import Agreement, LegalStatus, OrganisationType
from renfort.people.models import Person
from renfort.territories.models import Commune, Department

LOGO_BOX = (480, 240)  # pixels that a logo fits into, in its own proportions


class Organisation(Stateful):
    """An association, public body or school that hosts people (R5, R6). The place is where one acts, not the head office.

    Its life stands on ``organisations.workflow`` (R52). ``queued_at``: since when it waits for a decision, when it does.
    """

    name = models.CharField(max_length=200)
    # the column holds the status's key, as it did before statuses were a list
    legal_status = models.ForeignKey(
        LegalStatus, models.PROTECT, to_field="key", db_column="legal_status", db_index=False, related_name="+"
    )
    type = models.ForeignKey(OrganisationType, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    subtype = models.ForeignKey(OrganisationType, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    agreements = models.ManyToManyField(Agreement, blank=True, related_name="+")
    siret = models.CharField(max_length=14, blank=True, default="", db_default="")
    rna = models.CharField(max_length=10, blank=True, default="", db_default="")  # W331234567
    website = models.CharField(max_length=200, blank=True, default="", db_default="")
    description = models.TextField(max_length=1000)  # two or three lines, shown on each mission
    logo = models.CharField(max_length=32, blank=True, default="", db_default="")  # its key: a name nobody guesses; "": none
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    state = StateField(states=OrganisationState, default=OrganisationState.WAITING, db_default="waiting")
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)  # somebody looks at it, until the time for that has run out
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    left_at = models.DateTimeField(null=True, blank=True)  # « désinscrite »: its SIRET is free again
    left_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    merged_into = models.ForeignKey(  # the entry that stands for this one since they were merged (R55): never one merged itself
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(left_at__isnull=False) & ~Q(merged_into=F("id"))),
                name="organisations_organisation_merged",
            ),
            models.UniqueConstraint(
                fields=["siret"], condition=~Q(siret="") & Q(left_at=None), name="organisations_organisation_siret"
            ),
            known_state(OrganisationState),
            signed("taken", in_states=[OrganisationState.IN_REVIEW]),
            models.CheckConstraint(condition=Q(subtype=None) | Q(type__isnull=False), name="organisations_organisation_subtype"),
        ]
        indexes = [
            models.Index(fields=["rna"], condition=~Q(rna=""), name="organisations_organisation_rna"),
            models.Index(fields=["left_at"], condition=~Q(left_at=None), name="organisations_org_left"),
            models.Index(fields=["logo"], condition=~Q(logo=""), name="organisations_org_logo"),
            models.Index(
                fields=["queued_at", "id"],
                include=["department"],
                condition=Q(state__in=[str(state) for state in UNDECIDED]),
                name="organisations_org_queue",
            ),
            models.Index(
                fields=["state"], condition=Q(state__in=["refused", "flagged"]), name="organisations_org_unwelcome"
            ),  # what the clock asks each minute
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The address of the logo, or ""; whoever may see the organisation's page may see it (R9)."""
        return reverse("organisations:logo", args=[self.logo]) if self.logo else ""


class Grant(models.Model):
    """One role of one person: (programme, role, scope), from a moment until another. The only role table (decision 5)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    programme = CodeField(states=Programme)
    role = CodeField(states=Role, max_length=40)
    scope_kind = CodeField(states=ScopeKind)
    scope = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="grants"
    )  # the scope again, when it is an organisation: the database holds that it exists
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )  # likewise, when it is a department (R50)
    network = models.ForeignKey(
        "organisations.Network", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )  # likewise, when it is a national network (R56)
    domains = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], blank=True
    )  # the only ones it is about; none named: all (R65)
    delegation = models.ForeignKey(  # what lends it for a time, of somebody else's perimeter (R65)
        "organisations.Delegation", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    valid_from = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme", "role", "scope_kind", "scope"],
                condition=Q(valid_until=None),
                name="organisations_grant_once",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(valid_until=None, programme="reserve", organisation__isnull=False),
                name="organisations_grant_one_in_team",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind=ScopeKind.ORGANISATION, organisation__isnull=False)
                | (~Q(scope_kind=ScopeKind.ORGANISATION) & Q(organisation__isnull=True)),
                name="organisations_grant_scope",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind=ScopeKind.DEPARTMENT, department__isnull=False, scope=F("department"))
                | (~Q(scope_kind=ScopeKind.DEPARTMENT) & Q(department__isnull=True)),
                name="organisations_grant_department",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind=ScopeKind.NETWORK, network__isnull=False, scope=Cast("network", models.CharField()))
                | (~Q(scope_kind=ScopeKind.NETWORK) & Q(network__isnull=True)),
                name="organisations_grant_network",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "role"], name="organisations_grant_team"),
            models.Index(
                fields=["department", "role", "valid_until"], condition=~Q(department=None), name="organisations_grant_referents"
            ),
            models.Index(
                fields=["network", "role", "valid_until"], condition=~Q(network=None), name="organisations_grant_supervisor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}:{self.role}:{self.scope_kind}:{self.scope} of person {self.person_id}"

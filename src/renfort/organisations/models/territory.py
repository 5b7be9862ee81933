"""Those who look after territories: who was registered as referent, who is invited to be one, what one lends another (R50, R65).

The rights themselves are grants, the only table of roles: a department each, dated. These rows say the rest.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import StateField, Stateful, known_state, signed
from renfort.organisations.enums import DelegationState, InvitationState
from renfort.organisations.models.lists import Network
from renfort.people.models import Person
from renfort.territories.models import Region

FUNCTION = 120  # characters of a function: « Chargée de mission vie associative »


class Referent(models.Model):
    """Somebody registered as referent by the operator, from then until removed (R50). ``region``: the perimeter is all of it.

    An absence (both days included) says who answers meanwhile; it changes no right: a delegation does (R65).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    function = models.CharField(max_length=FUNCTION)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    absent_from = models.DateField(null=True, blank=True)
    absent_until = models.DateField(null=True, blank=True)
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    appointed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="organisations_referent_once"),
            models.CheckConstraint(
                condition=Q(absent_from=None, absent_until=None, deputy=None)
                | Q(absent_from__isnull=False, absent_until__gte=F("absent_from")),
                name="organisations_referent_absence",
            ),
        ]

    def __str__(self) -> str:
        return f"referent {self.pk}: person {self.person_id}"


class Delegation(Stateful):
    """A part of one referent's perimeter, lent to somebody from one day to another, both included (R65).

    The days begin and end in each department's own zone: the grants that it gives carry those moments, so that rights start
    and end by themselves; ``starts_at`` and ``ends_at`` are the first and the last of them, for the clock's two e-mails.
    ``receiver`` is empty until somebody invited has answered. Its life stands on ``organisations.workflow``.
    """

    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    departments = ArrayField(models.CharField(max_length=3))
    domains = ArrayField(models.BigIntegerField(), default=list, blank=True)  # none named: all
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = StateField(states=DelegationState, default=DelegationState.PLANNED)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            known_state(DelegationState),
            signed("revoked", in_states=["revoked"]),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="organisations_delegation_days"),
            models.CheckConstraint(condition=Q(departments__len__gte=1), name="organisations_delegation_somewhere"),
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(receiver=F("giver")), name="organisations_delegation_to_another"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="organisations_delegation_due"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.pk} of person {self.giver_id}"


class ReferentInvitation(Stateful):
    """A perimeter kept for an address until its reader answers: the operator's, or one lent by a referent (``delegation``).

    With a ``network`` it is the head of that network who is invited, over no department (R56).
    Of the link only a digest is kept, as for the invitations of teams. Its life stands on ``organisations.workflow``.
    """

    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254)  # lower case
    function = models.CharField(max_length=FUNCTION, blank=True)
    departments = ArrayField(models.CharField(max_length=3))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, blank=True, related_name="invitations")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the link's token, in hexadecimal
    state = StateField(states=InvitationState, default=InvitationState.SENT)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField()  # the last time
    times_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    token = ""  # in memory alone, between its making and its e-mail

    class Meta:
        constraints = [
            known_state(InvitationState),
            signed("ended", in_states=["accepted", "declined", "revoked", "expired"]),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(state="sent", delegation=None, network=None),
                name="organisations_referentinvitation_once",
            ),
            models.UniqueConstraint(
                fields=["network", "email"],
                condition=Q(state="sent", network__isnull=False),
                name="organisations_supervisorinvitation_once",
            ),
            models.CheckConstraint(
                condition=Q(network=None) | Q(departments=[], delegation=None, region=None),
                name="organisations_referentinvitation_one_scope",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(person__isnull=False), name="organisations_referentinvitation_accepted_by"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="sent"), name="organisations_refinvite_due"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to be referent"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

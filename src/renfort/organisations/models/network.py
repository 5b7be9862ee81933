"""Which organisation says that it belongs to which national network, and whether that was confirmed (R5)."""

from __future__ import annotations

from django.db import models

from renfort.kernel.models import StateField, Stateful, known_state
from renfort.organisations.enums import MembershipState
from renfort.organisations.models.lists import Network
from renfort.organisations.models.organisation import Organisation
from renfort.people.models import Person

S = MembershipState


class NetworkMembership(Stateful):
    """One claim. Until it is confirmed it gives neither badge nor visibility. Its life stands on ``organisations.workflow``."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    network = models.ForeignKey(Network, models.PROTECT, related_name="memberships")
    state = StateField(states=S, default=S.CLAIMED)
    claimed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            known_state(S),
            models.UniqueConstraint(fields=["organisation", "network"], name="organisations_networkmembership_once"),
            models.CheckConstraint(
                condition=models.Q(state="claimed", decided_at=None)
                | (~models.Q(state="claimed") & models.Q(decided_at__isnull=False)),
                name="organisations_networkmembership_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="organisations_membership_state"),
            models.Index(fields=["network", "state", "organisation"], name="organisations_membership_of"),
        ]

    def __str__(self) -> str:
        return f"organisation {self.organisation_id} in network {self.network_id}"

"""How somebody comes in: an organisation being described, or a request to join one that is already here (R4, R9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import StateField, Stateful, known_state, signed
from renfort.organisations.enums import JoinState
from renfort.organisations.models.organisation import Organisation
from renfort.people.models import Person

S = JoinState


class Draft(models.Model):
    """What one person has said so far of the organisation to come: saved at each step, found again on any device.

    Nobody else sees it and it gives no right. At most one is open per person, so that two tabs make one organisation.
    ``about`` and ``place`` are the cleaned answers of their steps, empty until then.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    you_at = models.DateTimeField(null=True, blank=True)  # when the step « Vous » was answered
    about = models.JSONField(default=dict, blank=True)
    place = models.JSONField(default=dict, blank=True)
    not_mine = models.JSONField(default=list, blank=True)  # organisations shown as alike of which one said « pas la mienne »
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    done_at = models.DateTimeField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(done_at=None), name="organisations_draft_one_open"),
            models.CheckConstraint(
                condition=Q(done_at=None, organisation=None) | Q(done_at__isnull=False, organisation__isnull=False),
                name="organisations_draft_done",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of person {self.person_id}"


class JoinRequest(Stateful):
    """« Rejoindre cette structure »: decided by one of its managers. Its life stands on ``organisations.workflow``."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="join_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="join_requests")
    state = StateField(states=S, default=S.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            known_state(S),
            signed("decided", in_states=["accepted", "refused"]),
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=Q(state="pending"), name="organisations_joinrequest_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "id"], name="organisations_join_state")]

    def __str__(self) -> str:
        return f"request {self.pk} to join organisation {self.organisation_id}"

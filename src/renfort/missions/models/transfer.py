"""A mission that a referent proposes to move from one organisation to another (R55)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import StateField, Stateful, known_state, signed
from renfort.missions.enums import TransferState
from renfort.missions.models.mission import Mission
from renfort.organisations.models import Organisation
from renfort.people.models import Person

S = TransferState


class Transfer(Stateful):
    """One proposal: from whom, to whom, by whom, until when. Its life stands on ``missions.workflow``; a mission has one open."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="transfers")
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = StateField(states=S, default=S.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            known_state(S),
            signed("ended", in_states=[S.ACCEPTED, S.REFUSED, S.WITHDRAWN, S.EXPIRED]),
            models.UniqueConstraint(fields=["mission"], condition=Q(state=S.PROPOSED), name="missions_transfer_one_open"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="missions_transfer_to_another"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state=S.PROPOSED), name="missions_transfer_due")]

    def __str__(self) -> str:
        return f"transfer {self.pk} of mission {self.mission_id}"

"""Two entries of one organisation become one: proposed, agreed to by both teams, done at once (R55)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import StateField, Stateful, known_state, signed
from renfort.organisations.enums import OPEN_MERGES, MergeState
from renfort.organisations.models.organisation import Organisation
from renfort.people.models import Person

S = MergeState


class Merge(Stateful):
    """One merge: ``absorbed`` goes into ``kept``. Its life stands on ``organisations.workflow``.

    ``choices``: the facts that the kept entry takes over from the other one ({"siret": "absorbed"}); all others stay its own.
    ``access``: a digest of who gains and loses what, as those who agreed have read it: agreement holds for that and nothing else.
    Each team agrees for its own data; one in which nobody can answer has nothing to sign.
    """

    kept = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = StateField(states=S, default=S.PROPOSED)
    choices = models.JSONField(default=dict, blank=True)
    access = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    kept_agreed_at = models.DateTimeField(null=True, blank=True)
    kept_agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    absorbed_agreed_at = models.DateTimeField(null=True, blank=True)
    absorbed_agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            known_state(S),
            signed("ended", in_states=["done", "refused", "withdrawn", "expired"]),
            models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="organisations_merge_two"),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(state__in=[str(each) for each in OPEN_MERGES]), name="organisations_merge_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=[str(each) for each in OPEN_MERGES]),
                name="organisations_merge_due",
            ),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}: organisation {self.absorbed_id} into {self.kept_id}"

    @property
    def is_open(self) -> bool:
        """Whether something may still happen."""
        return self.state in OPEN_MERGES

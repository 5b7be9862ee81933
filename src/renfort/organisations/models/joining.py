"""How somebody comes in: an organisation being described, a request to join one, an invitation (R4, R9, R40)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.organisations.enums import InvitationState, JoinState, Role
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


class Invitation(Stateful):
    """« Inviter un membre » (R40): a role kept for an address until its reader answers. Its life: ``organisations.workflow``.

    Of the link only a digest is kept: whoever reads the table opens nothing. ``person`` is who holds the link, once signed in.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = CodeField(states=Role, max_length=40)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254)  # lower case
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
                fields=["organisation", "email"], condition=Q(state="sent"), name="organisations_invitation_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(person__isnull=False), name="organisations_invitation_accepted_by"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "id"], name="organisations_invitation_state"),
            models.Index(fields=["expires_at"], condition=Q(state="sent"), name="organisations_invitation_due"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to organisation {self.organisation_id}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

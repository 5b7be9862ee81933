"""Local branches that a national network invites: to open their page, or to join it when they are here already (R56)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import StateField, Stateful, known_state, signed
from renfort.organisations.enums import InvitationState
from renfort.organisations.models.joining import Draft
from renfort.organisations.models.lists import Network
from renfort.organisations.models.organisation import Organisation
from renfort.people.models import Person
from renfort.territories.models import Department


class BranchInvitation(Stateful):
    """« Votre réseau vous invite ». Its life stands on ``organisations.workflow``.

    With ``asked`` it is an organisation of the platform that is asked to join the network: one of its managers answers. Without,
    it is somebody at an address who is invited to register the branch, by a link of which only a digest is kept. ``draft`` is
    what this person then describes, ``organisation`` what came of it. ``identity``: name and place as they are compared.
    """

    network = models.ForeignKey(Network, models.PROTECT, related_name="branch_invitations")
    name = models.CharField(max_length=200)
    identity = models.CharField(max_length=320)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(max_length=254)  # lower case
    department = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    rna = models.CharField(max_length=10, blank=True)
    legal_status = models.CharField(max_length=60, blank=True)  # keys of the operator's lists, proposed and no more
    type = models.CharField(max_length=60, blank=True)
    asked = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the link's token, in hexadecimal
    state = StateField(states=InvitationState, default=InvitationState.SENT)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
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
                fields=["network", "identity"], condition=Q(state="sent", asked=None), name="organisations_branchinvitation_once"
            ),
            models.UniqueConstraint(
                fields=["network", "asked"],
                condition=Q(state="sent", asked__isnull=False),
                name="organisations_branchinvitation_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(person__isnull=False), name="organisations_branchinvitation_accepted_by"
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(state="accepted"), name="organisations_branchinvitation_came_of_it"
            ),
        ]
        indexes = [
            models.Index(fields=["network", "state", "id"], name="organisations_branch_state"),
            models.Index(fields=["expires_at"], condition=Q(state="sent"), name="organisations_branch_due"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} of a branch of network {self.network_id}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def place(self) -> str:
        """« 33000 Bordeaux », else the department's name."""
        return f"{self.postcode} {self.city}".strip() or str(self.department)

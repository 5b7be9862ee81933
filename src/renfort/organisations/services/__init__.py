"""Verbs on organisations, roles, and the lists that describe them."""

from renfort.organisations.services.charges import charge_counts, charges_held, farewells
from renfort.organisations.services.joining import ask_to_join
from renfort.organisations.services.leaving import leave_platform, restore_organisation
from renfort.organisations.services.onboarding import (
    AboutFacts,
    PlaceFacts,
    facts_of,
    finish,
    forget_old_drafts,
    keep_about,
    keep_not_mine,
    keep_place,
    keep_you,
)
from renfort.organisations.services.organisation import OrganisationFacts, edit_organisation, open_organisation
from renfort.organisations.services.roles import end_role, give_role
from renfort.organisations.services.team import (
    InvitationFacts,
    Succession,
    accept_invitation,
    change_role,
    forget_old_invitations,
    invite,
    leave_team,
    remove_member,
)

__all__ = [
    "AboutFacts",
    "InvitationFacts",
    "OrganisationFacts",
    "PlaceFacts",
    "Succession",
    "accept_invitation",
    "ask_to_join",
    "change_role",
    "charge_counts",
    "charges_held",
    "edit_organisation",
    "end_role",
    "facts_of",
    "farewells",
    "finish",
    "forget_old_drafts",
    "forget_old_invitations",
    "give_role",
    "invite",
    "keep_about",
    "keep_not_mine",
    "keep_place",
    "keep_you",
    "leave_platform",
    "leave_team",
    "open_organisation",
    "remove_member",
    "restore_organisation",
]

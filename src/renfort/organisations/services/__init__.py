"""Verbs on organisations, roles, and the lists that describe them."""

from renfort.organisations.services.joining import ask_to_join
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
from renfort.organisations.services.roles import give_role

__all__ = [
    "AboutFacts",
    "OrganisationFacts",
    "PlaceFacts",
    "ask_to_join",
    "edit_organisation",
    "facts_of",
    "finish",
    "forget_old_drafts",
    "give_role",
    "keep_about",
    "keep_not_mine",
    "keep_place",
    "keep_you",
    "open_organisation",
]

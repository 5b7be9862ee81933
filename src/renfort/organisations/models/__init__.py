"""Organisations, roles, the lists that describe them, and how one comes in."""

from renfort.organisations.models.branches import BranchInvitation
from renfort.organisations.models.checks import Check, CheckWord, Found, LookUp, OrganisationFinding
from renfort.organisations.models.impersonation import Impersonation
from renfort.organisations.models.joining import Draft, Invitation, JoinRequest
from renfort.organisations.models.lists import (
    Agreement,
    CorrectionReason,
    DenialReason,
    LegalStatus,
    Network,
    OrganisationType,
)
from renfort.organisations.models.merge import Merge
from renfort.organisations.models.network import NetworkMembership
from renfort.organisations.models.notes import Note, OrganisationNote
from renfort.organisations.models.organisation import Grant, Organisation
from renfort.organisations.models.territory import Delegation, Referent, ReferentInvitation

__all__ = [
    "Agreement",
    "BranchInvitation",
    "Check",
    "CheckWord",
    "CorrectionReason",
    "Delegation",
    "DenialReason",
    "Draft",
    "Found",
    "Grant",
    "Impersonation",
    "Invitation",
    "JoinRequest",
    "LegalStatus",
    "LookUp",
    "Merge",
    "Network",
    "NetworkMembership",
    "Note",
    "Organisation",
    "OrganisationFinding",
    "OrganisationNote",
    "OrganisationType",
    "Referent",
    "ReferentInvitation",
]

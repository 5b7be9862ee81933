"""Organisations, roles, the lists that describe them, and how one comes in."""

from renfort.organisations.models.joining import Draft, Invitation, JoinRequest
from renfort.organisations.models.lists import (
    Agreement,
    CorrectionReason,
    DenialReason,
    LegalStatus,
    Network,
    OrganisationType,
)
from renfort.organisations.models.network import NetworkMembership
from renfort.organisations.models.organisation import Grant, Organisation
from renfort.organisations.models.territory import Delegation, Referent, ReferentInvitation

__all__ = [
    "Agreement",
    "CorrectionReason",
    "Delegation",
    "DenialReason",
    "Draft",
    "Grant",
    "Invitation",
    "JoinRequest",
    "LegalStatus",
    "Network",
    "NetworkMembership",
    "Organisation",
    "OrganisationType",
    "Referent",
    "ReferentInvitation",
]

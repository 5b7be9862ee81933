"""Organisations, roles, the lists that describe them, and how one comes in."""

from renfort.organisations.models.impersonation import Impersonation
from renfort.organisations.models.joining import Draft, Invitation, JoinRequest
from renfort.organisations.models.lists import Agreement, LegalStatus, Network, OrganisationType
from renfort.organisations.models.network import NetworkMembership
from renfort.organisations.models.organisation import Grant, Organisation

__all__ = [
    "Agreement",
    "Draft",
    "Grant",
    "Impersonation",
    "Invitation",
    "JoinRequest",
    "LegalStatus",
    "Network",
    "NetworkMembership",
    "Organisation",
    "OrganisationType",
]

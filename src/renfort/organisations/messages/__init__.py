"""What organisations, their teams and those who join them are told (P4)."""

from renfort.organisations.messages.joining import (
    JOIN_ACCEPTED,
    JOIN_ASKED,
    JOIN_REFUSED,
    NETWORK_CONFIRMED,
    NETWORK_REFUSED,
)
from renfort.organisations.messages.leaving import (
    IDENTITY_CHANGED,
    ORGANISATION_LEFT,
    ORGANISATION_LEFT_OPERATOR,
    ORGANISATION_RESTORED,
)
from renfort.organisations.messages.team import (
    INVITATION_ACCEPTED,
    INVITATION_DECLINED,
    INVITATION_EXPIRED,
    INVITED,
    MEMBER_LEFT,
    MEMBER_REMOVED,
    ROLE_CHANGED,
)

__all__ = [
    "IDENTITY_CHANGED",
    "INVITATION_ACCEPTED",
    "INVITATION_DECLINED",
    "INVITATION_EXPIRED",
    "INVITED",
    "JOIN_ACCEPTED",
    "JOIN_ASKED",
    "JOIN_REFUSED",
    "MEMBER_LEFT",
    "MEMBER_REMOVED",
    "NETWORK_CONFIRMED",
    "NETWORK_REFUSED",
    "ORGANISATION_LEFT",
    "ORGANISATION_LEFT_OPERATOR",
    "ORGANISATION_RESTORED",
    "ROLE_CHANGED",
]

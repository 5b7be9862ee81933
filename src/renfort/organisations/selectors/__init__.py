"""Who is who, what describes organisations, who wants to come in."""

from renfort.organisations.selectors.joining import (
    STEPS,
    draft_of,
    finished_draft,
    join_requests_visible,
    join_state,
    open_draft,
    pending_requests,
    step_of,
    waiting_requests_of,
)
from renfort.organisations.selectors.likeness import Alike, alike
from renfort.organisations.selectors.lists import agreements, networks, statuses, types
from renfort.organisations.selectors.memberships import (
    claims_count,
    confirmed_networks,
    memberships_of,
    memberships_visible,
)
from renfort.organisations.selectors.roles import (
    actor_of,
    ever_members_of,
    grants_in_force,
    held_role,
    is_member,
    is_operator,
    managers_of,
    members_of,
    organisation_managed,
    organisations_managed,
)

__all__ = [
    "STEPS",
    "Alike",
    "actor_of",
    "agreements",
    "alike",
    "claims_count",
    "confirmed_networks",
    "draft_of",
    "ever_members_of",
    "finished_draft",
    "grants_in_force",
    "held_role",
    "is_member",
    "is_operator",
    "join_requests_visible",
    "join_state",
    "managers_of",
    "members_of",
    "memberships_of",
    "memberships_visible",
    "networks",
    "open_draft",
    "organisation_managed",
    "organisations_managed",
    "pending_requests",
    "statuses",
    "step_of",
    "types",
    "waiting_requests_of",
]

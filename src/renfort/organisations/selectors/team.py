"""Who is of the same team."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.organisations.enums import ScopeKind
from renfort.organisations.selectors.roles import grants_in_force


def is_colleague(actor: Actor, person_id: int) -> bool:
    """Whether both hold a role of one organisation now, so that they see each other's picture (R7). At most one query."""
    shared = [held.scope for held in actor.roles if held.scope_kind == ScopeKind.ORGANISATION]
    if not shared:
        return False
    return grants_in_force().filter(person_id=person_id, organisation_id__in=[int(scope) for scope in shared]).exists()

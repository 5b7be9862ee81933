"""Who may ask the people of an establishment to come in (S1)."""

from __future__ import annotations

from renfort.civic_service.models import Establishment
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.roles import is_case_manager, leads
from renfort.kernel.actors import Actor


def may_invite(actor: Actor, establishment: Establishment) -> bool:
    """Its « Référent », a case manager of its territory, a national one, or the machine. At most three queries."""
    if leads(actor, establishment.pk) or actor.kind in ("clock", "service"):
        return True
    return is_case_manager(actor) and establishments_visible(actor).filter(pk=establishment.pk).exists()

"""Who may correct a record and name people in an establishment (S2, S4, C.14)."""

from __future__ import annotations

from renfort.civic_service.models import Establishment
from renfort.civic_service.selectors.roles import federation_of, federations_managed, is_everything, leads
from renfort.kernel.actors import Actor


def manages(actor: Actor, establishment: Establishment) -> bool:
    """Whether the actor is a case manager who answers for the establishment: of its territory, or national (S5).

    No query for the national ones; two at most for those of a federation.
    """
    if is_everything(actor):
        return True
    federations = federations_managed(actor)
    if not federations:
        return False
    found = federation_of(establishment.organisation.department_id)
    return found is not None and found.pk in federations


def may_correct(actor: Actor, establishment: Establishment) -> bool:
    """Whether the actor may correct the record: its « Référent », the territory's case managers, the national ones (C.14)."""
    return leads(actor, establishment.pk) or manages(actor, establishment)


def may_name(actor: Actor, establishment: Establishment) -> bool:
    """Whether the actor may give and end posts there: the same people (C.14, « Give roles »)."""
    return may_correct(actor, establishment)

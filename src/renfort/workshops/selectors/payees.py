"""How facilitators are paid, for themselves and the association (W11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from renfort.kernel.actors import Actor
from renfort.parameters.selectors import in_force, site_name
from renfort.workshops.catalogue import BILLING
from renfort.workshops.models import Mandate, Payee
from renfort.workshops.selectors.roles import is_facilitator, is_staff


def payee_of(actor: Actor, facilitator_id: int) -> Payee | None:
    """Somebody's payment details, to that person and the association; to anybody else there are none. One query."""
    if not (is_staff(actor) or (is_facilitator(actor) and actor.person_id == facilitator_id)):
        return None
    return Payee.objects.filter(pk=facilitator_id).first()


def mandate_of(facilitator_id: int) -> Mandate | None:
    """The mandate in force. One query."""
    return Mandate.objects.filter(facilitator=facilitator_id, ended_at=None).first()


def mandates_of(facilitators: Iterable[int]) -> dict[int, Mandate]:
    """The mandates in force of several, by facilitator. One query."""
    return {each.facilitator_id: each for each in Mandate.objects.filter(facilitator__in=list(facilitators), ended_at=None)}


def issuer() -> dict[str, Any]:
    """What the operator has said of the association that invoices and pays, by key. One query."""
    found = in_force(BILLING.values())
    said = {key: found[setting.key] for key, setting in BILLING.items()}
    said["name"] = said["name"] or site_name()
    return said

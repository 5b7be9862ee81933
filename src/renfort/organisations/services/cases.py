"""Cases in hand: organisations that somebody has taken to decide (R52)."""

from __future__ import annotations

from renfort.kernel.actors import CLOCK
from renfort.kernel.firing import Refused, fire
from renfort.organisations.enums import OrganisationState
from renfort.organisations.models import Organisation
from renfort.organisations.rules import oversees
from renfort.organisations.selectors import actor_of
from renfort.organisations.workflow import ORGANISATION


def release_cases_of(person_id: int) -> int:
    """Free the organisations that somebody has in hand and may not decide on any more. Returns how many."""
    held = Organisation.objects.filter(taken_by_id=person_id, state=OrganisationState.IN_REVIEW).order_by("pk")
    freed, actor = 0, None
    for organisation in held:
        actor = actor or actor_of(person_id)
        if oversees(actor, organisation.department_id):
            continue
        try:
            fire(ORGANISATION, organisation, "lapse", actor=CLOCK)
            freed += 1
        except Refused:  # decided at this very moment
            continue
    return freed


def free_case(organisation: Organisation) -> None:
    """The organisation is of another department now: whoever had it in hand lets go, others decide (R52)."""
    if organisation.state == OrganisationState.IN_REVIEW:
        fire(ORGANISATION, organisation, "lapse", actor=CLOCK)
        organisation.refresh_from_db()

"""Who looks after which territory: the departments of referents, as a filter and as people (R50, R65)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant
from renfort.organisations.selectors.roles import grants_in_force
from renfort.territories.selectors import in_french_order

NOTHING = Q(pk__in=[])


def overseen(actor: Actor, *, department: str = "department", domain: str | None = None) -> Q:
    """A filter on the rows that are the actor's to look after; ``rules.oversees`` asks the same of one. No query.

    ``department`` and ``domain`` are the paths from the row to the keys of its department and its domain
    (``"mission__department"``). Without ``domain`` (organisations have none) a delegation limited to some domains gives
    nothing. The operator looks after everything, everybody but a referent after nothing.
    """
    if actor.holds(Programme.PLATFORM, Role.OPERATOR):
        return Q()
    areas = actor.areas(Programme.RESERVE, Role.REFERENT)
    whole = {area.department for area in areas if not area.domains}
    found = Q(**{f"{department}__in": sorted(whole)}) if whole else NOTHING
    if domain is None:
        return found
    by_domains: dict[frozenset[int], set[str]] = {}
    for area in areas:
        if area.domains and area.department not in whole:
            by_domains.setdefault(area.domains, set()).add(area.department)
    for domains, codes in by_domains.items():
        found |= Q(**{f"{department}__in": sorted(codes), f"{domain}__in": sorted(domains)})
    return found


def departments_overseen(actor: Actor) -> list[str]:
    """The codes of the departments of which the actor, as referent, looks after all or a part, in French order."""
    return sorted({area.department for area in actor.areas(Programme.RESERVE, Role.REFERENT)}, key=in_french_order)


def referents_of(department: str, domain_id: int | None = None) -> QuerySet[Grant]:
    """The referents of a department now, with person and account, in the order they came; delegations in force count.

    With ``domain_id`` also those who look after this domain alone. Somebody may stand twice: by right and by delegation.
    """
    limited = Q(domains=[]) if domain_id is None else Q(domains=[]) | Q(domains__contains=[domain_id])
    held = grants_in_force().filter(limited, programme=Programme.RESERVE, role=Role.REFERENT, department=department)
    return held.select_related("person__account").order_by("id")


def places_of(people: Iterable[int]) -> dict[int, list[str]]:
    """The departments that each of these persons has as referent in their own right, by person. One query."""
    held = grants_in_force().filter(person_id__in=list(people), programme=Programme.RESERVE, role=Role.REFERENT, delegation=None)
    found: dict[int, list[str]] = {}
    for person, code in held.values_list("person_id", "scope"):
        found.setdefault(person, []).append(code)
    return found

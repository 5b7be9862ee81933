"""What the operator reads of domains: all of them, where they are used, what they were (R13, R58)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from renfort.audit.selectors import history_of
from renfort.missions.enums import MissionState
from renfort.missions.models import Domain, DomainRules, Mission, MissionTemplate


@dataclass(frozen=True, slots=True)
class Use:
    """How many missions (online, in all) and templates have a domain."""

    online: int = 0
    missions: int = 0
    templates: int = 0


def domains_used() -> list[tuple[Domain, Use]]:
    """Every domain in its order, closed ones too, with where it is used. Three queries."""
    online = Count("pk", filter=Q(state=MissionState.PUBLISHED))
    missions = Mission.objects.values("domain").annotate(all=Count("pk"), online=online).order_by()
    counted = {row["domain"]: row for row in missions}
    templates = dict(MissionTemplate.objects.values_list("domain").annotate(Count("pk")).order_by())
    return [
        (
            domain,
            Use(
                counted.get(domain.pk, {}).get("online", 0), counted.get(domain.pk, {}).get("all", 0), templates.get(domain.pk, 0)
            ),
        )
        for domain in Domain.objects.all()
    ]


def versions_of(domain: Domain) -> list[DomainRules]:
    """The wordings of a domain's rules, the newest first. One query."""
    return list(domain.rules_versions.order_by("-version"))


@dataclass(frozen=True, slots=True)
class DomainChange:
    """One line of a domain's history: the number of the entry, what was done, each field from what to what, when, by whom."""

    pk: int
    verb: str
    changes: dict[str, tuple[Any, Any]]
    at: datetime
    by: int | None


def changes_of_domain(domain: Domain, *, most: int = 50) -> list[DomainChange]:
    """The history of a domain, the newest first. Two queries."""
    return [
        DomainChange(
            line.entry.pk,
            line.entry.verb.rpartition(".")[2],
            {name: (pair[0], pair[1]) for name, pair in line.entry.changes.items()},
            line.entry.at,
            line.entry.actor_id,
        )
        for line in history_of(domain, most=most)
    ]

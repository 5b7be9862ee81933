"""The lists that describe organisations, as the operator ordered them. Each is one query.

``also`` are the keys that somebody chose before: what was withdrawn since stays among the choices of who has it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from renfort.organisations.models import Agreement, LegalStatus, Network, OrganisationType


def _offered(also: Iterable[str]) -> Q:
    return Q(is_active=True) | Q(key__in=[key for key in also if key])


def statuses(also: Iterable[str] = ()) -> list[LegalStatus]:
    """The legal statuses offered."""
    return list(LegalStatus.objects.filter(_offered(also)))


def types(also: Iterable[str] = ()) -> list[OrganisationType]:
    """The types and sub-types offered, each with its status and parent; below what is withdrawn nothing is offered."""
    offered = OrganisationType.objects.filter(_offered(also)).select_related("legal_status", "parent")
    kept = set(also)
    return [
        each
        for each in offered.order_by("legal_status__position", "position", "id")
        if each.key in kept or (each.legal_status.is_active and (each.parent is None or each.parent.is_active))
    ]


def agreements(also: Iterable[str] = ()) -> list[Agreement]:
    """The « agréments » offered."""
    return list(Agreement.objects.filter(_offered(also)))


def networks(also: Iterable[str] = ()) -> list[Network]:
    """The national networks offered."""
    return list(Network.objects.filter(_offered(also)))

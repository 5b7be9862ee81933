"""Federations, their territories and their case managers, for the national ones (S5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from renfort.civic_service.models import Federation, ManagerInvitation, Route
from renfort.civic_service.selectors.roles import S, is_everything
from renfort.kernel.actors import Actor
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant
from renfort.organisations.selectors import grants_in_force
from renfort.territories.models import Department
from renfort.territories.selectors import departments

SALT = "renfort.civic_service.manager"


def federations_visible(actor: Actor) -> QuerySet[Federation]:
    """All of them with the number of their departments (``routed``), the national one first; for the national case managers."""
    found = Federation.objects.select_related("organisation").annotate(routed=Count("routes", distinct=True))
    return found.order_by("-is_national", "organisation__name", "pk") if is_everything(actor) else found.none()


def managers_of(federation: Federation) -> QuerySet[Grant]:
    """The roles « Gestionnaire » on a federation that are in force, with who holds them; the longest held first."""
    held = grants_in_force().filter(programme=S, role=Role.CASE_MANAGER, organisation_id=federation.pk)
    return held.select_related("person__account").order_by("id")


def managers_counted() -> dict[int, int]:
    """How many case managers who can sign in each federation has, by its number. One query."""
    held = grants_in_force().filter(programme=S, role=Role.CASE_MANAGER, person__account__is_active=True)
    counted = held.exclude(organisation=None).values_list("organisation").annotate(n=Count("person", distinct=True)).order_by()
    return dict(counted)


@dataclass(frozen=True, slots=True)
class Stray:
    """A department whose projects come to the national queue; ``federation``: the one that has nobody, None without a route."""

    department: Department
    federation: Federation | None


def strays() -> list[Stray]:
    """The departments that nobody but the national case managers looks after, in French order. At most three queries."""
    counted = managers_counted()
    routes = {each.department_id: each.federation for each in Route.objects.select_related("federation__organisation")}
    found = []
    for each in departments():
        federation = routes.get(each.code)
        if federation is None or not counted.get(federation.pk):
            found.append(Stray(each, federation))
    return found


# ── the link of an invitation ─────────────────────────────────────────────────────────────────────
def invitations_visible(actor: Actor) -> QuerySet[ManagerInvitation]:
    """Those that wait, for the national case managers."""
    found = ManagerInvitation.objects.select_related("federation__organisation", "invited_by")
    return found if is_everything(actor) else found.none()


def manager_token(seed: str) -> str:
    """The secret part of the link: 160 bits, never written down."""
    return salted_hmac(SALT, seed, algorithm="sha256").hexdigest()[:40]


def manager_digest(token: str) -> str:
    """What the database keeps of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def invitation_of_token(token: str) -> ManagerInvitation | None:
    """The invitation whose link this is; None when it opens nothing, or no longer. One query."""
    found = ManagerInvitation.objects.select_related("federation__organisation", "invited_by")
    return found.filter(Q(link_digest=manager_digest(token)), expires_at__gt=timezone.now()).first()


def manager_link(invitation: ManagerInvitation) -> str:
    """The path of the link."""
    return reverse("civic_service:manager-invitation", args=[manager_token(invitation.link_seed)])

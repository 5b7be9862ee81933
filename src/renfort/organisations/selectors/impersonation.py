"""Who acted as whom (P10)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Impersonation
from renfort.organisations.selectors.roles import grants_in_force

IMPERSONATION = "impersonation"  # in the operator's session: the number of the row


def impersonation_in_force(number: int, *, operator_id: int | None) -> Impersonation | None:
    """The row when it still counts: not over, of this operator, who still is one, of somebody who can sign in and is none.

    At most three queries.
    """
    row = (
        Impersonation.objects.filter(pk=number, operator=operator_id, ended_at=None, ends_at__gt=timezone.now())
        .filter(person__account__is_active=True)
        .select_related("operator", "person__account__person")
        .first()
    )
    if row is None or not runs_platform(row.operator_id) or runs_platform(row.person_id):
        return None
    return row


def runs_platform(person_id: int) -> bool:
    """Whether somebody is an operator now, read anew. One query."""
    return grants_in_force().filter(person_id=person_id, programme=Programme.PLATFORM, role=Role.OPERATOR).exists()


def impersonations_of(person_id: int) -> QuerySet[Impersonation]:
    """The times that an operator acted as this person, the latest first."""
    return Impersonation.objects.filter(person=person_id).select_related("operator").order_by("-id")


def all_impersonations() -> QuerySet[Impersonation]:
    """All of them, for the operators, the latest first."""
    return Impersonation.objects.select_related("operator", "person").order_by("-id")

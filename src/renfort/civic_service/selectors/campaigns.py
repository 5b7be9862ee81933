"""Campaigns and approvals for those who may know (S5)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from renfort.civic_service.catalogue import APPROVAL_ALERT_DAYS
from renfort.civic_service.enums import CampaignState
from renfort.civic_service.models import Approval, Campaign
from renfort.civic_service.selectors.roles import (
    establishments_led,
    establishments_tutored,
    is_case_manager,
    is_everything,
)
from renfort.kernel.actors import Actor
from renfort.parameters.selectors import value_of


def campaigns_visible(actor: Actor) -> QuerySet[Campaign]:
    """All of them for the national case managers; those that were opened for territories and establishments; newest first."""
    found = Campaign.objects.select_related("approval")
    if is_everything(actor):
        return found
    if is_case_manager(actor) or establishments_led(actor) or establishments_tutored(actor):
        return found.exclude(state=CampaignState.DRAFT)
    return found.none()


def campaigns_filing(day: date) -> QuerySet[Campaign]:
    """Those whose projects are filed on a day, which is the establishment's own; the one that ends first comes first."""
    found = Campaign.objects.select_related("approval").filter(state=CampaignState.OPEN)
    return found.filter(opens_on__lte=day, files_until__gte=day).order_by("files_until", "pk")


def approvals_visible(actor: Actor) -> QuerySet[Approval]:
    """Approvals with the number of their campaigns (``used``), for the case managers; the newest first."""
    found = Approval.objects.annotate(used=Count("campaigns")).order_by("-first_on", "-pk")
    return found if is_everything(actor) or is_case_manager(actor) else found.none()


def approvals_ending(day: date) -> QuerySet[Approval]:
    """Those that end within the time that the operator has set and that no other one follows: to be renewed now (R121-33)."""
    until = day + timedelta(days=value_of(APPROVAL_ALERT_DAYS))
    ending = Approval.objects.filter(last_on__gte=day, last_on__lte=until)
    if Approval.objects.filter(Q(last_on__gt=until) & Q(first_on__lte=until + timedelta(days=1))).exists():
        return ending.none()
    return ending

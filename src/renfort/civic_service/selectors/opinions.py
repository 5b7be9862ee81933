"""What advisers said of a project, and whether somebody has said what the campaign wants to hear (S5, step 2)."""

from __future__ import annotations

from django.db.models import QuerySet

from renfort.civic_service.models import HostProject, Opinion


def opinions_of(project: HostProject) -> QuerySet[Opinion]:
    """The opinions noted on a project, the last one first."""
    return Opinion.objects.filter(project=project).select_related("noted_by").order_by("-noted_at", "-id")


def has_opinion(project: HostProject) -> bool:
    """Whether an adviser's opinion is there, or the campaign asks none. One query when it asks."""
    return not project.campaign.asks_opinion or Opinion.objects.filter(project=project).exists()

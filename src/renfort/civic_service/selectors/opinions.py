"""Whether somebody has said what the campaign wants to hear before an acceptance (S5, step 2)."""

from __future__ import annotations

from renfort.civic_service.models import HostProject


def has_opinion(project: HostProject) -> bool:
    """Whether the adviser's opinion is there, or the campaign asks none."""
    return not project.campaign.asks_opinion

"""What the clock forgets of organisations: those that were begun and never registered, invitations that came to nothing (P10)."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.organisations.services import forget_old_drafts, forget_old_invitations
from renfort.organisations.services.branches import forget_old_branches
from renfort.organisations.services.directory import LOOK_UP, look_up_waiting
from renfort.organisations.services.referents import forget_old_referent_invitations


@every("25 4 * * *", name="organisations.forget")
def forget(now: datetime) -> None:
    """Remove drafts that nobody has touched for a year, and invitations that came to nothing three months ago."""
    forget_old_drafts(now)
    forget_old_invitations(now)
    forget_old_referent_invitations(now)
    forget_old_branches(now)


@every("*/5 * * * *", name=LOOK_UP)
def look_up(now: datetime) -> int:
    """Ask the public directory about the organisations that wait for it; rung when somebody asks (R53)."""
    return look_up_waiting()

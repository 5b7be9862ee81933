"""What the clock does for coordinated sessions beside what its workflows say."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.workshops.services import invitations, proofs


@every("17 * * * *", name="workshops.remind_documents")
def remind_of_documents(now: datetime) -> None:
    """Documents that expire within a month and within a week (W4)."""
    proofs.remind_of_documents(now)


@every("27 * * * *", name="workshops.remind_invitations")
def remind_of_invitations(now: datetime) -> None:
    """Invitations to lead a session that wait for an answer (W4)."""
    invitations.remind_of_invitations(now)

"""What the clock does for coordinated sessions beside what their workflows say."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.workshops.services import bills, invitations, proofs, surveys


@every("17 * * * *", name="workshops.remind_documents")
def remind_of_documents(now: datetime) -> None:
    """Documents that expire within a month and within a week (W4)."""
    proofs.remind_of_documents(now)


@every("27 * * * *", name="workshops.remind_invitations")
def remind_of_invitations(now: datetime) -> None:
    """Invitations to lead a session that wait for an answer (W4)."""
    invitations.remind_of_invitations(now)


@every("*/5 * * * *", name="workshops.thank")
def thank_participants(now: datetime) -> None:
    """Certificates, and the questionnaire « à chaud », a few minutes after the session (W7)."""
    surveys.thank_due(now)


@every("22 * * * *", name="workshops.ask")
def ask_participants(now: datetime) -> None:
    """The questionnaire « à froid », and the one reminder of each (W7)."""
    surveys.ask_due(now)


@every("25 3 * * *", name="workshops.forget_whose")
def forget_whose_replies(now: datetime) -> None:
    """Once a questionnaire is closed nobody can tell whose a reply is (W7, P10)."""
    surveys.forget_whose(now)


@every("* * * * * */10", name=bills.CARRY)
def write_bills(now: datetime) -> int:
    """Write the invoices of the run that waits, and go on with what a dead worker began."""
    return bills.write_due(now)

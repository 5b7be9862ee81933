"""The worker delivers: when somebody has just written an e-mail, and every ten seconds in any case (design decision 18)."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.notifications import dispatch, services
from renfort.notifications.dispatch import DELIVER


@every("* * * * * */10", name=DELIVER, overlaps=True)
def deliver(now: datetime) -> services.Round:
    """Send what is due. Runs may overlap, on one machine or several: each e-mail is held by whoever sends it.

    No retry of the job: the next run is the retry.
    """
    return services.deliver_due(now)


@every("9 * * * *", name="notifications.digests")
def digests(now: datetime) -> int:
    """The e-mail of the day, for those who chose it; each hour, so that a morning without a worker is made up for."""
    return dispatch.send_digests(now)

"""The worker delivers: when somebody has just written an e-mail, and every ten seconds in any case (design decision 18)."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.notifications import services
from renfort.notifications.dispatch import DELIVER


@every("* * * * * */10", name=DELIVER, overlaps=True)
def deliver(now: datetime) -> services.Round:
    """Send what is due. Runs may overlap, on one machine or several: each e-mail is held by whoever sends it.

    No retry of the job: the next run is the retry.
    """
    return services.deliver_due(now)

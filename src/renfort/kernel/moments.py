"""From a day and an hour on a clock to a moment (decision 30: times are those of the place)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from renfort.kernel.firing import Refused
from renfort.kernel.templatetags.ui import hour_words


def moment(day: date, hour: time, zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of ``zone`` show this hour; an hour that comes twice is the first one.

    Raises:
        Refused: they never do on that day.
    """
    local = datetime.combine(day, hour, ZoneInfo(zone))
    found = local.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(_("%(hour)s n'existe pas ce jour-là : les horloges passent à l'heure d'été.") % {"hour": hour_words(local)})
    return found

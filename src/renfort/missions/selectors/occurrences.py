"""When somebody is expected: the moments of a participation, for pages and calendars (R35)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from renfort.kernel.templatetags.ui import period_words, span_words
from renfort.missions.models import Participation
from renfort.missions.selectors.slots import slots_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which a volunteer is expected.

    ``starts`` and ``ends`` are days of the place (``ends`` is the last one) when no hours are known, else moments with the
    place's zone. ``key`` tells the occurrences of one participation apart, and never changes: a calendar knows each by it.
    """

    starts: date | datetime
    ends: date | datetime
    key: str = ""

    @property
    def words(self) -> str:
        """« samedi 4 mars, 9 h – 12 h », « du 4 au 8 mars »."""
        if isinstance(self.starts, datetime) and isinstance(self.ends, datetime):
            zone = self.starts.tzinfo if isinstance(self.starts.tzinfo, ZoneInfo) else None
            return str(span_words(starts_at=self.starts, ends_at=self.ends, zone=zone))
        return str(period_words(starts_on=self.starts, ends_on=self.ends))


def occurrences_of(participation: Participation) -> list[Occurrence]:
    """The times of one participation, the soonest first; none while the mission has no dates.

    With slots, those that it holds or asks for (R61). Without, a mission says its days and, in free words, its hours: one span
    of days, whatever its format (R10). One query with slots, unless ``with_own_slots`` read them for a page.
    """
    mission = participation.mission
    if mission.has_slots:
        own = getattr(participation, "own_slots", None)
        slots = slots_of([participation])[participation.pk] if own is None else own
        return [Occurrence(starts=each.local_start, ends=each.local_end, key=f"slot-{each.pk}") for each in slots]
    if mission.starts_on is None or mission.ends_on is None:
        return []
    return [Occurrence(starts=mission.starts_on, ends=mission.ends_on)]


def with_own_slots(participations: Iterable[Participation]) -> list[Participation]:
    """The same participations, their slots at hand for ``occurrences_of``. One query for all; none when no mission has slots."""
    rows = list(participations)
    slots = slots_of(rows)
    for row in rows:
        row.own_slots = slots.get(row.pk, [])  # type: ignore[attr-defined]  # read above alone
    return rows

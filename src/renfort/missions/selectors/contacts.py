"""Until when an organisation sees a volunteer's contact data (R37), as a condition for whole lists and files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, DateField, ExpressionWrapper, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from renfort.missions.enums import ACTIVE, ParticipationState

S = ParticipationState
CLOSED_AT = ("closed_at", "decided_at", "created_at")  # since when it is closed: the first that is known
KEPT = 31  # days: midnight after thirty whole ones


def contact_open(now: datetime) -> Combinable:
    """Whether the contact data of a participation's person are shown at ``now``: while it is open, and thirty days after.

    Days are those of the mission's place. Help that was given ends with the mission, though the clock closes it later.
    """
    closed = Coalesce(*CLOSED_AT)
    last_day = Func(F("mission__zone"), closed, template="(timezone(%(expressions)s))::date", output_field=DateField())
    closed_day = Func(F("mission__zone"), F("closed_at"), template="(timezone(%(expressions)s))::date", output_field=DateField())
    known = Func(
        closed_day, F("mission__ends_on"), function="least", output_field=DateField()
    )  # which leaves out what is not known
    ended = Coalesce(known, last_day, output_field=DateField())
    active = Q(state__in=[str(state) for state in ACTIVE])
    helped = Q(state__in=[S.DONE, S.NO_SHOW])
    return ExpressionWrapper(
        active | (Q(moved_at=None) & ((helped & Q(_ends_after(ended, now))) | (~helped & Q(_ends_after(last_day, now))))),
        output_field=BooleanField(),
    )


def _ends_after(day: Combinable, now: datetime) -> Any:
    """Whether midnight after the last of the days that follow ``day`` is still to come, where the mission takes place."""
    # a timestamp: a bare date would be read in the zone of the connection, hours off where the mission takes place
    wanted = f"timezone(%(expressions)s + {KEPT})::timestamp)"
    until = Func(F("mission__zone"), day, template=wanted, arg_joiner=", (", output_field=BooleanField())
    return GreaterThan(until, Value(now))

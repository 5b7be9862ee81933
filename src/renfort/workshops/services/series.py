"""Plan several sessions in one go (W3): each is a row of its own, and lives its own life afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.templatetags.ui import day_words
from renfort.workshops.models import Assignment, Session
from renfort.workshops.services.sessions import SessionFacts, hold, write_session

MOST_AT_ONCE = 60


def plan_series(*, actor: Actor, assignment: Assignment, facts: SessionFacts, days: Sequence[date]) -> list[Session]:
    """Plan the same session on each of these days, at the same hours of its zone, whatever its clocks do in between (W3).

    All of them, or none: a day on which it cannot be is named with the reason. One day alone makes no series.

    Raises:
        NotAllowed, Refused: as ``plan_session``; there are too many days.
    """
    wanted = sorted(set(days))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("Planifiez au plus %(n)d sessions à la fois.") % {"n": MOST_AT_ONCE})
    series = uuid4() if len(wanted) > 1 else None
    made: list[Session] = []
    reasons: list[str] = []
    with transaction.atomic():
        locked = hold(actor, assignment)
        for day in wanted:
            try:
                made.append(write_session(actor, locked, replace(facts, day=day), series=series))
            except Refused as refused:
                reasons += [f"{day_words(day)} : {each}" if series else each for each in refused.sentences]
        if reasons:
            raise Refused(*reasons)
    return made

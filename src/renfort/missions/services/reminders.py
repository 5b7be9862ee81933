"""Remind organisations of applications that wait (R36): at most one message a day to each, whatever the clock missed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Value, When

from renfort.audit.selectors import happened_since
from renfort.kernel.actors import CLOCK
from renfort.kernel.events import publish
from renfort.missions import messages
from renfort.missions.selectors.reminders import STEPS, to_remind
from renfort.organisations.models import Organisation

logger = logging.getLogger(__name__)
VERB = "missions.organisation.remind"
MORNING, EVENING = 8, 20  # nobody is written to at night


def remind_hosts(now: datetime) -> int:
    """Tell each organisation in one message what waits for two days and for seven; by day, on the clocks of its place.

    Returns how many organisations were told. Called again on the same day it tells nobody twice.
    """
    wanted = to_remind(now).values_list("organisation", flat=True).distinct()
    told = 0
    for organisation in Organisation.objects.filter(pk__in=wanted, left_at=None).select_related("department").order_by("pk"):
        local = now.astimezone(organisation.department.time_zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if not MORNING <= local.hour < EVENING or happened_since(VERB, organisation, midnight):
            continue
        try:
            with transaction.atomic():
                step = Case(
                    *(When(created_at__lte=now - timedelta(days=days), then=Value(days)) for days in STEPS), default=Value(0)
                )
                if to_remind(now).filter(organisation=organisation).update(reminded=step):
                    publish(VERB, organisation, actor=CLOCK, tells=(messages.STILL_WAITING,))
                    told += 1
        except Exception:  # one organisation must not stop the others
            logger.exception("organisation %s could not be reminded", organisation.pk)
    return told

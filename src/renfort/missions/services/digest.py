"""Tell those who decide, every working morning, what waits for them (R52); nothing when nothing does."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from renfort.audit.selectors import happened_since
from renfort.kernel.actors import CLOCK
from renfort.kernel.events import publish
from renfort.kernel.working_days import is_working_day
from renfort.missions.messages import MORNING_QUEUE
from renfort.missions.selectors.digest import readers, waiting_for, zone_code_of
from renfort.missions.services.reminders import EVENING, MORNING
from renfort.people.models import Person
from renfort.territories.selectors import zone_of

logger = logging.getLogger(__name__)
VERB = "missions.person.tell_queue"


def tell_queues(now: datetime) -> int:
    """Write to each referent and operator for whom something waits, once a working day, by day on the clocks of their place.

    Returns how many were told. After a stop of the clock the day's letter is sent once, and those of days gone by are not.
    """
    told = 0
    for person in Person.objects.filter(pk__in=readers()).order_by("pk"):
        code = zone_code_of(person.pk)
        local = now.astimezone(zone_of(code) if code else timezone.get_default_timezone())
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if not (is_working_day(local, code) and MORNING <= local.hour < EVENING) or happened_since(VERB, person, midnight):
            continue
        try:
            with transaction.atomic():
                found = waiting_for(person.pk, now)
                if not found.is_empty:
                    codes = {name: getattr(found, name) for name in ("missions", "organisations", "late", "alerts", "orphans")}
                    publish(VERB, person, actor=CLOCK, codes=codes, tells=(MORNING_QUEUE,))
                    told += 1
        except Exception:  # one reader must not stop the others
            logger.exception("person %s could not be told what waits", person.pk)
    return told

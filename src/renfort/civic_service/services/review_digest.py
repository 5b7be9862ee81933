"""Tell case managers, every working morning, which projects wait for them (S10); nothing when none does."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from renfort.audit.selectors import happened_since
from renfort.civic_service.messages import REVIEW_MORNING
from renfort.civic_service.selectors.review_digest import readers, waiting_for, zone_code_of
from renfort.kernel.actors import CLOCK
from renfort.kernel.events import publish
from renfort.kernel.working_days import is_working_day
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import is_open
from renfort.people.models import Person
from renfort.territories.selectors import zone_of

logger = logging.getLogger(__name__)
VERB = "civic_service.person.tell_review"
MORNING, EVENING = 8, 20  # nobody is written to at night


def tell_case_managers(now: datetime) -> int:
    """Write to each case manager for whom something waits, once a working day, by day on the clocks of their territory.

    Returns how many were told. After a stop of the clock the day's letter is sent once, and those of days gone by are not.
    """
    if not is_open(Programme.CIVIC_SERVICE):
        return 0
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
                    codes = {name: getattr(found, name) for name in ("waiting", "late", "alerts", "federation")}
                    publish(VERB, person, actor=CLOCK, codes=codes, tells=(REVIEW_MORNING,))
                    told += 1
        except Exception:  # one reader must not stop the others
            logger.exception("person %s could not be told which projects wait", person.pk)
    return told

"""Make and close the address of one's calendar (W12)."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed
from renfort.workshops.models import CalendarAddress
from renfort.workshops.selectors.calendar import calendar_token
from renfort.workshops.selectors.links import link_digest
from renfort.workshops.selectors.roles import is_facilitator


def _person(actor: Actor) -> int:
    if actor.person_id is None or not is_facilitator(actor):
        raise NotAllowed(_("Cette action est réservée aux animateur·ices."))
    return actor.person_id


def open_calendar(*, actor: Actor) -> CalendarAddress:
    """Make an address for one's calendar; a former one opens nothing from this moment on.

    Raises:
        NotAllowed: the actor leads no sessions.
    """
    person, seed = _person(actor), secrets.token_urlsafe(32)
    facts = {"seed": seed, "digest": link_digest(calendar_token(seed)), "created_at": timezone.now()}
    with transaction.atomic():
        address, is_new = CalendarAddress.objects.update_or_create(person_id=person, defaults=facts)
        publish("workshops.calendar.open" if is_new else "workshops.calendar.renew", address, actor=actor)
    return address


def close_calendar(*, actor: Actor) -> bool:
    """Let the address open nothing any more. Returns whether there was one.

    Raises:
        NotAllowed: the actor leads no sessions.
    """
    with transaction.atomic():
        address = CalendarAddress.objects.select_for_update().filter(person_id=_person(actor)).first()
        if address is None:
            return False
        publish("workshops.calendar.close", address, actor=actor)
        address.delete()
    return True

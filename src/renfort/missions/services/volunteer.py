"""What a volunteer keeps for oneself: favourites, the address of the calendar (R35, R62)."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed
from renfort.kernel.sentences import Sentence
from renfort.missions.models import CalendarAddress, Favourite, Mission
from renfort.missions.selectors.volunteer import calendar_digest, calendar_token

FAVOURITE = "missions.favourite"  # the kind of an intent that becomes a favourite
MOST_FAVOURITES = 500


def keep(*, actor: Actor, mission: Mission) -> bool:
    """Keep a mission among one's favourites; twice is once. Returns whether it is new.

    Not in the history: it is nobody else's business, and changes nothing for anybody.

    Raises:
        NotAllowed: nobody is signed in.
        Sentence: there are too many already.
    """
    person = _person(actor)
    if Favourite.objects.filter(person_id=person).count() >= MOST_FAVOURITES:
        raise Sentence(_("Vous gardez déjà beaucoup de missions : retirez-en quelques-unes de vos favoris."))
    _kept, is_new = Favourite.objects.get_or_create(person_id=person, mission=mission)
    return is_new


def let_go(*, actor: Actor, mission_id: int) -> bool:
    """Keep a mission no longer. Returns whether it was kept."""
    gone, _each = Favourite.objects.filter(person_id=_person(actor), mission_id=mission_id).delete()
    return bool(gone)


def open_calendar(*, actor: Actor) -> CalendarAddress:
    """Make an address for one's calendar; a former one opens nothing from this moment on.

    Raises:
        NotAllowed: nobody is signed in.
    """
    person = _person(actor)
    seed = secrets.token_urlsafe(32)
    facts = {"seed": seed, "digest": calendar_digest(calendar_token(seed)), "created_at": timezone.now()}
    with transaction.atomic():
        address, is_new = CalendarAddress.objects.update_or_create(person_id=person, defaults=facts)
        publish("missions.calendar.open" if is_new else "missions.calendar.renew", address, actor=actor)
    return address


def close_calendar(*, actor: Actor) -> bool:
    """Let the address of one's calendar open nothing any more. Returns whether there was one."""
    with transaction.atomic():
        address = CalendarAddress.objects.select_for_update().filter(person_id=_person(actor)).first()
        if address is None:
            return False
        publish("missions.calendar.close", address, actor=actor)
        address.delete()
    return True


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed(_("Connectez-vous d'abord."))
    return actor.person_id

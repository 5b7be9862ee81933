"""Invite people of the directory, answer an invitation, remind of it (W4, W12)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.parameters.selectors import value_of
from renfort.workshops.catalogue import INVITATION_REMINDER
from renfort.workshops.messages import INVITATION_DECLINED, INVITED_AGAIN
from renfort.workshops.models import Facilitator, Invitee, Session
from renfort.workshops.selectors.invitations import own_invitations, to_remind
from renfort.workshops.services.sessions import invite

logger = logging.getLogger(__name__)
MORNING, EVENING = 8, 20  # on the clocks of the session: nobody is written to at night


def invite_people(*, actor: Actor, session: Session, people: Iterable[int]) -> int:
    """Send the link of a session to people of the directory, whose addresses the actor need not know. Returns how many.

    Raises:
        NotAllowed, Refused: as ``invite``; nobody was chosen.
    """
    wanted = set(people)
    known = Facilitator.objects.filter(pk__in=wanted, person__account__is_active=True).select_related("person__account")
    addresses = [each.person.account.email for each in known.order_by("pk")]
    if not addresses:
        raise Refused(_("Choisissez au moins une personne."))
    return invite(actor=actor, session=session, addresses=addresses)


def decline(*, actor: Actor, number: int) -> Invitee:
    """Say that one will not lead a session; who coordinates is told, nobody is reminded.

    Raises:
        NotAllowed: no invitation of this number waits for the actor.
    """
    mine = own_invitations(actor).filter(pk=number).first()
    if mine is None:
        raise NotAllowed(_("Cette invitation n'attend plus votre réponse."))
    with transaction.atomic():
        lock_row(mine.session.assignment)
        locked: Invitee = lock_row(mine)
        if locked.declined_at is None:
            locked.declined_at = timezone.now()
            locked.save(update_fields=["declined_at"])
            mine.declined_at = locked.declined_at
            publish("workshops.invitee.decline", mine, actor=actor, tells=(INVITATION_DECLINED,))
    return mine


def remind_of_invitations(now: datetime) -> int:
    """Tell once those who have not answered for some days (the operator's setting; nought: nobody). Returns how many."""
    days = value_of(INVITATION_REMINDER)
    told = 0
    for each in to_remind(now, days) if days else ():
        if not MORNING <= now.astimezone(ZoneInfo(each.session.zone)).hour < EVENING:
            continue
        try:
            with transaction.atomic():
                locked = lock_row(each)
                if locked.reminded_at is not None or locked.declined_at is not None:
                    continue
                locked.reminded_at = now
                locked.save(update_fields=["reminded_at"])
                publish("workshops.invitee.remind", each, actor=CLOCK, tells=(INVITED_AGAIN,))
                told += 1
        except Exception:  # one invitation must not stop the others
            logger.exception("invitation %s could not be reminded", each.pk)
    return told

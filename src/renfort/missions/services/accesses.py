"""A referent says why they must reach a volunteer, and then sees the contact data for a day (R37)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.audit.enums import Way
from renfort.audit.services import contact_seen
from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import ContactAccess, Participation
from renfort.missions.models.notes import WORDS
from renfort.missions.rules import may_reach
from renfort.missions.selectors.accesses import access_in_force

OPEN_FOR, KEPT = timedelta(hours=24), timedelta(days=365)


def ask_contact(*, actor: Actor, participation: Participation, purpose: str, words: str) -> ContactAccess:
    """Open the contact data of one participation to a referent for a day. The history keeps who, when and which purpose.

    ``purpose``: a value of ``audit.enums.ViewPurpose``; ``words``: why, read by the volunteer.

    Raises:
        NotAllowed: the actor does not look after the mission, is of its organisation's team, or it has been closed too long.
        Refused: no words, or too many.
    """
    if not may_reach(actor, participation) or actor.person_id is None:
        raise NotAllowed(_("Ces coordonnées ne sont pas, ou plus, visibles pour vous."))
    words = words.strip()
    if not words or len(words) > WORDS:
        raise Refused(_("Dites pourquoi, en quelques mots."))
    now = timezone.now()
    with transaction.atomic():
        access = ContactAccess.objects.create(
            participation=participation, viewer_id=actor.person_id, purpose=purpose, words=words, opened_at=now,
            until=now + OPEN_FOR,
        )  # fmt: skip
        codes: dict[str, str | int | bool | None] = {
            "participation": participation.pk, "person": participation.person_id, "purpose": purpose,
            "department": participation.mission.department_id,
        }  # fmt: skip
        publish("missions.contactaccess.open", access, actor=actor, codes=codes, texts={"words": words})
    return access


def shown_contact(*, actor: Actor, participation: Participation, way: str = Way.PAGE) -> ContactAccess | None:
    """What lets the actor see the contact data on this page now, noted for the volunteer; None: nothing is shown.

    Judged anew at each page: a role, a perimeter or a participation may have ended since. Three queries.
    """
    access = access_in_force(actor, participation)
    if access is None or not may_reach(actor, participation):
        return None
    contact_seen(
        viewer=actor, people=[participation.person_id], way=way, purpose=access.purpose, purpose_words=access.words,
        department=participation.mission.department_id,
    )  # fmt: skip
    return access


def forget_accesses(now: datetime) -> int:
    """Remove the accesses that ended more than a year ago, as the log of readings is (P10); returns how many. By the clock."""
    return ContactAccess.objects.filter(until__lt=now - KEPT).delete()[0]

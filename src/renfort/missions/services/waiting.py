"""Join the waiting list of a full mission (R60). A turn's life is on ``missions.workflow``."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.jobs.services import ring_clock
from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused
from renfort.missions.enums import WaitingState
from renfort.missions.models import DomainRules, Mission, Waiting
from renfort.missions.selectors.eligibility import eligibility
from renfort.missions.selectors.waiting import turn_of
from renfort.people.models import Person


def join_line(
    *, actor: Actor, person: Person, mission: Mission, ticked: DomainRules | None, meets: Sequence[str] = ()
) -> Waiting:
    """Take a turn in the waiting list. ``ticked`` is the wording of the domain's rules that was ticked (None: there is none),
    ``meets`` the prerequisites confirmed, in the words that were shown (R66).

    Nothing scarce is taken: the turn is the row's number. The database holds that a person has one turn per mission.

    Returns the turn; when there is already one, that one (a second click is no mistake).

    Raises:
        Refused: with every reason why not.
    """
    found = eligibility(mission, person)
    if found.turn is not None:
        return found.turn
    if not found.may_wait:
        raise Refused(*found.sentences)
    if list(meets) != mission.prerequisites:
        raise Refused(_("Les prérequis de cette mission ont changé : relisez-les avant de proposer votre aide."))
    now = timezone.now()
    try:
        with transaction.atomic():
            turn = Waiting.objects.create(
                mission=mission,
                person=person,
                state=WaitingState.WAITING,
                rules=ticked,
                rules_at=now if ticked else None,
                prerequisites=list(meets),
                created_at=now,
            )
            publish("missions.waiting.join", turn, actor=actor, after=turn.state, codes={"rules": ticked.pk if ticked else None})
            transaction.on_commit(ring_clock)  # a place may have been freed in the meantime
    except IntegrityError:
        twin = turn_of(mission, person)
        if twin is None:
            raise
        return twin
    return turn

"""Join the waiting list of a full mission, or of its full slots (R60, R61). A turn's life is on ``missions.workflow``."""

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
from renfort.missions.selectors.eligibility import NOT_A_BAR, Eligibility, eligibility
from renfort.missions.selectors.waiting import LINE
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
    if mission.has_slots:
        raise Refused(_choose())
    if not found.may_wait:
        raise Refused(*found.sentences)
    _check_prerequisites(mission, meets)
    return _turn(actor=actor, person=person, mission=mission, ticked=ticked, meets=meets)


def join_slots(
    *,
    actor: Actor,
    person: Person,
    mission: Mission,
    ticked: DomainRules | None,
    slots: Sequence[int],
    meets: Sequence[str] = (),
) -> list[Waiting]:
    """The same for full ``slots`` of a mission: one turn in the line of each, one per person and slot.

    Returns the turns, in the order of ``slots``; where there is already one, that one.

    Raises:
        Refused: with every reason why not; then no turn is taken at all.
    """
    _check_slots(eligibility(mission, person), slots)
    _check_prerequisites(mission, meets)
    with transaction.atomic():
        return [_turn(actor=actor, person=person, mission=mission, ticked=ticked, meets=meets, slot=slot) for slot in slots]


def _choose() -> str:
    return _("Choisissez au moins un créneau.")


def _check_prerequisites(mission: Mission, meets: Sequence[str]) -> None:
    if list(meets) != mission.prerequisites:
        raise Refused(_("Les prérequis de cette mission ont changé : relisez-les avant de proposer votre aide."))


def _check_slots(found: Eligibility, chosen: Sequence[int]) -> None:
    """Every slot waited for is full, and one that this person could ask for if it were not."""
    if not chosen:
        raise Refused(_choose())
    if bars := [said for bar, said in found.obstacles.items() if bar not in NOT_A_BAR]:
        raise Refused(*bars)
    known = {slot.pk: slot for slot in found.slots}
    if any(slot not in known for slot in chosen):
        raise Refused(_gone())
    waitable = {slot.pk for slot in found.full} | found.turns.keys()
    free = _("Ce créneau a encore de la place : proposez votre aide.")
    refusals = [f"{known[slot].words}\u00a0: {found.refusals.get(slot, free)}" for slot in chosen if slot not in waitable]
    if refusals:
        raise Refused(*refusals)


def _gone() -> str:
    return _("Un de ces créneaux n'existe plus : relisez la liste.")


def _turn(
    *, actor: Actor, person: Person, mission: Mission, ticked: DomainRules | None, meets: Sequence[str], slot: int | None = None
) -> Waiting:
    """One turn, of the mission's line or of a slot's; the one that there is already."""
    mine = Waiting.objects.filter(LINE, mission=mission, slot=slot, person=person)
    if (already := mine.first()) is not None:
        return already
    now = timezone.now()
    try:
        with transaction.atomic():
            turn = Waiting.objects.create(
                mission=mission,
                slot_id=slot,
                person=person,
                state=WaitingState.WAITING,
                rules=ticked,
                rules_at=now if ticked else None,
                prerequisites=list(meets),
                created_at=now,
            )
            publish(
                "missions.waiting.join",
                turn,
                actor=actor,
                after=turn.state,
                codes={"rules": ticked.pk if ticked else None, **({"slot": slot} if slot else {})},
            )
            transaction.on_commit(ring_clock)  # a place may have been freed in the meantime
    except IntegrityError:
        if (twin := mine.first()) is not None:
            return twin
        if slot is None:
            raise
        raise Refused(_gone()) from None  # it has just been taken away
    return turn

"""Apply (R13, R30, R31, R33)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused
from renfort.missions import messages
from renfort.missions.enums import ParticipationState
from renfort.missions.models import Booking, DomainRules, Mission, Participation
from renfort.missions.selectors.eligibility import Eligibility, eligibility
from renfort.missions.selectors.slots import overlap_words, overlapping
from renfort.people.models import Person

APPLY = "missions.apply"  # the kind of an intent that becomes a participation


def apply(
    *,
    actor: Actor,
    person: Person,
    mission: Mission,
    ticked: DomainRules | None,
    slots: Sequence[int] = (),
    meets: Sequence[str] = (),
) -> Participation:
    """Propose one's help. ``ticked`` is the wording of the domain's rules that was ticked (None: the domain has none);
    ``slots`` are the slots asked for (R61), ``meets`` the prerequisites confirmed, in the words that were shown (R66).

    A pending application holds no place, so nothing scarce is taken and no lock is needed; the database holds that a
    person has one active participation per mission. The mission may be cancelled at the same moment: the clock then
    cancels this application as it cancels the others.

    Returns the participation; when one is already active, that one (a second click is no mistake).

    Raises:
        Refused: with every reason why not.
    """
    found = eligibility(mission, person)
    if found.current is not None:
        return found.current
    if not found.may_apply:
        raise Refused(*found.sentences)
    _check_slots(found, slots)
    if list(meets) != mission.prerequisites:
        raise Refused(_("Les prérequis de cette mission ont changé : relisez-les avant de proposer votre aide."))
    now = timezone.now()
    try:
        with transaction.atomic():
            organisation = _hold_the_shape(mission)
            participation = Participation.objects.create(
                mission=mission,
                organisation_id=organisation,
                person=person,
                state=ParticipationState.PENDING,
                rules=ticked,
                rules_at=now if ticked else None,
                prerequisites=list(meets),
                prerequisites_at=now if meets else None,
                created_at=now,
            )
            Booking.objects.bulk_create(
                Booking(participation=participation, slot_id=slot, mission=mission, asked_at=now) for slot in slots
            )
            publish(
                "missions.participation.apply",
                participation,
                actor=actor,
                after=participation.state,
                tells=(messages.RECEIVED, messages.TO_ANSWER),
                codes={"rules": ticked.pk if ticked else None, **({"slots": ",".join(map(str, slots))} if slots else {})},
            )
    except IntegrityError:
        twin = eligibility(mission, person).current
        if twin is None:
            raise Refused(_("Votre proposition n'a pas pu être enregistrée. Réessayez.")) from None
        return twin
    return participation


def _check_slots(found: Eligibility, chosen: Sequence[int]) -> None:
    """Every slot asked for is one that this person may ask for now, and nobody can be in two places at once."""
    offered = {slot.pk: slot for slot in found.slots}
    if offered and not chosen:
        raise Refused(_("Choisissez au moins un créneau."))
    if any(slot not in offered for slot in chosen):
        raise Refused(_("Un de ces créneaux n'existe plus : relisez la liste."))
    refusals = [f"{offered[slot].words}\u00a0: {found.refusals[slot]}" for slot in chosen if slot in found.refusals]
    if refusals:
        raise Refused(*refusals)
    if pair := overlapping([offered[slot] for slot in chosen]):
        raise Refused(overlap_words(*pair))


def _hold_the_shape(mission: Mission) -> int:
    """Nobody gives a mission its first slots, or another organisation, while somebody applies: this waits for them alone.

    Returns the number of the organisation whose mission it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_slots, organisation_id FROM missions_mission WHERE id = %s FOR KEY SHARE", [mission.pk])
        row = cursor.fetchone()
    if row is None or row[0] != mission.has_slots:
        raise Refused(_("Les créneaux de cette mission ont changé : relisez la page."))
    if row[1] != mission.organisation_id:  # one applies to an organisation, not only to a mission (R37, R55)
        raise Refused(_("Cette mission vient de passer à une autre structure : relisez la page."))
    return int(row[1])

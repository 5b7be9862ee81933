"""Write the slots and the prerequisites of a mission (R61, R66). How they are given is on ``missions.workflow``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import Refused, lock_rows
from renfort.kernel.moments import moment
from renfort.kernel.templatetags.ui import period_words
from renfort.missions.enums import ACTIVE, MissionState, SlotShape, SlotState
from renfort.missions.messages import SLOTS_MOVED, moment_code
from renfort.missions.models import Booking, Mission, Participation, Slot, Waiting
from renfort.missions.models.mission import MOST_PREREQUISITES
from renfort.missions.selectors.slots import bound_to, held_on, slots_of_mission

MOST_SLOTS = 100  # to come, on one mission
LONGEST_PREREQUISITE = 120
DAY = timedelta(days=1)
NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFacts:
    """One slot as the form says it: a day and hours on the clocks of the place. ``pk``: the slot that it changes, else a new one.

    An end that does not follow the start is on the next day (« 22 h – 6 h »). A shape other than hours needs no hours.
    """

    day: date
    places: int
    shape: str = SlotShape.HOURS
    starts: time | None = None
    ends: time | None = None
    pk: int | None = None

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """The two moments that these hours mean in ``zone``, in UTC; an hour that comes twice is the first one.

        Raises:
            Refused: an hour is missing, or does not exist on that day (the clocks jump over it).
        """
        if self.shape != SlotShape.HOURS:
            start, end = (NOON, time()) if self.shape == SlotShape.AFTERNOON else (time(), time())
            end = NOON if self.shape == SlotShape.MORNING else end
        elif self.starts is None or self.ends is None:
            raise Refused(_("Donnez l'heure de début et l'heure de fin du créneau."))
        else:
            start, end = self.starts, self.ends
        last = self.day if end > start else self.day + DAY
        return moment(self.day, start, zone), moment(last, end, zone)


def slot_facts_of(mission: Mission) -> list[SlotFacts]:
    """The slots to come of a mission as a form shows them; a copy of a mission takes them without ``pk``."""
    facts = []
    for slot in slots_of_mission(mission):
        if slot.is_over:
            continue
        start, end = slot.local_start, slot.local_end
        is_timed = slot.shape == SlotShape.HOURS
        facts.append(
            SlotFacts(
                pk=slot.pk,
                day=start.date(),
                shape=slot.shape,
                starts=start.time() if is_timed else None,
                ends=end.time() if is_timed else None,
                places=slot.places,
            )
        )
    return facts


def slots_code(facts: Sequence[SlotFacts]) -> str:
    """Slots as text that can be compared and kept: one line each, in order, whatever their numbers (R14)."""
    lines = (f"{fact.day.isoformat()} {fact.shape} {_clock(fact.starts)} {_clock(fact.ends)} {fact.places}" for fact in facts)
    return "\n".join(sorted(lines))


def _clock(hour: time | None) -> str:
    return hour.strftime("%H:%M") if hour is not None else "-"


def set_slots(*, actor: Actor, mission: Mission, facts: Sequence[SlotFacts]) -> None:
    """Let the slots to come of a mission be these, in the transaction that holds its lock; those past or cancelled stay.

    A mission is told of by ``missions.mission.set_slots`` when something changes; those who hold a slot whose hours change get
    both in an e-mail, when the mission is online (R14).

    Raises:
        Refused: with every reason: a slot that people count on is taken away, or gets fewer places than are taken; hours that
            do not exist; days out of the mission's; too many; people have applied to the mission as a whole.
    """
    known = {slot.pk: slot for slot in slots_of_mission(mission, cancelled=True)}
    open_now = {pk: slot for pk, slot in known.items() if slot.state == SlotState.OPEN and not slot.is_over}
    wanted = {fact.pk: fact for fact in facts if fact.pk is not None and fact.pk in open_now}
    # what a colleague took away meanwhile, and is asked for again, is a new one (R14)
    added = [fact for fact in facts if fact.pk is None or fact.pk not in known]
    gone = [slot for pk, slot in open_now.items() if pk not in wanted]
    if not facts and not known:
        return
    if len(wanted) + len(added) > MOST_SLOTS:
        raise Refused(_("Une mission a au plus %(n)d créneaux à venir.") % {"n": MOST_SLOTS})
    if added and not mission.has_slots:
        _begin_with_slots(mission)
    # nobody can ask for a slot that is going until this is done
    lock_rows(Slot.objects.filter(pk__in=[slot.pk for slot in gone]), no_key=False)
    lock_rows(Slot.objects.filter(pk__in=list(wanted)))
    refusals: list[str] = []
    changes: dict[str, tuple[Plain, Plain]] = {}
    _take_away(gone, refusals, changes)
    moved = _change(mission, wanted, open_now, refusals, changes)
    _add(mission, added, refusals, changes)
    if refusals:
        raise Refused(*refusals)
    if not changes:
        return
    open_slots = Slot.objects.filter(mission=mission, state=SlotState.OPEN)
    mission.has_slots = Slot.objects.filter(mission=mission).exists()
    mission.places = open_slots.aggregate(total=Sum("places"))["total"] or mission.places
    mission.save(update_fields=["has_slots", "places"])
    tells = (SLOTS_MOVED,) if moved and mission.state == MissionState.PUBLISHED else ()
    publish("missions.mission.set_slots", mission, actor=actor, changes=changes, tells=tells)


def _begin_with_slots(mission: Mission) -> None:
    """From now on one asks for slots: nobody may have asked, or be asking, for the mission as a whole."""
    Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)  # against those who are about to point at it
    whole = Participation.objects.filter(mission=mission, state__in=[str(state) for state in ACTIVE]).count()
    if whole:
        raise Refused(
            ngettext(
                "%(n)d personne a déjà proposé son aide pour la mission entière : "
                "dupliquez la mission pour y mettre des créneaux.",
                "%(n)d personnes ont déjà proposé leur aide pour la mission entière : "
                "dupliquez la mission pour y mettre des créneaux.",
                whole,
            )
            % {"n": whole}
        )


def _take_away(gone: Sequence[Slot], refusals: list[str], changes: dict[str, tuple[Plain, Plain]]) -> None:
    counted = bound_to(slot.pk for slot in gone)
    for slot in gone:
        if people := counted.get(slot.pk, 0):
            refusals.append(
                ngettext(
                    "« %(slot)s » : %(n)d personne compte sur ce créneau, il ne peut pas être retiré. "
                    "Annulez-le : elle est prévenue.",
                    "« %(slot)s » : %(n)d personnes comptent sur ce créneau, il ne peut pas être retiré. "
                    "Annulez-le : elles sont prévenues.",
                    people,
                )
                % {"slot": slot.words, "n": people}
            )
        else:
            changes[f"slot:{slot.pk}"] = (moment_code(slot), None)
    if gone and not refusals:
        Booking.objects.filter(slot__in=gone).delete()  # of proposals that came to nothing
        Waiting.objects.filter(slot__in=gone).delete()  # of lines that everybody left; the history tells of them
        Slot.objects.filter(pk__in=[slot.pk for slot in gone]).delete()


def _change(
    mission: Mission,
    wanted: dict[int, SlotFacts],
    slots: dict[int, Slot],
    refusals: list[str],
    changes: dict[str, tuple[Plain, Plain]],
) -> bool:
    """Write the hours and places that changed; returns whether hours did."""
    moved = False
    for pk, fact in wanted.items():
        slot = slots[pk]
        before = moment_code(slot)
        found = _moments(mission, fact, refusals, unchanged=slot)
        if found is None:
            continue
        taken = held_on(slot)
        if fact.places < taken:
            refusals.append(
                ngettext(
                    "« %(slot)s » : %(n)d place est déjà prise, le nombre de places ne peut pas descendre en dessous.",
                    "« %(slot)s » : %(n)d places sont déjà prises, le nombre de places ne peut pas descendre en dessous.",
                    taken,
                )
                % {"slot": slot.words, "n": taken}
            )
            continue
        if fact.places != slot.places:
            changes[f"slot_places:{pk}"] = (slot.places, fact.places)
        slot.starts_at, slot.ends_at = found
        slot.shape, slot.places = str(fact.shape), fact.places
        if moment_code(slot) != before:
            changes[f"slot:{pk}"] = (before, moment_code(slot))
            moved = True
        if {f"slot:{pk}", f"slot_places:{pk}"} & changes.keys():
            slot.version += 1
            slot.save()
    return moved


def _add(mission: Mission, added: Sequence[SlotFacts], refusals: list[str], changes: dict[str, tuple[Plain, Plain]]) -> None:
    new = []
    for fact in added:
        found = _moments(mission, fact, refusals)
        if found is not None:
            new.append(Slot(mission=mission, starts_at=found[0], ends_at=found[1], shape=str(fact.shape), places=fact.places))
    if not refusals:
        for slot in Slot.objects.bulk_create(new):
            changes[f"slot:{slot.pk}"] = (None, moment_code(slot))


def _moments(
    mission: Mission, fact: SlotFacts, refusals: list[str], *, unchanged: Slot | None = None
) -> tuple[datetime, datetime] | None:
    """The moments of a slot, on a day of the mission; None when something is wrong with it, which is said."""
    if mission.starts_on and mission.ends_on and not mission.starts_on <= fact.day <= mission.ends_on:
        refusals.append(
            _("Le créneau du %(day)s sort des dates de la mission (%(dates)s).")
            % {
                "day": period_words(starts_on=fact.day, ends_on=fact.day),
                "dates": period_words(starts_on=mission.starts_on, ends_on=mission.ends_on),
            }
        )
        return None
    if unchanged is not None and _says_the_same(unchanged, fact):
        return unchanged.starts_at, unchanged.ends_at  # the second of two hours of the same name stays the second
    try:
        return fact.moments(mission.zone)
    except Refused as refused:
        refusals += refused.sentences
        return None


def _says_the_same(slot: Slot, fact: SlotFacts) -> bool:
    start, end = slot.local_start, slot.local_end
    if (slot.shape, start.date()) != (fact.shape, fact.day):
        return False
    return fact.shape != SlotShape.HOURS or (start.time(), end.time()) == (fact.starts, fact.ends)


def set_prerequisites(*, mission: Mission, sentences: Sequence[str]) -> None:
    """Write what whoever applies must confirm, on a mission that the caller holds and saves (R66).

    Raises:
        Refused: more than three, or one is too long.
    """
    kept = list(dict.fromkeys(" ".join(sentence.split()) for sentence in sentences if sentence.strip()))
    if len(kept) > MOST_PREREQUISITES:
        raise Refused(_("Une mission a au plus %(n)d prérequis.") % {"n": MOST_PREREQUISITES})
    if any(len(sentence) > LONGEST_PREREQUISITE for sentence in kept):
        raise Refused(_("Un prérequis fait au plus %(n)d caractères.") % {"n": LONGEST_PREREQUISITE})
    mission.prerequisites = kept

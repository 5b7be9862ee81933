"""An invented mission and what happens on it, for the operator's preview of every e-mail (P4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, Plain
from renfort.kernel.rules import Text
from renfort.missions.messages.facts import moment_code
from renfort.missions.models import Mission, Participation, Slot, Waiting
from renfort.organisations.models import Organisation
from renfort.people.models import Person


def _sample_mission() -> Mission:
    day = timezone.localdate() + timedelta(days=7)
    return Mission(
        pk=0,
        title=_("Distribution de repas"),
        organisation=Organisation(pk=0, name=_("Secours Exemple")),
        starts_on=day,
        ends_on=day,
        address="12 rue des Lilas",
        postcode="33000",
        city="Bordeaux",
        department_id="33",
        responsible=Person(pk=0, first_name="Camille", last_name="Martin"),
    )


def event_of(
    obj: Any, *, before: str = "", codes: Mapping[str, Plain] | None = None, texts: Mapping[str, Text] | None = None
) -> Event[Any]:
    """Something that happened to ``obj`` just now, with these codes and words."""
    words = {name: str(text) for name, text in (texts or {}).items()}
    return Event(name="sample", obj=obj, actor=SERVICE, at=timezone.now(), before=before, codes=codes or {}, texts=words)


def about_participation(before: str = "", texts: Mapping[str, Text] | None = None) -> Callable[[], Event[Participation]]:
    def sample() -> Event[Participation]:
        person = Person(pk=0, first_name="Awa", last_name="Diallo")
        reasons = {"refusal_reason": "other_profile", "withdrawal_reason": "not_available"}
        return event_of(
            Participation(pk=0, mission=_sample_mission(), person=person, organisation_id=0, **reasons),
            before=before,
            texts=texts,
        )

    return sample


def about_absence(texts: Mapping[str, Text] | None = None) -> Callable[[], Event[Participation]]:
    def sample() -> Event[Participation]:
        made = about_participation(texts=texts)()
        made.obj.contestable_until = timezone.now() + timedelta(days=8)
        return made

    return sample


def about_mission(
    codes: Mapping[str, Plain] | None = None, texts: Mapping[str, Text] | None = None
) -> Callable[[], Event[Mission]]:
    return lambda: event_of(_sample_mission(), codes=codes, texts=texts)


def about_turn() -> Event[Waiting]:
    now = timezone.now()
    turn = Waiting(
        pk=0,
        mission=_sample_mission(),
        person=Person(pk=0, first_name="Awa", last_name="Diallo"),
        offered_at=now,
        offer_until=now + timedelta(hours=48),
    )
    return event_of(turn)


def _sample_slot(hour: int = 9) -> Slot:
    mission = _sample_mission()
    day = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    return Slot(pk=0, mission=mission, starts_at=day.replace(hour=hour), ends_at=day.replace(hour=hour + 3))


def about_cancelled_slot() -> Event[Slot]:
    return event_of(_sample_slot(), codes={"reason": "not_enough_people"})


def about_moved_slot() -> Event[Mission]:
    before, after = _sample_slot(), _sample_slot(14)
    changes = {"slot:0": (moment_code(before), moment_code(after))}
    return Event(name="sample", obj=before.mission, actor=SERVICE, at=timezone.now(), changes=changes)


def about_changed_mission() -> Event[Mission]:
    mission = _sample_mission()
    moved = str(timezone.localdate() + timedelta(days=5))
    changes: dict[str, tuple[Plain, Plain]] = {
        "starts_on": (moved, str(mission.starts_on)),
        "ends_on": (moved, str(mission.ends_on)),
    }
    return replace(event_of(mission), changes=changes)

"""What referents do with organisations, said to those whom it concerns (R55)."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.messages.facts import R, before_and_now, mission_page
from renfort.missions.messages.readers import the_managers
from renfort.missions.messages.samples import about_changed_mission
from renfort.missions.models import Mission
from renfort.missions.selectors.changes import LABELS, Wording, both_sides
from renfort.organisations.selectors.decisions import names_of

LONGEST = 300  # characters of one side of a change; the history has the whole


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"


def who_helped(event: Event[Mission]) -> str:
    """The name of the referent, or their role when there is none."""
    return names_of([event.actor.person_id]).get(event.actor.person_id or 0, "") or _("Votre référent")


def mission_edited_with_us(event: Event[Mission], reader: Recipient) -> Mail:
    sides = both_sides(event.changes, event.texts)
    people = names_of(
        int(pk)
        for name in ("responsible_id", "deputies")
        for side in sides.get(name, ())
        for pk in str(side or "").split(",")
        if pk
    )
    wording = Wording(people=people)
    words = {"person": who_helped(event), "mission": event.obj.title}
    return Mail(
        subject=_("Votre référent a modifié votre mission : %(mission)s") % words,
        sentences=(
            _("%(person)s, référent de votre territoire, a modifié cette mission avec vous. Voici ce qui a changé.") % words,
            _("Si quelque chose ne convient pas, vous pouvez le changer vous-même."),
        ),
        facts=tuple(
            (str(label), before_and_now(_short(wording.of(name, sides[name][0])), _short(wording.of(name, sides[name][1]))))
            for name, label in LABELS.items()
            if name in sides
        ),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def _sample() -> Event[Mission]:
    made = about_changed_mission()
    return replace(made, changes={"places": ("2", "4"), **made.changes})


MISSION_EDITED_WITH_US = Message(
    "missions.mission.edited_with_us", gettext_lazy("Mission modifiée par le référent (structure)"), the_managers,
    mission_edited_with_us, R, sample=_sample,
)  # fmt: skip

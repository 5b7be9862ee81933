"""Two people change one mission: the second one chooses, field by field, and loses nothing (R14, design decision 12)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renfort.missions.forms.desk import ADDRESSES, CONTACTS, SLOTS, Desk, as_browser
from renfort.missions.models import Mission
from renfort.missions.selectors.changes import LABELS, Since, Wording
from renfort.missions.services.mission import MissionFacts, beside, standing
from renfort.people.models import Person
from renfort.territories.forms.address import FILLED

CHOICE = "choix-"  # « choix-title = theirs »
MINE, THEIRS = "mine", "theirs"
PLACE = ("address", "postcode", "city", "department_id", "point")  # one place, one choice
ON_THE_FORM = {
    "prerequisites": ("prerequisite_1", "prerequisite_2", "prerequisite_3"),
    "domain_id": ("domain",),
    "responsible_id": ("responsible",),
    "lieu": (*FILLED, "place_search", "place_before"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that a colleague has changed meanwhile, and that differs from what was typed.

    ``keeps``: what is chosen unless one says otherwise; « theirs » where nothing was typed.
    """

    name: str
    label: str | Promise
    theirs: str
    mine: str
    keeps: str

    @property
    def field(self) -> str:
        """The name of its radio buttons."""
        return f"{CHOICE}{self.name}"


def conflicts(facts: MissionFacts, mission: Mission, since: Since, wording: Wording) -> list[Conflict]:
    """What others changed since, where it differs from ``facts``, in the order of the form."""
    theirs = standing(mission)
    mine = beside(facts, theirs)
    found = []
    for name, label in LABELS.items():
        if name in PLACE or name not in since.was or mine[name] == theirs[name]:
            continue
        keeps = THEIRS if mine[name] == since.was[name] else MINE
        found.append(Conflict(name, label, wording.of(name, theirs[name]), wording.of(name, mine[name]), keeps))
    moved = [name for name in PLACE if name in since.was]
    if any(mine[name] != theirs[name] for name in moved):
        was = {name: since.was.get(name, theirs[name]) for name in PLACE}
        keeps = THEIRS if all(mine[name] == was[name] for name in PLACE) else MINE
        found.append(Conflict("lieu", _("Le lieu"), _place(theirs), _place(mine), keeps))
    return found


def _place(said: dict[str, str | None]) -> str:
    town = " ".join(filter(None, (said["postcode"], said["city"])))
    return ", ".join(filter(None, (said["address"], town))) or "–"


def chosen(data: QueryDict, mission: Mission, team: list[Person]) -> QueryDict:
    """What was sent, with the colleague's version of each field where « theirs » was chosen."""
    names = [key.removeprefix(CHOICE) for key, value in data.items() if key.startswith(CHOICE) and value == THEIRS]
    names = [name for name in names if name in LABELS or name == "lieu"]
    if not names:
        return data
    theirs, merged = as_browser(Desk.of(mission, team)), data.copy()
    for name in names:
        if name in (CONTACTS, ADDRESSES, SLOTS):
            parts = (f"{name}-", "series-") if name == SLOTS else (f"{name}-",)
            wanted = {key for key in (*merged, *theirs) if key.startswith(parts)}
        else:
            wanted = set(ON_THE_FORM.get(name, (name,)))
        for key in wanted:
            if key in theirs:
                merged.setlist(key, theirs[key])
            else:
                merged.pop(key, None)
    return merged

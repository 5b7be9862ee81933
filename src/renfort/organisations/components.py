"""Lines and badges of organisations' pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.audit.selectors import Line
from renfort.kernel.templatetags.ui import badge
from renfort.organisations.enums import MembershipState, Role
from renfort.organisations.models import NetworkMembership
from renfort.organisations.workflow import NETWORK

# what was done, told afterwards, with its icon
PAST = {
    "organisations.organisation.open": (gettext_lazy("Structure inscrite"), "plus"),
    "organisations.organisation.edit": (gettext_lazy("Structure modifiée"), "edit"),
    "organisations.organisation.identify": (gettext_lazy("Nom, SIRET ou département changé"), "edit"),
    "add": (gettext_lazy("Entrée ajoutée"), "plus"),
    "rename": (gettext_lazy("Libellé changé"), "edit"),
    "move": (gettext_lazy("Ordre changé"), "repeat"),
    "withdraw": (gettext_lazy("Entrée retirée de la liste"), "cross"),
    "restore": (gettext_lazy("Entrée remise dans la liste"), "check"),
}
FIELDS = {
    "name": gettext_lazy("nom"),
    "description": gettext_lazy("description"),
    "legal_status_id": gettext_lazy("statut juridique"),
    "type_id": gettext_lazy("type"),
    "subtype_id": gettext_lazy("sous-type"),
    "siret": gettext_lazy("SIRET"),
    "rna": gettext_lazy("numéro RNA"),
    "website": gettext_lazy("site"),
    "agreements": gettext_lazy("agréments"),
    "address": gettext_lazy("adresse"),
    "postcode": gettext_lazy("code postal"),
    "city": gettext_lazy("ville"),
    "department_id": gettext_lazy("département"),
    "latitude": gettext_lazy("position"),
    "longitude": gettext_lazy("position"),
    "label_fr": gettext_lazy("français"),
    "label_en": gettext_lazy("anglais"),
}
# before and after read well
SAID = (
    "name",
    "siret",
    "city",
    "postcode",
    "department_id",
    "rna",
    "website",
    "label_fr",
    "label_en",
)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of « Historique »."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"


def timeline_of(lines: Iterable[Line], names: dict[int, str]) -> list[TimelineLine]:
    """The history of an organisation or of an entry, in words. ``names`` are the people that the reader may know by name."""
    return [_line(line, names) for line in lines]


def _line(line: Line, names: dict[int, str]) -> TimelineLine:
    entry = line.entry
    words, icon = PAST.get(entry.verb) or PAST.get(entry.verb.rpartition(".")[2]) or (entry.verb, "check")
    parts = entry.role.split(":")
    role = str(Role(parts[1]).label) if len(parts) > 1 and parts[1] in Role.values else ""
    who = " · ".join(filter(None, (names.get(entry.actor_id or 0, ""), role)))
    return TimelineLine(what=str(words), when=entry.at, who=who, why=_changed(entry.changes), icon=icon)


def _changed(changes: dict[str, list[object]]) -> str:
    said = dict.fromkeys(_one(name, *pair) for name, pair in changes.items() if name in FIELDS)
    return ", ".join(said)


def _one(name: str, before: object, after: object) -> str:
    if name not in SAID or not (before or after):
        return str(FIELDS[name])
    change = {"field": FIELDS[name], "before": before or "–", "after": after or "–"}
    return _("%(field)s : %(before)s → %(after)s") % change


def membership_badge(membership: NetworkMembership) -> SafeString:
    """« À confirmer », « Confirmé », « Refusé »."""
    waits = "clock" if membership.state == MembershipState.CLAIMED else None
    return badge(label=MembershipState(membership.state).label, tone=NETWORK.tones[membership.state], icon=waits)

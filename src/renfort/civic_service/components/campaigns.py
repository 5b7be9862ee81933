"""How campaigns and what was done to them look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.audit.selectors import Line
from renfort.civic_service.enums import CampaignState
from renfort.civic_service.models import Campaign
from renfort.civic_service.selectors.places import CampaignPlaces
from renfort.civic_service.workflow.campaign import CAMPAIGN
from renfort.kernel.templatetags.ui import badge

PAST_WORDS = {
    "civic_service.campaign.create": gettext_lazy("Campagne créée"),
    "civic_service.campaign.change": gettext_lazy("Campagne modifiée"),
    "civic_service.campaign.set_class": gettext_lazy("Classe de places changée"),
    "civic_service.campaign.remove_class": gettext_lazy("Classe de places retirée"),
    "civic_service.campaign.open": gettext_lazy("Campagne ouverte"),
    "civic_service.campaign.close": gettext_lazy("Campagne close"),
    "civic_service.approval.create": gettext_lazy("Agrément noté"),
    "civic_service.approval.change": gettext_lazy("Agrément modifié"),
    "civic_service.federation.create": gettext_lazy("Fédération notée"),
    "civic_service.federation.route": gettext_lazy("Territoire changé"),
    "civic_service.placeoverride.set": gettext_lazy("Autre nombre de places"),
    "civic_service.placeoverride.drop": gettext_lazy("Retour au nombre de l'effectif"),
}


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line of « Historique »."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"
    changes: list[Any] = field(default_factory=list)


def past_of(lines: Iterable[Line], names: dict[int, str]) -> list[PastLine]:
    """The history of some objects in words, with names of those who did it."""
    found = []
    for line in lines:
        entry = line.entry
        words = str(PAST_WORDS.get(entry.verb, entry.verb))
        if "places" in entry.codes:
            words = f"{words} · {entry.codes['places']}"
        elif "from_pupils" in entry.codes:
            words = _("%(what)s · à partir de %(n)s élèves") % {"what": words, "n": entry.codes["from_pupils"]}
        who = names.get(entry.actor_id or 0, "") or _("automatique")
        found.append(PastLine(words, entry.at, who, " ".join(line.texts.values())))
    return found


def campaign_badge(campaign: Campaign) -> SafeString:
    return badge(label=CampaignState(campaign.state).label, tone=CAMPAIGN.tones[campaign.state])


def campaign_words(campaign: Campaign, places: CampaignPlaces, undecided: int) -> str:
    """What comes next of a campaign, in a sentence."""
    if campaign.state == CampaignState.DRAFT:
        return _("Elle se prépare : vérifiez ses dates et ses classes de places, puis ouvrez-la.")
    if campaign.state == CampaignState.CLOSED:
        return _("Elle est close : plus rien n'y change.")
    if undecided:
        return _("Des projets attendent une décision.")
    if not places.left:
        return _("Toutes les places sont accordées.")
    return _("Aucun projet n'attend de décision.")

"""An organisation's lists as they are asked for: what the pages show and what the exports write (R17, R32)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from renfort.kernel.actors import Actor
from renfort.kernel.words import has_word, typed_words
from renfort.missions.enums import ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.participation import of_words, participations_visible

S = ParticipationState


def host_missions(actor: Actor, organisation: int, said: Mapping[str, Any]) -> QuerySet[Mission]:
    """The organisation's missions that this actor may see and that ``said`` asks for, in no order.

    ``said`` is the cleaned data of ``forms.filters.MissionFilterForm``; what it does not say narrows nothing.
    """
    missions = missions_visible(actor).filter(organisation_id=organisation)
    if said.get("statut"):
        missions = missions.filter(state=said["statut"])
    for word in typed_words(said.get("q") or ""):
        missions = missions.filter(has_word("search_name", word))
    return missions


def host_participations(actor: Actor, organisation: int, said: Mapping[str, Any]) -> QuerySet[Participation]:
    """The organisation's participations that this actor may see and that ``said`` asks for, in no order.

    ``said`` is the cleaned data of ``forms.filters.ParticipationFilterForm``; what it does not say narrows nothing.
    """
    participations = participations_visible(actor).filter(organisation_id=organisation)
    state = said.get("statut")
    if state:
        # a withdrawal and a no-show read the same on the screen, so one filter finds both
        participations = participations.filter(state__in=[S.WITHDRAWN, S.NO_SHOW] if state == S.WITHDRAWN else [state])
    if said.get("mission"):
        participations = participations.filter(mission_id=said["mission"])
    return of_words(participations, typed_words(said.get("q") or ""))

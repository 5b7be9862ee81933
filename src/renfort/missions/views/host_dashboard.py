"""« Tableau de bord »: where a manager's day begins (R41)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.kernel.templatetags.ui import number
from renfort.missions.components.plot import Week, weekly_plot
from renfort.missions.enums import ParticipationState
from renfort.missions.selectors.dashboard import (
    SOON,
    MissionFigures,
    ParticipationFigures,
    mission_figures,
    participation_figures,
    weekly,
)
from renfort.missions.selectors.host_lists import LEFT, OTHERS, PLACES, PROPOSED, TO_CLOSE
from renfort.missions.views.host import enter_host
from renfort.missions.views.listing import EVERYTHING

S = ParticipationState


@login_required
@require_safe
def dashboard(request: Request, organisation: int) -> HttpResponse:
    """The figures of R41, each a link to the list that it counts; what to see to first; the last twelve weeks."""
    actor = enter_host(request, organisation)
    missions_url, participations_url = (
        reverse(f"missions:host-{kind}", args=[organisation]) for kind in ("missions", "participations")
    )
    of_missions, of_participations = mission_figures(actor, organisation), participation_figures(actor, organisation)

    def missions(**said: object) -> str:
        return f"{missions_url}?{urlencode(said)}"

    def participations(**said: object) -> str:
        return f"{participations_url}?{urlencode(said)}"

    weeks = [Week(*each) for each in weekly(actor, organisation)]
    context = {
        "organisation": organisation,
        "missions": [
            (of_missions.proposed, _("Missions"), missions(statut=PROPOSED)),
            (of_participations.places, _("Places occupées"), participations(statut=PLACES)),
            (of_missions.left, _("Places disponibles"), missions(places=LEFT)),
        ],
        "participations": [
            (of_participations.total, _("Participations"), participations(vue=EVERYTHING)),
            (of_participations.pending, _("En attente de mission"), participations(statut=S.PENDING)),
            (of_participations.accepted, _("À venir"), participations(statut=S.ACCEPTED)),
            (of_participations.ongoing, _("En cours de mission"), participations(statut=S.ONGOING)),
            (of_participations.done, _("Mission effectuée"), participations(statut=S.DONE)),
            (of_participations.others, _("Autres"), participations(statut=OTHERS)),
        ],
        "first": _first(of_missions, of_participations, missions, participations),
        "weeks": weeks,
        "plot": weekly_plot(weeks),
        "is_new": not of_missions.proposed and not of_participations.total,
        "missions_url": missions_url,
    }
    return render(request, "missions/host/dashboard.html", context)


def _first(figures: MissionFigures, waiting: ParticipationFigures, missions: Any, participations: Any) -> list[dict[str, Any]]:
    """« À traiter d'abord »: the most pressing first; nothing that counts nobody."""
    two, seven = waiting.two_days, waiting.seven_days
    lines = [
        (seven, "danger", "clock", participations(statut=S.PENDING, attente=7, tri="cree"), ngettext(
            "%(n)s proposition attend votre réponse depuis plus de 7 jours",
            "%(n)s propositions attendent votre réponse depuis plus de 7 jours", seven)),
        (two, "warning", "clock", participations(statut=S.PENDING, attente=2, tri="cree"), ngettext(
            "%(n)s proposition attend votre réponse depuis plus de 2 jours",
            "%(n)s propositions attendent votre réponse depuis plus de 2 jours", two)),
        (figures.short, "warning", "people", missions(debut=SOON, places=LEFT), ngettext(
            "%(n)s mission commence dans les 7 jours et manque de bénévoles",
            "%(n)s missions commencent dans les 7 jours et manquent de bénévoles", figures.short)),
        (figures.to_close, "info", "check-circle", missions(statut=TO_CLOSE), ngettext(
            "%(n)s mission est finie et reste à clôturer",
            "%(n)s missions sont finies et restent à clôturer", figures.to_close)),
    ]  # fmt: skip
    return [
        {"tone": tone, "icon": icon, "url": url, "words": words % {"n": number(count)}}
        for count, tone, icon, url, words in lines
        if count
    ]

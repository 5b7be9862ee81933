"""Absences that somebody contested, for the operator who is asked to look into one (R33, R52)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.missions.components import participation_badge, timeline_of
from renfort.missions.selectors.absences import contested_absences
from renfort.missions.views.operator import enter_operator
from renfort.missions.workflow import PARTICIPATION

TOLD = ("missions.participation.miss", "missions.participation.contest", "missions.participation.keep_absence")


@login_required
@require_safe
def contested(request: Request) -> HttpResponse:
    """Who said what: the organisation's report, the person's words, the answer. Read only."""
    actor = enter_operator(request)
    page = page_of(request, contested_absences(actor))
    found = list(page.object_list)
    lines = [line for line in history("missions.participation", [each.pk for each in found], most=200) if line.entry.verb in TOLD]
    rows = [
        (
            each,
            participation_badge(each, for_host=True),
            timeline_of([line for line in lines if line.entry.object_id == each.pk], PARTICIPATION, {}),
        )
        for each in found
    ]
    return render(request, "missions/operator/absences.html", {"page": page, "rows": rows})

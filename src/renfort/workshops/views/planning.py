"""What stands behind each figure of an assignment, and its sessions month by month, on a map and in a list (W2)."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.people.selectors import today
from renfort.workshops.components import enrolment_badge, session_badge
from renfort.workshops.components.plan import sessions_map
from renfort.workshops.enums import Kind, Seat, Standing
from renfort.workshops.models import Session
from renfort.workshops.selectors.sessions import counted_services, sessions_of
from renfort.workshops.views.menus import enter_assignment

FIRST_YEAR, LAST_YEAR, DECEMBER = 2000, 2100, 12


@login_required
@require_safe
def services(request: Request, pk: int) -> HttpResponse:
    """The rows of one figure: « avec animateur·ice » or « fait », of one kind or of all."""
    _actor, found = enter_assignment(request, pk)
    kind, done = request.GET.get("type", ""), request.GET.get("voir") == "faits"
    page = page_of(request, counted_services(found, kind=kind, done=done))
    rows = [
        (each, enrolment_badge(each), Seat(each.seat).label, Standing(each.standing).label, Kind(each.session.kind).label)
        for each in page.object_list
    ]
    context = {
        "assignment": found, "page": page, "rows": rows, "kind": Kind(kind).label if kind in Kind.values else "",
        "title": _("Services effectués") if done else _("Services avec animateur·ice"),
    }  # fmt: skip
    return render(request, "workshops/coordination/services.html", context)


def _month(said: str) -> date:
    """The first day of a month written « 2027-03 »; of this month otherwise."""
    year, _dash, month = said.partition("-")
    are_numbers = all(each.isascii() and each.isdigit() for each in (year, month)) and len(said) <= len("2027-03")
    if are_numbers and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= DECEMBER:
        return date(int(year), int(month), 1)
    return today().replace(day=1)


def _moved(month: date, by: int) -> str:
    number = month.year * 12 + month.month - 1 + by
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@login_required
@require_safe
def month(request: Request, pk: int) -> HttpResponse:
    """« Agenda et carte »: a month of sessions, each on its day and in a list; where they take place."""
    _actor, found = enter_assignment(request, pk)
    sessions = sessions_of(found)
    said = request.GET.get("mois", "")
    coming = next((each for each in sessions if not each.is_over), None)
    shown = _month(said) if said else (coming.local_start.date().replace(day=1) if coming else _month(""))
    days: dict[date, list[Session]] = defaultdict(list)
    for each in sessions:
        days[each.local_start.date()].append(each)
    weeks = [
        [(day, days.get(day, []) if day.month == shown.month else [], day.month == shown.month, day == today()) for day in week]
        for week in Calendar().monthdatescalendar(shown.year, shown.month)
    ]
    here = [each for each in sessions if each.local_start.date().replace(day=1) == shown]
    context = {
        "assignment": found, "weeks": weeks, "title": date_format(shown, "F Y"), "before": _moved(shown, -1),
        "after": _moved(shown, 1), "full_names": [date_format(day, "l") for day in Calendar().monthdatescalendar(2024, 1)[0]],
        "rows": [(each, session_badge(each)) for each in here], "map": sessions_map(sessions),
    }  # fmt: skip
    return render(request, "workshops/coordination/month.html", context)

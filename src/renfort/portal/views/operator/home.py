"""The operator's home: what waits, where, and every tool one click away (R58)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.portal.components import operator_tools, waiting_stats
from renfort.portal.selectors import operator_waiting
from renfort.portal.views.operator import enter_operator


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    """What waits for the operator, the backlog by department, the tools. At most twelve queries, whatever the backlog."""
    enter_operator(request)
    waits = operator_waiting()
    context = {"stats": waiting_stats(waits), "backlog": waits.backlog, "tools": operator_tools()}
    return render(request, "portal/operator/home.html", context)

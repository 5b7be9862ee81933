"""What the server does by itself: how each task ended, what went wrong last, once more (R58)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.jobs.selectors import chores
from renfort.kernel.clock import ring_now
from renfort.kernel.http import Request
from renfort.portal.views.operator import enter_operator


@login_required
@require_safe
def jobs(request: Request) -> HttpResponse:
    """Every task that ran within a week, those that failed first."""
    enter_operator(request)
    rows = sorted(chores(), key=lambda each: (not each.failed, each.name))
    return render(request, "portal/operator/jobs.html", {"rows": rows})


@login_required
@require_POST
def job_again(request: Request, name: str) -> HttpResponse:
    """Run a task once more, as soon as a worker is free. Each is safe to run at any time."""
    enter_operator(request)
    try:
        ring_now(name)
    except LookupError:
        raise Http404 from None
    messages.success(request, _("La tâche part dans quelques secondes."))
    return redirect("portal:operator-jobs")

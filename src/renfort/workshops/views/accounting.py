"""« Exports comptables »: the lists of a period, and the file of entries (W11)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.views import export_page
from renfort.kernel.events import publish
from renfort.kernel.http import Request
from renfort.people.models import Person
from renfort.people.selectors import today
from renfort.workshops.forms.money import PeriodForm
from renfort.workshops.selectors.accounting import fec
from renfort.workshops.views.menus import enter_staff

# the lists and their files, which ``workshops.exporters`` declares
KINDS = {"retributions": "fees", "factures-animation": "bills", "factures-clients": "invoices", "paiements": "payments"}


@login_required
@require_safe
def accounting(request: Request) -> HttpResponse:
    """Choose a period, then a file."""
    enter_staff(request)
    day = today()
    form = PeriodForm(request.GET if "du" in request.GET else {"du": day.replace(month=1, day=1), "au": day})
    is_valid = form.is_valid()
    query = f"du={form.cleaned_data['du'].isoformat()}&au={form.cleaned_data['au'].isoformat()}" if is_valid else ""
    words = {
        "retributions": _("Rétributions"), "factures-animation": _("Factures des animateur·ices"),
        "factures-clients": _("Factures aux clients"), "paiements": _("Paiements"),
    }  # fmt: skip
    files = [(words[key], reverse("workshops:accounting-export", args=[key])) for key in KINDS] if is_valid else []
    context = {"form": form, "files": files, "query": query, "entries": reverse("workshops:accounting-entries")}
    return render(request, "workshops/money/accounting.html", context, status=200 if is_valid else 422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request, key: str) -> HttpResponse:
    """« Exporter » one of the lists of a period."""
    actor = enter_staff(request)
    if key not in KINDS:
        raise Http404
    back = reverse("workshops:accounting")
    return export_page(request, kind=f"workshops.money_{KINDS[key]}", actor=actor, organisation=None, back=back)


@login_required
@require_safe
def entries(request: Request) -> HttpResponse:
    """The file of entries of a period; that it was taken stands in the history."""
    actor = enter_staff(request)
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "workshops/money/accounting.html", {"form": form}, status=422)
    first, last = form.cleaned_data["du"], form.cleaned_data["au"]
    content = "".join(fec(first, last)).encode("utf-8")
    with transaction.atomic():
        person = Person.objects.get(pk=actor.person_id or 0)
        codes = {"from": first.isoformat(), "until": last.isoformat(), "lines": content.count(b"\n") - 1}
        publish("workshops.accounting.export", person, actor=actor, codes=codes)
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="ecritures-{first:%Y%m%d}-{last:%Y%m%d}.txt"'
    response.headers["Cache-Control"] = "private, no-store"
    return response

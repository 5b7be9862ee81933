"""One organisation as who validates it reads it: what the checks say, what the public directory says (R53)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.organisations.checks import findings_of
from renfort.organisations.models import Found, LookUp, Organisation, OrganisationFinding
from renfort.organisations.selectors.checks import organisations_overseen
from renfort.organisations.services.checks import say_false
from renfort.organisations.services.directory import ask_again, directory_is_on
from renfort.organisations.views.territory import enter_overseer

JUDGED = {"fausse-alerte": True, "a-regarder": False}  # what the words in the address say


def back_of(request: Request, otherwise: str) -> str:
    """The page that the form stood on, when it is one of ours."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else otherwise


def say_counted(request: Request, finding: Found, *, counted: bool, false: bool) -> None:
    """Tell what became of a click; a second one is thanked like the first, and counts nothing."""
    if finding.gone_at is not None:
        messages.info(request, _("Le texte a changé entre-temps : ce point n'est plus à regarder."))
    elif false:
        messages.success(request, _("Merci : cette fausse alerte est comptée, et ne sera plus montrée pour ce texte."))
    elif counted:
        messages.success(request, _("Ce point est de nouveau à regarder."))


def _organisation_or_404(actor: Actor, pk: int) -> Organisation:
    found = organisations_overseen(actor).filter(pk=pk).select_related("department", "legal_status").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def organisation_checks(request: Request, pk: int) -> HttpResponse:
    """What it says of itself, what the directory says, and what to look at."""
    actor = enter_overseer(request)
    organisation = _organisation_or_404(actor, pk)
    context = {
        "organisation": organisation,
        "findings": findings_of(organisation),
        "look_up": LookUp.objects.filter(organisation=organisation).first(),
        "directory_is_on": directory_is_on(),
        "has_number": bool(organisation.siret or organisation.rna),
    }
    return render(request, "organisations/operator/checks.html", context)


@login_required
@require_POST
def look_up(request: Request, pk: int) -> HttpResponse:
    """« Interroger l'annuaire »: the worker asks; the page does not wait."""
    actor = enter_overseer(request)
    organisation = _organisation_or_404(actor, pk)
    try:
        ask_again(organisation, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("La question est partie. La réponse apparaîtra ici dans un instant."))
    return redirect("organisations:checks", pk)


@login_required
@require_POST
def finding_act(request: Request, pk: int, verb: str) -> HttpResponse:
    """« Fausse alerte » about an organisation, and « Remettre à regarder »."""
    actor = enter_overseer(request)
    if verb not in JUDGED:
        raise Http404
    rows = OrganisationFinding.objects.filter(pk=pk, organisation__in=organisations_overseen(actor))
    finding = rows.select_related("organisation", "made_by").first()
    if finding is None:
        raise Http404
    counted = say_false(finding, actor=actor, false=JUDGED[verb])
    say_counted(request, finding, counted=counted, false=JUDGED[verb])
    return redirect(back_of(request, reverse("organisations:checks", args=[finding.organisation_id])))

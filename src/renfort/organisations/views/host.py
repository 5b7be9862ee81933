"""« Ma structure », for the organisation's managers (R9)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renfort.audit.selectors import history_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.views import act, seen_of
from renfort.organisations.checks import findings_of
from renfort.organisations.components import membership_badge, organisation_badge, timeline_of, turns_of
from renfort.organisations.enums import GIVEN_UP, OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.forms.logo import LogoForm
from renfort.organisations.forms.place import OwnForm
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import (
    ever_members_of,
    memberships_of,
    organisation_managed,
)
from renfort.organisations.selectors.decisions import asked_in, exchange_of
from renfort.organisations.selectors.merges import whole_history
from renfort.organisations.services import edit_organisation, facts_of
from renfort.organisations.workflow import COMMENTED, ORGANISATION
from renfort.territories.forms import initial_place

UNPROCESSABLE, CONFLICT = 422, 409


def enter_host(request: Request, organisation: int) -> Actor:
    """Open a page as « responsable » of the organisation of the path; 404 when one is not."""
    return enter(request, Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, organisation)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request, organisation: int) -> HttpResponse:
    """« Ma structure »: all that the onboarding asked, to be changed at any time, with its history."""
    actor = enter_host(request, organisation)
    found = organisation_managed(actor, organisation)
    if found is None:
        raise Http404
    said = request.POST if request.method == "POST" else None
    claims = list(memberships_of(found))
    form = OwnForm(said, initial={**_about_of(found, claims), **initial_place(found)})
    if form.is_searching:  # « Chercher cette adresse », where there is no script
        form.search_place()
        return _own_page(request, found, form, claims, searching=True)
    if said is None or not form.is_valid():
        return _own_page(request, found, form, claims)
    try:
        edit_organisation(actor=actor, organisation=found, facts=facts_of(form.about(), form.facts()), seen=seen_of(request))
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return _own_page(request, found, form, claims, status=CONFLICT)
    messages.success(request, _("Vos modifications sont enregistrées."))
    return redirect("organisations:own", organisation)


def show_own(request: Request, found: Organisation, *, logo_form: LogoForm) -> HttpResponse:
    """The page as it is, with the logo's form as it was sent."""
    claims = list(memberships_of(found))
    form = OwnForm(None, initial={**_about_of(found, claims), **initial_place(found)})
    return _own_page(request, found, form, claims, status=UNPROCESSABLE, logo_form=logo_form)


def _about_of(found: Organisation, claims: list[Any]) -> dict[str, Any]:
    held = [each.network.key for each in claims if each.state not in GIVEN_UP]
    return {
        "name": found.name,
        "legal_status": found.legal_status.key,
        "type": found.type.key if found.type else "",
        "subtype": found.subtype.key if found.subtype else "",
        "description": found.description,
        "siret": found.siret,
        "rna": found.rna,
        "website": found.website,
        "agreements": [each.key for each in found.agreements.all()],
        "networks": held,
    }


def _own_page(
    request: Request,
    found: Organisation,
    form: OwnForm,
    claims: list[Any],
    *,
    searching: bool = False,
    status: int = 200,
    logo_form: LogoForm | None = None,
) -> HttpResponse:
    team = {grant.person_id: grant.person.full_name for grant in ever_members_of(found.pk)}
    lines = history_of(found)
    asked = asked_in(lines) if found.state == OrganisationState.TO_CORRECT else None
    for name, words in (asked.comments if asked else {}).items():
        if (field := form.fields.get("place_search" if name == "address" else name)) is not None:
            field.remark = words  # type: ignore[attr-defined]  # read by the field's template
    if form.is_bound and not searching and status != CONFLICT:
        status = UNPROCESSABLE
    context = {
        "organisation": found,
        "public_url": f"/structures/{found.pk}-structure/",  # missions stand above: their address is written, and finds its way
        "form": form,
        "logo_form": logo_form or LogoForm(),
        # a page that comes back for another reason keeps the version it showed: its answer may still be too late
        "seen": found.version if status == CONFLICT or not form.is_bound else seen_of(request) or "",
        "networks": [(each.network.label, membership_badge(each)) for each in claims],
        "timeline": timeline_of(whole_history(found, lines), team),
        "state": found.state,
        "state_badge": organisation_badge(found),
        "turns": turns_of(exchange_of(lines), team, COMMENTED),
        "advice": [] if form.is_bound else [each for each in findings_of(found) if each.advice and not each.is_false],
    }
    return render(request, "organisations/host/own.html", context, status=status)


@login_required
def resubmit(request: Request, organisation: int) -> HttpResponse:
    """« Proposer à nouveau », with an answer to who asked for the correction (R52)."""
    actor = enter_host(request, organisation)
    found = organisation_managed(actor, organisation)
    back = reverse("organisations:own", args=[organisation])
    title = found.name if found else ""
    return act(request, ORGANISATION, found, ORGANISATION["resubmit"].path, actor=actor, title=title, back=back)

"""Missions made from others: « Dupliquer », « Enregistrer comme modèle », the organisation's templates (R15, R66)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.catalogue import MISSION as MISSION_LIMIT
from renfort.jobs.middleware import refused, too_many
from renfort.jobs.services import once
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.missions.forms.template import TemplateNameForm
from renfort.missions.models import MissionTemplate
from renfort.missions.selectors.templates import templates_of
from renfort.missions.services.mission import duplicate_mission
from renfort.missions.services.templates import rename_template, save_as_template, withdraw_template
from renfort.missions.views.host import enter_host, mission_or_404

UNPROCESSABLE, CONFLICT = 422, 409


@login_required
@require_POST
def duplicate(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Dupliquer » (R15): a new draft, opened in its form. Sent twice, one draft."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    if (refusal := refused(request, MISSION_LIMIT)) is not None:
        return too_many(request, refusal)

    def make() -> str:
        copy = duplicate_mission(actor=actor, mission=mission)
        return reverse("missions:host-mission-edit", args=[organisation, copy.pk])

    address = once(_token_of(request), owner=str(request.user.pk), make=make)
    sentence = _("Voici une copie de « %(title)s », en brouillon, sans ses bénévoles. Vérifiez les dates, puis proposez-la.")
    messages.success(request, sentence % {"title": mission.title})
    return redirect(address)


def _token_of(request: Request) -> UUID:
    """The token of a form that is one button; a form without one still works, and is only not protected against doubles."""
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError:
        return uuid4()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save_template(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Enregistrer comme modèle »: under which name."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    form: Any = TemplateNameForm(request.POST if request.method == "POST" else None, initial={"name": mission.title})
    status = 200
    if form.is_bound:
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                address = once(
                    form.cleaned_data["form_token"], owner=str(request.user.pk), make=lambda: _made(form, actor, mission)
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = CONFLICT
            else:
                messages.success(request, _("Modèle enregistré. Il est proposé en haut du formulaire d'une nouvelle mission."))
                return redirect(address)
    context = {"organisation": organisation, "mission": mission, "form": form}
    return render(request, "missions/host/template_new.html", context, status=status)


def _made(form: forms.Form, actor: Any, mission: Any) -> str:
    save_as_template(actor=actor, mission=mission, name=form.cleaned_data["name"])
    return reverse("missions:host-templates", args=[mission.organisation_id])


@login_required
@require_safe
def templates(request: Request, organisation: int) -> HttpResponse:
    """« Modèles »: those of the organisation, to start from, rename or delete."""
    enter_host(request, organisation)
    return _templates_page(request, organisation)


def _templates_page(request: Request, organisation: int, wrong: TemplateNameForm | None = None, pk: int = 0) -> HttpResponse:
    rows = [
        (each, wrong if wrong and each.pk == pk else TemplateNameForm(initial={"name": each.name_fr}, prefix=f"m{each.pk}"))
        for each in templates_of(organisation)
    ]
    context = {"organisation": organisation, "rows": rows}
    return render(request, "missions/host/template_list.html", context, status=UNPROCESSABLE if wrong else 200)


@login_required
@require_POST
def template_act(request: Request, organisation: int, pk: int, verb: str) -> HttpResponse:
    """Rename one of the organisation's templates, or delete it."""
    actor = enter_host(request, organisation)
    template: MissionTemplate | None = templates_of(organisation).filter(pk=pk).first()
    if template is None:
        raise Http404
    if verb == "supprimer":
        withdraw_template(template, actor=actor)
        messages.success(request, _("« %(name)s » n'est plus proposé.") % {"name": template.name_fr})
    elif verb == "renommer":
        form = TemplateNameForm(request.POST, prefix=f"m{pk}")
        if not form.is_valid():
            return _templates_page(request, organisation, form, pk)
        rename_template(template, actor=actor, name=form.cleaned_data["name"])
        messages.success(request, _("Vos modifications sont enregistrées."))
    else:
        raise Http404
    return redirect("missions:host-templates", organisation)

"""Missions to start from, per domain and per network: the operator writes them (R66)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.missions.forms.template import SharedTemplateForm, initial_of_shared
from renfort.missions.models import MissionTemplate
from renfort.missions.selectors.templates import shared_templates
from renfort.missions.services.templates import offer_template, write_shared_template
from renfort.missions.views.operator import enter_operator

UNPROCESSABLE = 422


@login_required
@require_safe
def template_list(request: Request) -> HttpResponse:
    """« Modèles de mission »."""
    enter_operator(request)
    return render(request, "missions/operator/template_list.html", {"templates": list(shared_templates())})


def _template_or_404(pk: int) -> MissionTemplate:
    found: MissionTemplate | None = shared_templates().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: Request) -> HttpResponse:
    """« + Nouveau modèle »."""
    actor = enter_operator(request)
    form = SharedTemplateForm(
        request.POST if request.method == "POST" else None, initial={"presence": "on_site", "format": "one_off"}
    )
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            _write(MissionTemplate(), form, actor)
            return reverse("missions:operator-templates")

        return _written(request, once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make))
    context = {"form": form, "template": None}
    return render(request, "missions/operator/template_form.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: Request, pk: int) -> HttpResponse:
    """The words of one template; missions made from it stay as they are."""
    actor = enter_operator(request)
    template = _template_or_404(pk)
    form = SharedTemplateForm(request.POST if request.method == "POST" else None, initial=initial_of_shared(template))
    if request.method == "POST" and form.is_valid():
        _write(template, form, actor)
        return _written(request, reverse("missions:operator-templates"))
    context = {"form": form, "template": template}
    return render(request, "missions/operator/template_form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _write(template: MissionTemplate, form: SharedTemplateForm, actor: Actor) -> None:
    write_shared_template(template, actor=actor, facts=form.facts(), publics=list(form.cleaned_data["publics"]))


def _written(request: Request, address: str) -> HttpResponse:
    messages.success(request, _("Le modèle est enregistré."))
    return redirect(address)


@login_required
@require_POST
def template_act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Withdraw a template from the choice, or put it back."""
    actor = enter_operator(request)
    template = _template_or_404(pk)
    if verb not in ("retirer", "remettre"):
        raise Http404
    offer_template(template, actor=actor, offered=verb == "remettre")
    return redirect("missions:operator-templates")

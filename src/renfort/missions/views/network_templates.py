"""Missions to start from, of a national network: its head writes them, its confirmed organisations find them (R66, R56)."""

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
from renfort.missions.forms.template import NetworkTemplateForm, initial_of_shared
from renfort.missions.models import MissionTemplate
from renfort.missions.selectors.templates import network_templates
from renfort.missions.services.templates import offer_template, write_network_template
from renfort.organisations.views.network import enter_network

UNPROCESSABLE = 422


def _address(network: int) -> str:
    return reverse("missions:network-templates", args=[network])


@login_required
@require_safe
def template_list(request: Request, network: int) -> HttpResponse:
    """« Modèles de mission » of the network."""
    enter_network(request, network)
    context = {"network": network, "templates": list(network_templates(network))}
    return render(request, "missions/network/template_list.html", context)


def _template_or_404(network: int, pk: int) -> MissionTemplate:
    found: MissionTemplate | None = network_templates(network).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: Request, network: int) -> HttpResponse:
    """« Nouveau modèle »."""
    actor = enter_network(request, network)
    start = {"presence": "on_site", "format": "one_off"}
    form = NetworkTemplateForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            _write(MissionTemplate(), form, actor, network)
            return _address(network)

        return _written(request, once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make))
    return _page(request, network, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: Request, network: int, pk: int) -> HttpResponse:
    """The words of one template; missions made from it stay as they are."""
    actor = enter_network(request, network)
    template = _template_or_404(network, pk)
    form = NetworkTemplateForm(request.POST if request.method == "POST" else None, initial=initial_of_shared(template))
    if request.method == "POST" and form.is_valid():
        _write(template, form, actor, network)
        return _written(request, _address(network))
    return _page(request, network, form, template)


def _page(request: Request, network: int, form: NetworkTemplateForm, template: MissionTemplate | None) -> HttpResponse:
    context = {"form": form, "template": template, "list_url": _address(network)}
    return render(request, "missions/network/template_form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _write(template: MissionTemplate, form: NetworkTemplateForm, actor: Actor, network: int) -> None:
    write_network_template(template, actor=actor, network=network, facts=form.facts(), publics=list(form.cleaned_data["publics"]))


def _written(request: Request, address: str) -> HttpResponse:
    messages.success(request, _("Le modèle est enregistré."))
    return redirect(address)


@login_required
@require_POST
def template_act(request: Request, network: int, pk: int, verb: str) -> HttpResponse:
    """Withdraw a template from the choice, or put it back."""
    actor = enter_network(request, network)
    template = _template_or_404(network, pk)
    if verb not in ("retirer", "remettre"):
        raise Http404
    offer_template(template, actor=actor, offered=verb == "remettre")
    return redirect(_address(network))

"""One client with its contacts, and the public directory, for the association (W11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import seen_of
from renfort.workshops.components import assignment_badge, progress_gauge
from renfort.workshops.enums import Audience
from renfort.workshops.forms.clients import AudienceForm, ContactForm, LookUpForm
from renfort.workshops.models import Client, ClientContact
from renfort.workshops.selectors.assignment import assignments_visible
from renfort.workshops.selectors.clients import clients_visible, contacts_visible
from renfort.workshops.selectors.sessions import progress_of
from renfort.workshops.services.clients import (
    add_contact,
    change_client,
    change_contact,
    end_access,
    invite_contact,
    look_up,
    remove_contact,
)
from renfort.workshops.views.menus import enter_staff

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
NEWEST = 50  # orders shown on a client's page


def _client_or_404(actor: Actor, pk: int) -> Client:
    found = clients_visible(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _contact_or_404(actor: Actor, pk: int, contact: int) -> ClientContact:
    found = contacts_visible(actor).filter(client_id=pk, pk=contact).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def client(request: Request, pk: int) -> HttpResponse:
    """One client: its contacts, its orders, the audience of the next ones."""
    actor = enter_staff(request)
    found = _client_or_404(actor, pk)
    form, status = AudienceForm.of(found), 200
    if request.method == "POST":
        form, status = AudienceForm.of(found, request.POST), UNPROCESSABLE
        if form.is_valid():
            change_client(actor=actor, client=found, audience=form.cleaned_data["audience"])
            messages.success(request, _("Modifications enregistrées."))
            return redirect("workshops:client", pk)
    return _client(request, actor, found, form, status)


def _client(request: Request, actor: Actor, found: Client, form: Any, status: int) -> HttpResponse:
    orders = list(assignments_visible(actor).filter(order__client=found).order_by("-id")[:NEWEST])
    progress = progress_of(orders)
    context = {
        "client": found,
        "audience": Audience(found.audience).label,
        "contacts": list(found.contacts.all()),
        "orders": [(each, assignment_badge(each), progress_gauge(progress[each.pk])) for each in orders],
        "form": form,
    }
    return render(request, "workshops/clients/client.html", context, status=status)


@login_required
@require_safe
def look_up_client(request: Request) -> HttpResponse:
    """« Chercher dans l'annuaire »: what it knows fills the form of a new client; nothing is written."""
    enter_staff(request)
    form = LookUpForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "back": reverse("workshops:clients")}
    status = 200
    if request.GET:
        if not form.is_valid():
            status = UNPROCESSABLE
        else:
            try:
                context["found"], context["asked"] = look_up(form.cleaned_data["siret"]), form.cleaned_data["siret"]
            except Refused as refused:
                context["refusals"], status = refused.sentences, CONFLICT
    return render(request, "workshops/clients/look_up.html", context, status=status)


@login_required
@require_http_methods(READ)
def contact_new(request: Request, pk: int) -> HttpResponse:
    """« Ajouter un contact »."""
    actor = enter_staff(request)
    found = _client_or_404(actor, pk)
    form, status = ContactForm(), 200
    if request.method == "POST":
        form, status = ContactForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(
                        form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: reverse(
                            "workshops:client", args=[add_contact(actor=actor, client=found, facts=form.facts()).client_id]
                        ),
                    )
                )  # fmt: skip
            except Refused as refused:
                status = _say(form, refused)
    return _contact_form(request, found, form, _("Ajouter un contact"), status)


@login_required
@require_http_methods(READ)
def contact_edit(request: Request, pk: int, contact: int) -> HttpResponse:
    """« Modifier » a contact."""
    actor = enter_staff(request)
    one = _contact_or_404(actor, pk, contact)
    form, status = ContactForm.of(one), 200
    if request.method == "POST":
        form, status = ContactForm.of(one, request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                change_contact(actor=actor, contact=one, facts=form.facts(), seen=seen_of(request))
            except Refused as refused:
                status = _say(form, refused)
            else:
                messages.success(request, _("Modifications enregistrées."))
                return redirect("workshops:client", pk)
    return _contact_form(request, one.client, form, _("Modifier le contact"), status, seen=one.version)


def _contact_form(request: Request, client: Client, form: Any, title: str, status: int, *, seen: int = 0) -> HttpResponse:
    context = {
        "form": form, "title": title, "button": _("Enregistrer"), "lead": client.organisation.name, "seen": seen,
        "back": reverse("workshops:client", args=[client.pk]),
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


def _say(form: Any, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


@login_required
@require_POST
def contact_act(request: Request, pk: int, contact: int, path: str) -> HttpResponse:
    """« Inviter à suivre les commandes », « Retirer l'accès », « Supprimer »."""
    actor = enter_staff(request)
    found, one = _client_or_404(actor, pk), _contact_or_404(actor, pk, contact)
    deeds: dict[str, tuple[Any, str]] = {
        "inviter": (invite_contact, _("L'invitation part à %(name)s.")),
        "retirer-acces": (end_access, _("%(name)s ne suit plus les commandes.")),
        "supprimer": (remove_contact, _("%(name)s n'est plus parmi les contacts.")),
    }
    if path not in deeds:
        raise Http404
    deed, said = deeds[path]
    try:
        deed(actor=actor, contact=one)
    except Refused as refused:
        messages.error(request, str(refused))
        return _client(request, actor, found, AudienceForm.of(found), CONFLICT)
    messages.success(request, said % {"name": one.name})
    return redirect("workshops:client", pk)

"""Campaigns, approvals, amounts, and the places of each establishment (S3, S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.selectors import history_of
from renfort.civic_service.components.campaigns import campaign_badge, campaign_words, past_of
from renfort.civic_service.enums import UNDECIDED, CampaignState, Domain, FigureKind, ProjectState
from renfort.civic_service.forms.campaigns import ApprovalForm, CampaignForm, ClassForm, FigureForm, PlacesForm
from renfort.civic_service.models import Campaign, Establishment
from renfort.civic_service.rules.places import has_a_part_in
from renfort.civic_service.selectors.campaigns import approvals_ending, approvals_visible, campaigns_visible
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.figures import figures_visible
from renfort.civic_service.selectors.places import left_of_campaign, places_of, places_of_many
from renfort.civic_service.services.campaigns import (
    change_campaign,
    create_campaign,
    remove_class,
    save_approval,
    set_class,
)
from renfort.civic_service.services.figures import add_figure
from renfort.civic_service.services.places import drop_override, set_override
from renfort.civic_service.views.menus import enter_establishment, enter_manager
from renfort.civic_service.workflow import CAMPAIGN
from renfort.jobs.services import once
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.money import euros
from renfort.kernel.pages import page_of
from renfort.kernel.views import act, seen_of
from renfort.people.selectors import names_of, today

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
LONGEST = 100  # characters of a search


def say(form: Any, refused: Refused) -> int:
    """Write why not on the form; returns the status of the answer."""
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


def history(obj: Any) -> list[Any]:
    """The timeline of an object, with the names of who acted."""
    lines = history_of(obj)
    return past_of(lines, names_of({line.entry.actor_id for line in lines if line.entry.actor_id}))


def _campaign_or_404(actor: Actor, pk: int) -> Campaign:
    found = campaigns_visible(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# ── campaigns ─────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def campaigns(request: Request, federation: int | None = None) -> HttpResponse:
    """« Campagnes »: all of them for the national case managers, those that were opened for a territory."""
    actor = enter_manager(request, federation)
    page = page_of(request, campaigns_visible(actor))
    context = {
        "page": page,
        "rows": [(each, campaign_badge(each), _campaign_url(federation, each.pk)) for each in page.object_list],
        "is_national": federation is None,
        "ending": approvals_ending(today()) if federation is None else [],
        "has_approval": approvals_visible(actor).exists(),
    }
    return render(request, "civic_service/campaigns/list.html", context)


def _campaign_url(federation: int | None, pk: int | None = None) -> str:
    """A campaign's page, the list without a number; for a territory or for the whole country."""
    name = "campaigns" if pk is None else "campaign"
    scope = [] if federation is None else [federation]
    return reverse(f"civic_service:{'manager-' if scope else ''}{name}", args=[*scope, *([] if pk is None else [pk])])


@login_required
@require_http_methods(READ)
def campaign_new(request: Request) -> HttpResponse:
    """« Nouvelle campagne »; its classes are on its page."""
    actor = enter_manager(request)
    form, status = CampaignForm(initial={"approval": approvals_visible(actor).first()}), 200
    if request.method == "POST":
        form, status = CampaignForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(
                        form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: _campaign_url(None, create_campaign(actor=actor, facts=form.facts()).pk),
                    )
                )  # fmt: skip
            except Refused as refused:
                status = say(form, refused)
    context = {
        "form": form, "title": _("Nouvelle campagne"), "button": _("Créer la campagne"),
        "lead": _("Rien n'est visible des établissements avant son ouverture."), "back": reverse("civic_service:campaigns"),
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


@login_required
@require_safe
def campaign(request: Request, pk: int, federation: int | None = None) -> HttpResponse:
    """One campaign: its dates, its places, what comes next."""
    actor = enter_manager(request, federation)
    return _campaign(request, actor, _campaign_or_404(actor, pk), ClassForm(), federation=federation)


def _campaign(
    request: Request, actor: Actor, found: Campaign, form: ClassForm, *, federation: int | None = None, status: int = 200
) -> HttpResponse:
    places = left_of_campaign(found)
    counts = dict.fromkeys(ProjectState, 0)
    for state in found.projects.order_by().values_list("state", flat=True):
        counts[ProjectState(state)] += 1
    undecided = sum(counts[state] for state in UNDECIDED)
    is_national = federation is None
    context = {
        "campaign": found,
        "approval": found.approval,
        "state_badge": campaign_badge(found),
        "places": places,
        "classes": list(found.place_classes.all()),
        "counts": [(state.label, n) for state, n in counts.items() if n and state != ProjectState.DRAFT],
        "undecided": undecided,
        "to_correct": counts[ProjectState.CHANGES_REQUESTED],
        "next_step": campaign_words(found, places, undecided),
        "is_national": is_national,
        "federation": federation,
        "can_edit": is_national and found.state != CampaignState.CLOSED,
        "class_form": form,
        "list_url": _campaign_url(federation),
        "places_url": places_url(federation, found.pk),
        "actions": actions_of(
            CAMPAIGN, found, actor, lambda path: reverse("civic_service:campaign-act", args=[found.pk, path])
        ) if is_national else [],
        "timeline": history(found) if is_national else [],
    }  # fmt: skip
    return render(request, "civic_service/campaigns/campaign.html", context, status=status)


@login_required
@require_http_methods(READ)
def campaign_edit(request: Request, pk: int) -> HttpResponse:
    """« Modifier la campagne »; once it is open, only what takes nothing back."""
    actor = enter_manager(request)
    found = _campaign_or_404(actor, pk)
    form, status = CampaignForm.of(found), 200
    if request.method == "POST":
        form, status = CampaignForm.of(found, request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                change_campaign(actor=actor, campaign=found, facts=form.facts(), seen=seen_of(request))
            except Refused as refused:
                status = say(form, refused)
            else:
                messages.success(request, _("Modifications enregistrées."))
                return redirect("civic_service:campaign", pk)
    opened = _(
        "Elle est ouverte : repoussez la date limite, élargissez les débuts, changez la note ; rien n'est repris à personne."
    )
    context = {
        "form": form, "title": _("Modifier la campagne"), "button": _("Enregistrer"), "seen": found.version,
        "lead": opened if found.state == CampaignState.OPEN else "", "back": _campaign_url(None, pk),
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


@login_required
def campaign_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Open or close a campaign."""
    actor = enter_manager(request)
    found = campaigns_visible(actor).filter(pk=pk).first()
    title = found.title if found is not None else ""
    return act(request, CAMPAIGN, found, path, actor=actor, title=title, back=_campaign_url(None, pk))


@login_required
@require_POST
def class_set(request: Request, pk: int) -> HttpResponse:
    """Add a class of places, or change the one of that bound."""
    actor = enter_manager(request)
    found, form = _campaign_or_404(actor, pk), ClassForm(request.POST)
    if not form.is_valid():
        return _campaign(request, actor, found, form, status=UNPROCESSABLE)
    try:
        set_class(actor=actor, campaign=found, **form.cleaned_data)
    except Refused as refused:
        return _campaign(request, actor, found, form, status=say(form, refused))
    messages.success(request, _("Classes de places enregistrées."))
    return redirect("civic_service:campaign", pk)


@login_required
@require_POST
def class_remove(request: Request, pk: int, from_pupils: int) -> HttpResponse:
    """Take a class of places off."""
    actor = enter_manager(request)
    found = _campaign_or_404(actor, pk)
    try:
        remove_class(actor=actor, campaign=found, from_pupils=from_pupils)
    except Refused as refused:
        form = ClassForm({"from_pupils": from_pupils, "places": 0})
        form.full_clean()
        return _campaign(request, actor, found, form, status=say(form, refused))
    messages.success(request, _("Classes de places enregistrées."))
    return redirect("civic_service:campaign", pk)


# ── the places of each establishment ──────────────────────────────────────────────────────────────
def places_url(federation: int | None, pk: int, establishment: int | None = None) -> str:
    """The list of a campaign's places, or the page of one establishment, for a territory or for the whole country."""
    scope = [] if federation is None else [federation]
    name = "campaign-places" if establishment is None else "campaign-place"
    name = name if federation is None else f"manager-{name}"
    return reverse(f"civic_service:{name}", args=[*scope, pk, *([] if establishment is None else [establishment])])


@login_required
@require_safe
def campaign_places(request: Request, pk: int, federation: int | None = None) -> HttpResponse:
    """Each establishment's places in a campaign; by name or town."""
    actor = enter_manager(request, federation)
    found = _campaign_or_404(actor, pk)
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()
    rows = establishments_visible(actor).filter(left_on=None).order_by("organisation__name", "pk")
    for word in words.split():
        rows = rows.filter(organisation__name__icontains=word) | rows.filter(organisation__city__icontains=word)
    page = page_of(request, rows)
    shown = list(page.object_list)
    places = places_of_many(found, shown)
    context = {
        "campaign": found,
        "page": page,
        "words": words,
        "rows": [(each, places[each.pk], places_url(federation, pk, each.pk)) for each in shown],
        "back": _campaign_url(federation, pk),
    }
    return render(request, "civic_service/campaigns/places.html", context)


@login_required
@require_http_methods(READ)
def campaign_place(request: Request, pk: int, establishment: int, federation: int | None = None) -> HttpResponse:
    """The places of one establishment: where the number comes from, and another number with its reason (S3)."""
    actor = enter_manager(request, federation)
    found = _campaign_or_404(actor, pk)
    where: Establishment | None = establishments_visible(actor).filter(pk=establishment).first()
    if where is None:
        raise Http404
    places = places_of(found, where)
    form, status = PlacesForm.of(places.override, places.allowed), 200
    if request.method == "POST":
        form, status = PlacesForm.of(places.override, places.allowed, request.POST), UNPROCESSABLE
        try:
            if request.POST.get("faire") == "revenir":
                drop_override(actor=actor, campaign=found, establishment=where)
                messages.success(request, _("L'effectif décide de nouveau du nombre de places."))
                return redirect(places_url(federation, pk, establishment))
            if form.is_valid():
                set_override(actor=actor, campaign=found, establishment=where, **form.cleaned_data)
                messages.success(request, _("Nombre de places enregistré."))
                return redirect(places_url(federation, pk, establishment))
        except Refused as refused:
            form.full_clean()
            status = say(form, refused)
    context = {
        "campaign": found,
        "establishment": where,
        "places": places,
        "form": form,
        "is_own": has_a_part_in(actor, where),
        "can_change": found.state != CampaignState.CLOSED,
        "back": places_url(federation, pk),
        "timeline": history(places.override) if places.override is not None else [],
    }
    return render(request, "civic_service/campaigns/place.html", context, status=status)


@login_required
@require_safe
def establishment_campaign(request: Request, organisation: int, pk: int) -> HttpResponse:
    """What an establishment reads of a campaign: the launch note, the dates, how many volunteers it may host and why."""
    actor, where = enter_establishment(request, organisation)
    found = _campaign_or_404(actor, pk)
    context = {"campaign": found, "establishment": where, "state_badge": campaign_badge(found), "places": places_of(found, where)}
    return render(request, "civic_service/campaigns/launch.html", context)


# ── approvals ─────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def approvals(request: Request) -> HttpResponse:
    """« Agréments »."""
    actor = enter_manager(request)
    page = page_of(request, approvals_visible(actor))
    rows = [(each, ", ".join(str(Domain(key).label) for key in each.domains)) for each in page.object_list]
    context = {"page": page, "rows": rows, "ending": {each.pk for each in approvals_ending(today())}, "today": today()}
    return render(request, "civic_service/campaigns/approvals.html", context)


@login_required
@require_http_methods(READ)
def approval(request: Request, pk: int | None = None) -> HttpResponse:
    """« Nouvel agrément », or one to correct."""
    actor = enter_manager(request)
    found = approvals_visible(actor).filter(pk=pk).first() if pk is not None else None
    if pk is not None and found is None:
        raise Http404
    form, status = (ApprovalForm.of(found) if found is not None else ApprovalForm()), 200
    if request.method == "POST":
        form, status = ApprovalForm(request.POST), UNPROCESSABLE
        if form.is_valid():

            def make() -> str:
                save_approval(actor=actor, facts=form.facts(), approval=found, seen=seen_of(request))
                return reverse("civic_service:approvals")

            try:
                url = once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make)
            except Refused as refused:
                status = say(form, refused)
            else:
                messages.success(request, _("Agrément enregistré."))
                return redirect(url)
    context = {
        "form": form, "title": found.number if found is not None else _("Nouvel agrément"), "button": _("Enregistrer"),
        "lead": "", "seen": found.version if found is not None else None, "back": reverse("civic_service:approvals"),
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


# ── amounts of the law ────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def figures(request: Request) -> HttpResponse:
    """« Montants »: the dated table; an amount never changes, another one follows it."""
    actor = enter_manager(request)
    form, status = FigureForm(), 200
    if request.method == "POST":
        form, status = FigureForm(request.POST), UNPROCESSABLE
        if form.is_valid():

            def make() -> str:
                add_figure(actor=actor, facts=form.facts())
                return reverse("civic_service:figures")

            try:
                url = once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make)
            except Refused as refused:
                status = say(form, refused)
            else:
                messages.success(request, _("Montant ajouté."))
                return redirect(url)
    table, day = list(figures_visible(actor)), today()
    groups = [
        (kind.label, [(each, euros(each.cents), each.covers(day)) for each in table if each.kind == kind]) for kind in FigureKind
    ]
    context = {"form": form, "groups": [(label, rows) for label, rows in groups if rows]}
    return render(request, "civic_service/campaigns/figures.html", context, status=status)

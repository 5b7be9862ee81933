"""An organisation's missions (R10 to R12, R16, R17)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.jobs.catalogue import MISSION as MISSION_LIMIT
from renfort.jobs.middleware import refused, told, too_late
from renfort.jobs.services import once
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, Stale, fire
from renfort.kernel.http import Request, enter
from renfort.kernel.templatetags.ui import phone
from renfort.kernel.views import act, seen_of
from renfort.missions.components import dressed, mission_badge, timeline_of
from renfort.missions.enums import MissionState
from renfort.missions.forms.mission import ContactFormSet, MissionForm, contact_facts, differences, initial_of
from renfort.missions.models import Mission
from renfort.missions.selectors.mission import domains_with_rules, missions_visible, publication_policy, with_places, with_policy
from renfort.missions.services.mission import CLOSED, edit_mission, open_mission
from renfort.missions.workflow import MISSION
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.parameters.catalogue import ONLINE_FIRST
from renfort.people.models import Person
from renfort.territories.forms import initial_place, unjudged

DRAFT, PROPOSE = "draft", "propose"
UNPROCESSABLE = 422


def enter_host(request: Request, organisation: int) -> Actor:
    """Open a page as « responsable » of the organisation of the path; 404 when one is not."""
    return enter(request, Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, organisation)


def missions_of(actor: Actor, organisation: int) -> Any:
    """The organisation's missions, as this actor may see them."""
    return missions_visible(actor).filter(organisation_id=organisation)


def mission_or_404(actor: Actor, organisation: int, pk: int) -> Mission:
    """One mission of the organisation, with all that its page and its rules read."""
    missions = with_policy(with_places(missions_of(actor, organisation)))
    mission: Mission | None = (
        missions.select_related("domain", "department", "rules", "responsible", "organisation").filter(pk=pk).first()
    )
    if mission is None:
        raise Http404
    return mission


@login_required
@require_safe
def mission_detail(request: Request, organisation: int, pk: int) -> HttpResponse:
    """One mission: state, actions with their reasons, places, history (« Visualiser » leads to the public page)."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    context = {
        "organisation": organisation,
        "mission": dressed(mission),
        "state_badge": mission_badge(mission),
        "actions": actions_of(
            MISSION, mission, actor, lambda path: reverse("missions:host-mission-act", args=[organisation, pk, path])
        ),
        "timeline": timeline_of(history_of(mission), MISSION, team_names(organisation)),
        "can_edit": mission.state not in CLOSED,
        "is_public": mission.state in (MissionState.PUBLISHED, MissionState.ENDED),
        "contacts": list(mission.contacts.all()),
        "publics": list(mission.publics.all()),
    }
    return render(request, "missions/host/mission_detail.html", context)


@login_required
def mission_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Any transition of a mission that the organisation may do."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    back = reverse("missions:host-mission", args=[organisation, pk])
    return act(request, MISSION, mission, path, actor=actor, title=mission.title, back=back)


@login_required
def mission_new(request: Request, organisation: int) -> HttpResponse:
    """« + Nouvelle mission »."""
    actor = enter_host(request, organisation)
    host = Organisation.objects.select_related("department").get(pk=organisation)
    team = team_of(organisation)
    if request.method != "POST":
        return _form_page(request, _blank(request, host, team), _contacts(request, team))
    form, contacts = _bound(request, host, team), ContactFormSet(request.POST, prefix="contacts")
    if form.is_searching:
        return _search_page(request, form, contacts)
    if not (form.is_valid() & contacts.is_valid()):
        return _form_page(request, form, contacts, status=UNPROCESSABLE)
    if (refusal := refused(request, MISSION_LIMIT)) is not None:
        told(form, refusal)
        return too_late(_form_page(request, form, contacts), refusal)

    def make() -> str:
        mission = open_mission(actor=actor, organisation=host, facts=form.facts(contact_facts(contacts)))
        return reverse("missions:host-mission", args=[organisation, mission.pk])

    address = once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
    mission = mission_or_404(actor, organisation, int(address.rstrip("/").rpartition("/")[2]))
    return _saved(request, mission, actor, address)


@login_required
def mission_edit(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Modifier »: every field but the organisation."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    team = team_of(organisation)
    address = reverse("missions:host-mission", args=[organisation, pk])
    if mission.state in CLOSED:
        messages.warning(request, _("Cette mission est close : elle ne peut plus être modifiée."))
        return redirect(address)
    if request.method != "POST":
        form = MissionForm(organisation=mission.organisation, team=team, initial=initial_of(mission))
        return _form_page(request, form, _contacts(request, team, mission), mission=mission)
    form, contacts = _bound(request, mission.organisation, team, mission), ContactFormSet(request.POST, prefix="contacts")
    if form.is_searching:
        return _search_page(request, form, contacts, mission=mission)
    if not (form.is_valid() & contacts.is_valid()):
        return _form_page(request, form, contacts, mission=mission, status=UNPROCESSABLE)
    try:
        edit_mission(
            actor=actor,
            mission=mission,
            facts=form.facts(contact_facts(contacts)),
            seen=seen_of(request),
        )
    except Refused as refused:
        mission = mission_or_404(actor, organisation, pk)
        shown = differences(form, mission) if isinstance(refused, Stale) else []
        for sentence in (*refused.sentences, *shown):
            form.add_error(None, sentence)
        return _form_page(request, form, contacts, mission=mission, status=409)
    return _saved(request, mission_or_404(actor, organisation, pk), actor, address, edited=True)


def team_of(organisation: int) -> list[Person]:
    """Who may be in charge of a mission."""
    return [grant.person for grant in managers_of(organisation)]


def team_names(organisation: int) -> dict[int, str]:
    """The colleagues whom the history names; an officer or a volunteer appears by role alone. One query."""
    return {grant.person_id: grant.person.full_name for grant in managers_of(organisation)}


def _is_proposed(request: Request, mission: Mission | None) -> bool:
    """Whether the mission must be complete: it is being proposed, or it has been."""
    return request.POST.get("then") == PROPOSE or (mission is not None and mission.state != MissionState.DRAFT)


def _bound(request: Request, host: Organisation, team: list[Person], mission: Mission | None = None) -> MissionForm:
    return MissionForm(request.POST, organisation=host, team=team, strict=_is_proposed(request, mission))


def _blank(request: Request, host: Organisation, team: list[Person]) -> MissionForm:
    mine = next((person for person in team if person.pk == request.actor.person_id), team[0])
    initial = {"responsible": str(mine.pk), **initial_place(host)}
    return MissionForm(organisation=host, team=team, initial=initial)


def _contacts(request: Request, team: list[Person], mission: Mission | None = None) -> Any:
    if mission is not None:
        rows = [{"name": c.name, "phone": c.phone, "email": c.email, "hours": c.hours} for c in mission.contacts.all()]
        return ContactFormSet(prefix="contacts", initial=rows)
    mine = next((person for person in team if person.pk == request.actor.person_id), None)
    rows = [{"name": mine.full_name, "phone": phone(mine.mobile_phone), "email": mine.email}] if mine else []
    return ContactFormSet(prefix="contacts", initial=rows)


def _search_page(request: Request, form: MissionForm, contacts: Any, *, mission: Mission | None = None) -> HttpResponse:
    """« Chercher cette adresse »: the page again with suggestions; nothing is saved, judged or lost."""
    form.search_place()
    unjudged(contacts)
    return _form_page(request, form, contacts, mission=mission)


def _form_page(
    request: Request, form: MissionForm, contacts: Any, *, mission: Mission | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "organisation": form.organisation.pk,
        "mission": mission,
        "form": form,
        "contacts": contacts,
        "domains": domains_with_rules(),
        # a page that comes back for another reason keeps the version it showed: its answer may still be too late
        "seen": (seen_of(request) if status == UNPROCESSABLE or form.is_searching else mission.version) if mission else "",
        "is_draft": mission is None or mission.state == MissionState.DRAFT,
    }
    return render(request, "missions/host/mission_form.html", context, status=status)


def _saved(request: Request, mission: Mission, actor: Actor, address: str, *, edited: bool = False) -> HttpResponse:
    """After saving: propose when asked, and say what happens next (R12)."""
    if request.POST.get("then") != PROPOSE or (edited and mission.state != MissionState.DRAFT):
        messages.success(
            request, _("Mission mise à jour.") if edited else _("Brouillon enregistré. Proposez la mission quand elle est prête.")
        )
        return redirect(address)
    online_first = publication_policy(mission) == ONLINE_FIRST
    try:
        if mission.state == MissionState.DRAFT:  # else a second click, and the first one has proposed it
            fire(MISSION, mission, "publish" if online_first else "submit", actor=actor)
    except Refused as refused:
        messages.error(
            request,
            _("Le brouillon est enregistré, mais la mission ne peut pas encore être proposée : %(why)s") % {"why": str(refused)},
        )
        return redirect(reverse("missions:host-mission-edit", args=[mission.organisation_id, mission.pk]))
    messages.success(
        request,
        _("Bravo, votre mission a été publiée ! Les bénévoles peuvent déjà proposer leur aide.")
        if online_first
        else _("Votre mission est proposée. Elle sera en ligne dès sa validation ; vous recevrez un e-mail."),
    )
    return redirect(address)

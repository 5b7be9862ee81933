"""An organisation's participations: the list, its panel, one person's page, the answers (R32, R33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.audit.enums import Way
from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, fire
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.views import act, outcome, seen_of
from renfort.missions.components import dressed, participation_badge, timeline_of
from renfort.missions.components.contact import hidden_since
from renfort.missions.components.lists import ParticipationRows, Place, age_words, columns_of, heading
from renfort.missions.components.slots import booking_lines, slots_cell
from renfort.missions.components.status import status_choices
from renfort.missions.enums import ListKind, ParticipationState
from renfort.missions.forms.filters import ParticipationFilterForm
from renfort.missions.forms.lists import RefusalForm
from renfort.missions.models import Participation, Slot
from renfort.missions.selectors.host_lists import (
    FEW,
    FEW_PARTICIPATION_SORTS,
    PARTICIPATION_SORTS,
    host_missions,
    host_participations,
)
from renfort.missions.selectors.mission import places_offered, places_taken
from renfort.missions.selectors.participation import participations_visible, with_rows
from renfort.missions.selectors.room import with_slot_places
from renfort.missions.selectors.slots import slots_of
from renfort.missions.selectors.views import batches_visible, replies_offered, reply_chosen
from renfort.missions.services.batches import MOST, VERBS
from renfort.missions.services.contacts import note_contacts
from renfort.missions.services.replies import filled
from renfort.missions.views.given import host_block
from renfort.missions.views.host import enter_host, team_names
from renfort.missions.views.listing import PANEL_ALONE, counted, listing, sorted_rows, way_back
from renfort.missions.workflow import PARTICIPATION

S = ParticipationState
UNPROCESSABLE, CONFLICT = 422, 409
RUNNING = "batch"  # where a session keeps the number of the long work that it asked for last


def participations_of(actor: Actor, organisation: int) -> Any:
    """The organisation's participations, as this actor may see them."""
    return participations_visible(actor).filter(organisation_id=organisation)


def list_path(organisation: int) -> str:
    """The address of the list."""
    return reverse("missions:host-participations", args=[organisation])


@login_required
@require_safe
def participation_list(request: Request, organisation: int) -> HttpResponse:
    """« Participations »: search, filters, order and panel stay in the address; rows can be ticked and answered together."""
    actor, path = enter_host(request, organisation), list_path(organisation)
    found = listing(
        request,
        actor=actor,
        organisation=organisation,
        kind=ListKind.PARTICIPATIONS,
        form=ParticipationFilterForm(request.GET),
        path=path,
    )
    if isinstance(found, HttpResponse):
        return found
    said = found.form.said
    participations, count = counted(host_participations(actor, organisation, said), by_words=bool(said.get("q")))
    page = dressed_page(
        request,
        sorted_rows(participations, found.sort, PARTICIPATION_SORTS, FEW_PARTICIPATION_SORTS, count),
        _rows(participations_of(actor, organisation), with_panel=found.opened is not None),
        count=count,
        also=found.opened,
    )
    shown = [*page.object_list, *([] if page.beside is None or page.beside in page.object_list else [page.beside])]
    slots, is_few = slots_of(shown), count <= FEW
    row = ParticipationRows(found.columns, found.place, actor, slots)
    heads = [heading(_("Bénévole"), "nom", request.GET, possible=is_few)]
    heads += [
        heading(column.label, column.sort, request.GET, possible=column.sort in PARTICIPATION_SORTS or is_few)
        for column in found.columns
    ]
    context = {
        **found.context(),
        "page": page,
        "rows": [row(each) for each in page.object_list],
        "heads": heads,
        "verbs": [(PARTICIPATION[verb].name, PARTICIPATION[verb].label) for verb in VERBS],
        "chosen_verb": "take_back" if said.get("statut") == S.REFUSED else "accept",
        "many_most": MOST,
        "running": _running(request, actor, organisation),
        "waiting": next((item.count for item in request.nav.items if item.count and item.url == path), 0),
        "waiting_url": f"?statut={S.PENDING}",
        "panel": None,
    }
    if said.get("mission"):
        context["chips"] = found.form.chips(_mission_words(actor, organisation, page.object_list))
    if page.beside is not None:
        context["panel"] = panel_of(request, actor, page.beside, close_url=found.close_url, slots=slots, names=found.names)
    note_contacts(viewer=actor, participations=shown, organisation=organisation, way=Way.LIST)
    return render(request, "missions/host/participation_list.html", context)


def _mission_words(actor: Actor, organisation: int, rows: Sequence[Participation]) -> Any:
    """What the chip of one mission says: its title, which every row of its participations has; no row, one query."""

    def words(name: str, value: Any) -> str:
        if name != "mission":
            return ""
        if rows:
            title: str | None = rows[0].mission.title
        else:
            title = host_missions(actor, organisation, {}).filter(pk=value).values_list("title", flat=True).first()
        return _("Mission\u00a0: %(title)s") % {"title": title} if title else ""

    return words


def _running(request: Request, actor: Actor, organisation: int) -> Any:
    """The long work that this session asked for, as long as it goes on. A query only after having asked for one."""
    number = request.session.get(RUNNING)
    if number is None:
        return None
    batch = batches_visible(actor, organisation).filter(pk=number).first()
    if batch is None or batch.ended_at is not None:
        del request.session[RUNNING]
        return None
    return batch


def _rows(participations: QuerySet[Participation], *, with_panel: bool) -> QuerySet[Participation]:
    """The participations with what their rows show; ``with_panel``, with all that a panel, a page and the rules read too."""
    rows = with_rows(participations, with_age=True)
    if not with_panel:
        return rows
    return with_slot_places(rows.defer(None)).select_related("person__account", "mission__organisation", "rules")


def _find(actor: Actor, organisation: int, pk: int) -> Participation | None:
    return _rows(participations_of(actor, organisation).filter(pk=pk), with_panel=True).first()


def _note_places(participation: Any) -> None:
    """What was counted with the row serves the gauge and the rules."""
    mission, with_slots = participation.mission, participation.mission.has_slots
    mission.taken_now = participation.slots_taken if with_slots else participation.taken_on_mission
    mission.offered_now = participation.slots_offered if with_slots else mission.places


def participation_or_404(actor: Actor, organisation: int, pk: int) -> Participation:
    """One participation of the organisation, with all that its page and its rules read."""
    found = _find(actor, organisation, pk)
    if found is None:
        raise Http404
    return found


def panel_of(
    request: Request, actor: Actor, participation: Participation, *, close_url: str, form: RefusalForm | None = None,
    verb: str = "", refusals: list[str] | None = None, slots: Mapping[int, Sequence[Slot]] | None = None,
    names: Mapping[int, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the panel of one participation shows. ``verb``: the status chosen. ``slots``, ``names``: those read before."""
    organisation, person = participation.organisation_id, participation.person
    slots = slots_of([participation]) if slots is None else slots  # before the rules, which read them
    _note_places(participation)
    url = reverse("missions:host-participation", args=[organisation, participation.pk])
    choices = status_choices(participation, actor)
    return {
        "organisation": organisation,
        "participation": participation,
        "mission": participation.mission,
        "taken": places_taken(participation.mission),
        "total": places_offered(participation.mission),
        "title": person.full_name,
        "age": age_words(person.birth_date),
        "contact_hidden": hidden_since(participation),
        "slots": slots_cell(slots.get(participation.pk, [])),
        "close_url": close_url,
        "page_url": url,
        "status_url": f"{url}statut/",
        "back": close_url,
        "state_badge": participation_badge(participation),
        "choices": choices,
        "reachable": [choice for choice in choices if choice.verb],
        "shut": [choice for choice in choices if not choice.verb and not choice.current],
        "chosen": verb or request.GET.get("geste", ""),
        "refusal_form": form or RefusalForm(),
        "templates": replies_offered(organisation) if any(choice.asks for choice in choices) else [],
        "refusals": refusals or [],
        "timeline": timeline_of(
            history_of(participation, most=8),
            PARTICIPATION,
            {**(team_names(organisation) if names is None else names), participation.person_id: person.full_name},
        ),
    }


@login_required
@require_safe
def participation_panel(request: Request, organisation: int, pk: int) -> HttpResponse:
    """The panel alone, for the script; whoever opens its address gets the list with the panel beside it."""
    actor, path = enter_host(request, organisation), list_path(organisation)
    participation = participation_or_404(actor, organisation, pk)
    if request.headers.get(PANEL_ALONE) is None:
        return redirect(f"{path}?volet={pk}")
    note_contacts(viewer=actor, participations=[participation], organisation=organisation, way=Way.PANEL)
    back = way_back(request, path, fallback=path)
    panel = panel_of(request, actor, participation, close_url=back)
    return render(request, "missions/host/_participation_panel.html", {"panel": panel})


@login_required
@require_POST
def participation_status(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Statut » and « Enregistrer »: give one participation another status, and come back to the list as it was."""
    actor, path = enter_host(request, organisation), list_path(organisation)
    participation = participation_or_404(actor, organisation, pk)
    back = way_back(request, path, fallback=path)
    verb, form = request.POST.get("geste", ""), None
    answers: dict[str, str] = {}
    if verb == "refuse":
        form = refusal_of(request, organisation)
        if not form.is_valid():
            return _status_again(request, actor, participation, back, form=form, verb=verb, status=UNPROCESSABLE)
        answers = {"reason": form.cleaned_data["reason"], "message": filled(form.cleaned_data["message"], participation)}
    if verb not in VERBS:
        said = [_("Choisissez un statut.")]
        return _status_again(request, actor, participation, back, refusals=said, status=UNPROCESSABLE)
    try:
        after = fire(PARTICIPATION, participation, verb, actor=actor, seen=seen_of(request), answers=answers)
    except Refused as refused:
        participation = participation_or_404(actor, organisation, pk)
        return _status_again(
            request,
            actor,
            participation,
            back,
            form=form,
            refusals=refused.sentences,
            status=CONFLICT,
        )
    said_words = outcome(PARTICIPATION, after, PARTICIPATION[verb], participation.person.full_name)
    if request.headers.get(PANEL_ALONE) is None:
        messages.success(request, said_words)
        return redirect(back)
    return _changed(request, actor, participation_or_404(actor, organisation, pk), back, said_words)


def refusal_of(request: Request, organisation: int) -> RefusalForm:
    """What was typed; where nothing was, the words of the template that was chosen."""
    data = request.POST.copy()
    if not data.get("message", "").strip() and data.get("modele"):
        template = reply_chosen(organisation, str(data["modele"]))
        data["message"] = template.text if template else ""
    return RefusalForm(data)


def _status_again(
    request: Request, actor: Actor, participation: Participation, back: str, *, status: int, form: RefusalForm | None = None,
    verb: str = "", refusals: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    """The panel once more, with what is wrong; on a page of its own where there is no script."""
    panel = panel_of(request, actor, participation, close_url=back, form=form, verb=verb, refusals=refusals)
    alone = request.headers.get(PANEL_ALONE) is not None
    template = "missions/host/_participation_panel.html" if alone else "missions/host/participation_panel.html"
    return render(request, template, {"panel": panel, "organisation": participation.organisation_id}, status=status)


def _changed(request: Request, actor: Actor, participation: Participation, back: str, said: str) -> HttpResponse:
    """For the script: the panel as it is now, and the row that it stands beside."""
    place = Place(list_path(participation.organisation_id), back.partition("?")[2], participation.pk)
    rows = with_rows(participations_of(actor, participation.organisation_id).filter(pk=participation.pk), with_age=True)
    keys = [key for key in request.POST.get("colonnes", "").split(",") if key]
    row = ParticipationRows(columns_of(ListKind.PARTICIPATIONS, keys or None), place, actor, slots_of([participation]))
    panel = panel_of(request, actor, participation, close_url=back)
    context = {"panel": panel, "row": row(rows[0]), "said": said}
    return render(request, "missions/host/_participation_panel.html", context)


@login_required
@require_safe
def participation_detail(request: Request, organisation: int, pk: int) -> HttpResponse:
    """One person's proposal: who, for what, what was ticked, what can be answered and why not, history."""
    actor = enter_host(request, organisation)
    participation = participation_or_404(actor, organisation, pk)
    url = reverse("missions:host-participation", args=[organisation, pk])
    note_contacts(viewer=actor, participations=[participation], organisation=organisation, way=Way.PAGE)
    context = {
        "organisation": organisation,
        "participation": participation,
        "contact_hidden": hidden_since(participation),
        "mission": dressed(participation.mission),
        "bookings": booking_lines(participation),
        "state_badge": participation_badge(participation, for_host=True),
        **host_block(actor, participation),
        "actions": actions_of(PARTICIPATION, participation, actor, lambda path: f"{url}{path}/"),
        "timeline": timeline_of(
            history_of(participation),
            PARTICIPATION,
            {**team_names(organisation), participation.person_id: participation.person.full_name},
        ),
    }
    return render(request, "missions/host/participation_detail.html", context)


@login_required
def participation_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Accept, refuse, take back…: any transition that the organisation may do."""
    actor = enter_host(request, organisation)
    participation = participation_or_404(actor, organisation, pk)
    title = f"{participation.person.full_name} · {participation.mission.title}"
    page = reverse("missions:host-participation", args=[organisation, pk])
    back = way_back(request, list_path(organisation), fallback=page)
    return act(request, PARTICIPATION, participation, path, actor=actor, title=title, back=back)

"""A mission goes to another organisation: the referent proposes, the receiver accepts, either organisation may say no (R55)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.templatetags.ui import badge, number
from renfort.kernel.views import act
from renfort.missions.components import dressed, timeline_of
from renfort.missions.enums import TransferState
from renfort.missions.forms.transfer import ReceiverSearchForm, TransferForm
from renfort.missions.models import Mission, Transfer
from renfort.missions.rules import MOVABLE, is_of_its_team
from renfort.missions.selectors.mission import with_places
from renfort.missions.selectors.territory import territory_missions
from renfort.missions.selectors.transfers import followers_of, open_transfer, receivers_for, transfers_visible
from renfort.missions.services.transfers import propose_transfer
from renfort.missions.workflow import TRANSFER
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.views.territory import enter_referent

UNPROCESSABLE, CONFLICT = 422, 409


def consequences(mission: Mission) -> list[str]:
    """What goes with the mission and what does not, in sentences, before anything happens. Four queries."""
    found = followers_of(mission)
    counted = [
        (found.pending, ngettext("%(n)s proposition en attente", "%(n)s propositions en attente", found.pending)),
        (found.expected, ngettext("%(n)s bénévole accepté", "%(n)s bénévoles acceptés", found.expected)),
        (found.slots, ngettext("%(n)s créneau", "%(n)s créneaux", found.slots)),
        (found.waiting, ngettext("%(n)s personne en liste d'attente", "%(n)s personnes en liste d'attente", found.waiting)),
        (found.favourites, ngettext("%(n)s favori", "%(n)s favoris", found.favourites)),
    ]
    followers = ", ".join(words % {"n": number(count)} for count, words in counted if count)
    return [
        _("Tout suit la mission : %(what)s.") % {"what": followers} if followers else _("Rien n'y est encore attaché."),
        _("Rien ne change avant l'accord de la structure qui reçoit. Celle qui donne est prévenue, et peut s'opposer jusque-là."),
        _("À l'accord, chaque bénévole concerné reçoit un e-mail avec le nom de la nouvelle structure, et peut se désister."),
        _("La nouvelle structure lit les coordonnées des participations ouvertes ; l'ancienne ne les voit plus."),
        _("La personne qui accepte devient responsable de la mission. Les modèles de l'ancienne structure lui restent."),
    ]


def _mission_or_404(actor: Actor, pk: int) -> Mission:
    rows = with_places(territory_missions(actor, {}).filter(pk=pk))
    found = rows.select_related("organisation", "domain", "department").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, pk: int) -> HttpResponse:
    """« Transférer »: look for the organisation, read what will happen, propose."""
    actor = enter_referent(request)
    mission = _mission_or_404(actor, pk)
    back = reverse("missions:referent-mission", args=[pk])
    if is_of_its_team.stands(actor, mission):
        raise NotAllowed(str(is_of_its_team.refusal))
    asked = open_transfer(mission)
    possible = asked is None and mission.state in MOVABLE and not mission.is_over
    search = ReceiverSearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    found = receivers_for(actor, mission, words) if possible else []
    form, status = TransferForm(found=found), 200
    if request.method == "POST":
        form = TransferForm(request.POST, found=found)
        if not possible:
            status = CONFLICT
        elif not form.is_valid():
            status = UNPROCESSABLE
        else:
            receiver = next(each for each in found if each.pk == form.cleaned_data["receiver"])
            try:
                propose_transfer(actor=actor, mission=mission, receiver=receiver, words=form.cleaned_data["message"])
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
                status = CONFLICT
            else:
                messages.success(request, _("Le transfert est proposé. Les deux structures sont prévenues par e-mail."))
                return redirect(back)
    context = {
        "mission": dressed(mission),
        "search": search,
        "words": words,
        "found": found,
        "form": form,
        "possible": possible,
        "transfer": asked,
        "withdraw_url": reverse("missions:referent-transfer-act", args=[asked.pk, "retirer"]) if asked else "",
        "consequences": consequences(mission) if possible else [],
        "back": back,
    }
    return render(request, "missions/referent/transfer.html", context, status=status)


@login_required
def referent_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Retirer la proposition »."""
    actor = enter_referent(request)
    transfer = transfers_visible(actor).select_related("mission", "giver", "receiver").filter(pk=pk).first()
    if transfer is None:
        raise Http404
    back = reverse("missions:referent-mission", args=[transfer.mission_id])
    return act(request, TRANSFER, transfer, path, actor=actor, title=transfer.mission.title, back=back)


# ── for the two organisations ─────────────────────────────────────────────────────────────────────
def _enter_manager(request: Request, organisation: int) -> Actor:
    return enter(request, Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, organisation)


def _of_host(actor: Actor, organisation: int, pk: int) -> Transfer:
    """A transfer of this organisation's, on either side."""
    rows = transfers_visible(actor).select_related("mission__domain", "mission__department", "giver", "receiver", "proposed_by")
    found = rows.filter(pk=pk).first()
    if found is None or organisation not in (found.giver_id, found.receiver_id):
        raise Http404
    return found


@login_required
@require_safe
def host_transfer(request: Request, organisation: int, pk: int) -> HttpResponse:
    """What is proposed, what would happen, and the answer. No volunteer is named before the mission is one's own."""
    actor = _enter_manager(request, organisation)
    transfer = _of_host(actor, organisation, pk)
    is_open = transfer.state == TransferState.PROPOSED
    url = reverse("missions:host-transfer", args=[organisation, pk])
    lines = history_of(transfer)
    context: dict[str, Any] = {
        "organisation": organisation,
        "transfer": transfer,
        "mission": dressed(with_places(Mission.objects.filter(pk=transfer.mission_id)).select_related(
            "domain", "department", "organisation").get()),
        "is_receiver": organisation == transfer.receiver_id,
        "is_open": is_open,
        "state_badge": badge(label=TransferState(transfer.state).label, tone=TRANSFER.tones[transfer.state]),
        "actions": actions_of(TRANSFER, transfer, actor, lambda path: f"{url}{path}/"),
        "consequences": consequences(transfer.mission) if is_open else [],
        "timeline": timeline_of(lines, TRANSFER, {transfer.proposed_by_id: transfer.proposed_by.full_name}),
        "mission_url": reverse("missions:host-mission", args=[organisation, transfer.mission_id])
        if transfer.mission.organisation_id == organisation
        else "",
    }  # fmt: skip
    return render(request, "missions/host/transfer.html", context)


@login_required
def host_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Accept, refuse, object."""
    actor = _enter_manager(request, organisation)
    transfer = _of_host(actor, organisation, pk)
    back = reverse("missions:host-transfer", args=[organisation, pk])
    return act(request, TRANSFER, transfer, path, actor=actor, title=transfer.mission.title, back=back)

"""Many participations at once: choose, look at what will happen, confirm, follow, take back (R33)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, Unanswered
from renfort.kernel.http import Request
from renfort.kernel.templatetags.ui import number
from renfort.missions.components import participation_badge
from renfort.missions.enums import BatchState, ParticipationState, RowOutcome
from renfort.missions.forms.filters import ParticipationFilterForm
from renfort.missions.forms.lists import RefusalForm
from renfort.missions.models import Batch
from renfort.missions.selectors.host_lists import host_participations
from renfort.missions.selectors.participation import participations_visible
from renfort.missions.selectors.views import batches_visible, replies_offered
from renfort.missions.services.batches import MOST, VERBS, Look, confirm, counted, looked_at, prepare, stop, told_by, undoable
from renfort.missions.views.host import enter_host
from renfort.missions.views.host_participations import RUNNING, list_path, refusal_of
from renfort.missions.workflow import PARTICIPATION

UNPROCESSABLE = 422
NAMED = 5  # readers of an e-mail who are named; more are counted


def batch_or_404(actor: Actor, organisation: int, pk: int) -> Batch:
    """One of one's own batches."""
    batch: Batch | None = batches_visible(actor, organisation).select_related("person__account").filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def batch_url(batch: Batch) -> str:
    """Where it is looked at, followed and found again."""
    return reverse("missions:batch", args=[batch.organisation_id, batch.pk])


@login_required
@require_POST
def many(request: Request, organisation: int) -> HttpResponse:
    """What is ticked, or all that the filter finds: kept as it was seen, then looked at on a page of its own."""
    actor, path = enter_host(request, organisation), list_path(organisation)
    query = request.POST.get("filtre", "")[:700]
    verb = request.POST.get("geste", "")
    if verb not in VERBS:
        raise Http404
    chosen, found = _all_of(actor, organisation, query) if request.POST.get("tout") else _ticked(request, actor, organisation)
    try:
        batch = prepare(
            actor=actor, organisation=organisation, verb=verb, chosen=chosen, back=query, turned=found if found > MOST else 0
        )
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(f"{path}?{query}" if query else path)
    return redirect(batch_url(batch))


def _all_of(actor: Actor, organisation: int, query: str) -> tuple[list[tuple[int, int]], int]:
    """The thousand that came first among those that the filter finds, and how many it finds."""
    form = ParticipationFilterForm(QueryDict(query))
    participations = host_participations(actor, organisation, form.said)
    chosen = list(participations.order_by("id").values_list("pk", "version")[: MOST + 1])
    found = participations.count() if len(chosen) > MOST else len(chosen)
    return chosen[:MOST], found


def _ticked(request: Request, actor: Actor, organisation: int) -> tuple[list[tuple[int, int]], int]:
    """What was ticked and may be seen, first come first, with the versions that the page showed."""
    said: dict[int, int] = {}
    for line in request.POST.getlist("ligne")[: MOST + 1]:
        pk, _dot, seen = line.partition(".")
        if pk.isascii() and pk.isdigit() and seen.isascii() and seen.isdigit() and len(pk) < 19 and len(seen) < 10:  # noqa: PLR2004 -- a number of a row
            said[int(pk)] = int(seen)
    visible = participations_visible(actor).filter(organisation_id=organisation, pk__in=list(said))
    chosen = [(pk, said[pk]) for pk in visible.order_by("id").values_list("pk", flat=True)]
    return chosen, len(chosen)


@login_required
@require_safe
def batch(request: Request, organisation: int, pk: int) -> HttpResponse:
    """What will happen, row by row; once asked, how far it is; once done, what became of each row."""
    actor = enter_host(request, organisation)
    found = batch_or_404(actor, organisation, pk)
    if found.state == BatchState.PREVIEW:
        return _preview(request, actor, found)
    return _outcome(request, actor, found)


def _base(found: Batch) -> dict[str, Any]:
    path = list_path(found.organisation_id)
    return {
        "organisation": found.organisation_id,
        "batch": found,
        "url": batch_url(found),
        "list_url": f"{path}?{found.back}" if found.back else path,
        "label": PARTICIPATION[found.verb].label,
    }


def _preview(request: Request, actor: Actor, found: Batch, *, form: RefusalForm | None = None, status: int = 200) -> HttpResponse:
    looks = looked_at(found, actor)
    possible = [look for look in looks if look.possible]
    context = {
        **_base(found),
        "possible": [(look, participation_badge(look.participation)) for look in possible if look.participation],
        "impossible": _by_reason(looks),
        "impossible_count": len(looks) - len(possible),
        "summary": _summary(found, len(possible), len(looks) - len(possible)),
        "mails": [_mail_words(told.count, told.names, str(told.message.label)) for told in told_by(found, looks, actor)],
        "target": _target(found),
        "form": form or (RefusalForm() if found.verb == "refuse" else None),
        "templates": replies_offered(found.organisation_id) if found.verb == "refuse" else [],
        "left_out": max(0, found.turned - found.total),
    }
    return render(request, "missions/host/batch_preview.html", context, status=status)


def _target(found: Batch) -> str:
    target = PARTICIPATION[found.verb].target
    return str(ParticipationState(target).label) if target else ""


def _by_reason(looks: Sequence[Look]) -> list[tuple[str, list[Look]]]:
    """The rows that cannot be done, under their reason, the commonest first."""
    reasons: dict[str, list[Look]] = {}
    for look in looks:
        if not look.possible:
            reasons.setdefault(" ".join(look.refusals), []).append(look)
    return sorted(reasons.items(), key=lambda item: -len(item[1]))


def _summary(found: Batch, possible: int, impossible: int) -> str:
    """« 14 seront acceptées, 3 ne peuvent pas l'être. »"""
    words = {
        "accept": ngettext("%(n)s sera acceptée", "%(n)s seront acceptées", possible),
        "refuse": ngettext("%(n)s sera refusée", "%(n)s seront refusées", possible),
        "complete": ngettext("%(n)s sera notée effectuée", "%(n)s seront notées effectuées", possible),
        "miss": ngettext("%(n)s sera notée absente", "%(n)s seront notées absentes", possible),
        "take_back": ngettext("%(n)s sera remise en attente", "%(n)s seront remises en attente", possible),
    }[found.verb] % {"n": number(possible)}
    if not impossible:
        return f"{words}."
    not_these = ngettext("%(n)s ne peut pas l’être", "%(n)s ne peuvent pas l’être", impossible) % {"n": number(impossible)}
    return f"{words}, {not_these}."


def _mail_words(count: int, names: Sequence[str], label: str) -> str:
    if count <= NAMED:
        return _("Un e-mail part à %(names)s : « %(message)s ».") % {"names": ", ".join(names), "message": label}
    return ngettext(
        "Un e-mail part à %(count)s personne : « %(message)s ».", "Un e-mail part à %(count)s personnes : « %(message)s ».", count
    ) % {"count": number(count), "message": label}


@login_required
@require_POST
def batch_confirm(request: Request, organisation: int, pk: int) -> HttpResponse:
    """Do it: at once when it is little, else by the worker while one does something else."""
    actor = enter_host(request, organisation)
    found = batch_or_404(actor, organisation, pk)
    answers: dict[str, str] = {}
    if found.verb == "refuse" and found.state == BatchState.PREVIEW:
        form = refusal_of(request, organisation)
        if not form.is_valid():
            return _preview(request, actor, found, form=form, status=UNPROCESSABLE)
        answers = dict(form.cleaned_data)
    try:
        if found.state == BatchState.PREVIEW:
            confirm(actor=actor, batch=found, answers=answers)
    except Unanswered as unanswered:
        return _preview(request, actor, found, form=_told(request, unanswered), status=UNPROCESSABLE)
    if found.ended_at is None:
        request.session[RUNNING] = found.pk
    return redirect(batch_url(found))


def _told(request: Request, unanswered: Unanswered) -> RefusalForm:
    form = RefusalForm(request.POST)
    for errors in unanswered.form.errors.values():
        for error in errors:
            form.add_error(None, str(error))
    return form


def _outcome(request: Request, actor: Actor, found: Batch) -> HttpResponse:
    counts = counted(found)
    done = found.total - counts[RowOutcome.WAITING]
    is_over = found.ended_at is not None
    context = {
        **_base(found),
        "counts": counts,
        "done": done,
        "is_over": is_over,
        "progress": _("%(done)s sur %(total)s") % {"done": number(done), "total": number(found.total)},
        "summary": _told_summary(counts),
        "groups": _groups(found) if is_over else [],
        "undo": undoable(found, actor) if is_over else [],
        "stopped": found.state == BatchState.STOPPED,
    }
    return render(request, "missions/host/batch_outcome.html", context)


def _told_summary(counts: dict[str, int]) -> str:
    """« 14 faites, 3 impossibles, 1 où quelqu'un a été plus rapide »."""
    done, refused, faster, left = (
        counts[outcome] for outcome in (RowOutcome.DONE, RowOutcome.REFUSED, RowOutcome.FASTER, RowOutcome.LEFT)
    )
    parts = [ngettext("%(n)s faite", "%(n)s faites", done) % {"n": number(done)}]
    if refused:
        parts.append(ngettext("%(n)s impossible", "%(n)s impossibles", refused) % {"n": number(refused)})
    if faster:
        parts.append(_("%(n)s où quelqu’un a été plus rapide") % {"n": number(faster)})
    if left:
        parts.append(ngettext("%(n)s laissée telle quelle", "%(n)s laissées telles quelles", left) % {"n": number(left)})
    return ", ".join(parts)


def _groups(found: Batch) -> list[dict[str, Any]]:
    """The rows by what became of them, with the reason of each. One query."""
    rows = found.rows.select_related("participation__person", "participation__mission").order_by("id")
    tones = {RowOutcome.DONE: "success", RowOutcome.FASTER: "warning", RowOutcome.REFUSED: "danger", RowOutcome.LEFT: "neutral"}
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.outcome, []).append(row)
    order = [RowOutcome.REFUSED, RowOutcome.FASTER, RowOutcome.LEFT, RowOutcome.DONE]
    return [{"label": outcome.label, "tone": tones[outcome], "rows": groups[outcome]} for outcome in order if outcome in groups]


@login_required
@require_POST
def batch_stop(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Arrêter »: what is done stays done, the rest is left as it is."""
    actor = enter_host(request, organisation)
    found = batch_or_404(actor, organisation, pk)
    stop(actor=actor, batch=found)
    return redirect(batch_url(found))


@login_required
@require_POST
def batch_undo(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Tout remettre en attente »: another batch, looked at before it is done like any other."""
    actor = enter_host(request, organisation)
    found = batch_or_404(actor, organisation, pk)
    try:
        made = prepare(actor=actor, organisation=organisation, verb="take_back", chosen=undoable(found, actor), back=found.back)
    except Refused:
        messages.warning(request, _("Il n’y a plus rien à remettre en attente : les missions ont commencé, ou tout a changé."))
        return redirect(batch_url(found))
    return redirect(batch_url(made))

"""Fees: the coordinator asks, the association approves or returns, the facilitator reads; the rates (W8, W9, W11, W12)."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.selectors import history_of
from renfort.jobs.services import once, was_received
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, fire
from renfort.kernel.http import Request
from renfort.kernel.money import euros
from renfort.kernel.pages import page_of
from renfort.kernel.views import seen_of
from renfort.people.selectors import names_of, today
from renfort.workshops.components import timeline_of
from renfort.workshops.components.fees import fee_badge, rate_words, round_badge, what_of
from renfort.workshops.enums import AssignmentState, Audience, FeeState, RoundState, Seat
from renfort.workshops.forms.fees import RateForm, RequestForm
from renfort.workshops.models import Assignment, Rate, Round
from renfort.workshops.rules import coordinates
from renfort.workshops.selectors.fees import (
    came_back,
    coordination_fees,
    draft_of,
    dues_of,
    fees_in,
    fees_of,
    next_month,
    own_fees,
    own_sums,
    rates,
    rounds_of,
    rounds_to_see_to,
    rounds_visible,
    sent_this_month,
    statement_months,
    with_sums,
)
from renfort.workshops.services.fees import approve_round, request_fees, return_fees, save_draft
from renfort.workshops.services.rates import add_rate
from renfort.workshops.services.statements import issue_statement
from renfort.workshops.views.menus import enter_assignment, enter_facilitator, enter_staff
from renfort.workshops.workflow import FEE, ROUND

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
EARLIEST = 2020  # the year of the oldest statement that an address may name


def _say(form: Any, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


# ── the coordinator asks (W8) ─────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def assignment_fees(request: Request, pk: int) -> HttpResponse:
    """« Rétributions » of an assignment: what is due, what is not and why, what was asked."""
    actor, found = enter_assignment(request, pk)
    is_under_way = found.state == AssignmentState.AWARDED
    may_ask = coordinates(actor, found) and is_under_way
    dues, sent, draft = dues_of(found), sent_this_month(found), draft_of(found)
    # what came back of this month's request may go into it again while it waits; nothing else this month
    only = (came_back(sent) if sent.state == RoundState.SUBMITTED else set()) if sent is not None else None
    form, status = RequestForm(dues=dues, only=only, left_out=draft.left_out if draft else None), 200
    if request.method == "POST":
        form, status = RequestForm(request.POST, dues=dues, only=only), UNPROCESSABLE
        try:
            if _was_received(request, actor):
                return redirect("workshops:fees", pk)
            if request.POST.get("faire") == "abandonner":
                return _abandon(request, actor, found, draft)
            if form.is_valid():
                return _ask(request, actor, found, form)
        except Refused as refused:
            status = _say(form, refused)
    context = {
        "assignment": found,
        "client": found.order.client,
        "form": form,
        "dues": dues,
        "is_under_way": is_under_way,
        "may_ask": may_ask and (only is None or bool(only)),
        "has_lines": bool(dues.lines or dues.others),
        "total": euros(dues.total),
        "sent": sent if only is not None and not only else None,
        "opens_on": next_month(today()),
        "draft": draft,
        "rounds": [(each, round_badge(each), euros(each.total)) for each in rounds_of(found)],  # type: ignore[attr-defined]  # annotated
        "lines": [
            (fee, fee_badge(fee), what_of(fee), euros(fee.amount))
            for fee in fees_of(found)
        ],
    }  # fmt: skip
    return render(request, "workshops/fees/assignment.html", context, status=status)


def _was_received(request: Request, actor: Actor) -> bool:
    """Whether this very form has asked already: its lines are no longer due, and the second click is no mistake."""
    try:
        token = UUID(request.POST.get("form_token", ""))
    except ValueError:
        return False
    return was_received(token, owner=f"person:{actor.person_id}")


def _abandon(request: Request, actor: Actor, found: Assignment, draft: Round | None) -> HttpResponse:
    if draft is not None:
        fire(ROUND, draft, "cancel", actor=actor)
        messages.success(request, _("Brouillon abandonné."))
    return redirect("workshops:fees", found.pk)


def _ask(request: Request, actor: Actor, found: Assignment, form: RequestForm) -> HttpResponse:
    chosen = form.chosen()
    if request.POST.get("faire") == "brouillon":
        kept = [int(value) for value, _label in form.fields["lines"].choices if int(value) not in chosen]  # type: ignore[attr-defined]  # a choice field
        save_draft(actor=actor, assignment=found, left_out=kept)
        messages.success(request, _("Brouillon enregistré. Rien n'est encore demandé."))
        return redirect("workshops:fees", found.pk)

    def make() -> str:
        request_fees(actor=actor, assignment=found, chosen=chosen)
        return reverse("workshops:fees", args=[found.pk])

    url = once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make)
    text = ngettext("%(n)d rétribution est demandée.", "%(n)d rétributions sont demandées.", len(chosen))
    messages.success(request, text % {"n": len(chosen)})
    return redirect(url)


# ── the association (W8, W11) ─────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def rounds(request: Request) -> HttpResponse:
    """« Rétributions »: the requests to see to, the oldest first, and the coordination fees."""
    actor = enter_staff(request)
    past = request.GET.get("vue") == "passees"
    sent = rounds_visible(actor).exclude(submitted_at=None).exclude(state=RoundState.SUBMITTED).order_by("-submitted_at", "-pk")
    page = page_of(request, with_sums(sent) if past else rounds_to_see_to(actor))
    context = {
        "page": page,
        "past": past,
        "rows": [(each, round_badge(each), euros(each.total)) for each in page.object_list],
        "coordination": [] if past else [(fee, euros(fee.unit_amount), euros(fee.amount)) for fee in coordination_fees(actor)],
    }
    return render(request, "workshops/fees/rounds.html", context)


def _round_or_404(actor: Actor, pk: int) -> Round:
    found = with_sums(rounds_visible(actor).exclude(submitted_at=None)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def round_page(request: Request, pk: int) -> HttpResponse:
    """One request: approve it, or return lines with their reasons."""
    actor = enter_staff(request)
    found, status, problems = _round_or_404(actor, pk), 200, list[str]()
    said = {
        int(name.removeprefix("motif-")): str(value).replace("\x00", "").strip()
        for name, value in request.POST.items()
        if name.startswith("motif-") and name.removeprefix("motif-").isdecimal() and len(name) < 24  # noqa: PLR2004 -- fits a bigint
    }
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "renvoyer":
                return_fees(
                    actor=actor, request=found, seen=seen_of(request), reasons={pk: why for pk, why in said.items() if why}
                )
                messages.success(request, _("Les lignes sont renvoyées à la coordination, avec leur motif."))
            elif request.POST.get("faire") == "approuver":
                if any(said.values()):
                    raise Refused(_("Des motifs sont écrits : renvoyez d'abord ces lignes, ou effacez-les."))
                approve_round(actor=actor, request=found, seen=seen_of(request))
                messages.success(request, _("La demande est approuvée. Les personnes payées sont prévenues."))
            return redirect("workshops:round", pk)
        except Refused as refused:
            problems, status = refused.sentences, CONFLICT
    lines = fees_in(found)
    past = history_of(found)
    names = names_of({line.entry.actor_id for line in past if line.entry.actor_id})
    context = {
        "round": found,
        "client": found.assignment.order.client,
        "state_badge": round_badge(found),
        "problems": problems,
        "total": euros(found.total),  # type: ignore[attr-defined]  # annotated
        "is_waiting": found.state == RoundState.SUBMITTED,
        "may_return": found.state == RoundState.SUBMITTED and found.assignment.state == AssignmentState.AWARDED,
        "refusals": [str(bar.refusal) for bar in ROUND["approve"].unless if bar.stands(actor, found)],
        "rows": [
            (fee, fee_badge(fee), what_of(fee), Seat(fee.enrolment.seat).label if fee.enrolment else "", euros(fee.amount),
             fee.state == FeeState.REQUESTED, said.get(fee.pk, ""))
            for fee in lines
        ],
        "timeline": timeline_of(past, names),
    }  # fmt: skip
    return render(request, "workshops/fees/round.html", context, status=status)


@login_required
@require_POST
def coordination_approve(request: Request, pk: int) -> HttpResponse:
    """« Approuver » a coordination fee (W9)."""
    actor = enter_staff(request)
    fee = coordination_fees(actor).filter(pk=pk).first()
    if fee is None:
        raise Http404
    try:
        fire(FEE, fee, "approve", actor=actor, seen=seen_of(request))
        messages.success(request, _("La rétribution de la coordination est approuvée."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("workshops:rounds")


@login_required
@require_http_methods(READ)
def rate_table(request: Request) -> HttpResponse:
    """« Tarifs »: those in force, those to come, those that ended; add one from a day on."""
    actor = enter_staff(request)
    form, status = RateForm(), 200
    if request.method == "POST":
        form, status = RateForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                url = once(
                    form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=lambda: _added(actor, form)
                )  # fmt: skip
                messages.success(request, _("Tarif ajouté."))
                return redirect(url)
            except Refused as refused:
                status = _say(form, refused)
    day, every = today(), list(rates())

    def row(rate: Rate) -> tuple[Rate, str, str, str]:
        return rate, str(Audience(rate.audience).label), rate_words(rate), euros(rate.amount)

    in_force, title = [rate for rate in every if rate.covers(day)], _("Tarifs")
    context = {
        "form": form,
        "groups": [
            (Audience(key).label, f"{title} · {Audience(key).label}", [row(rate) for rate in group])
            for key, group in groupby(in_force, lambda rate: rate.audience)
        ],
        "coming": [row(rate) for rate in every if rate.first_on > day],
        "ended": [row(rate) for rate in every if rate.last_on is not None and rate.last_on < day],
    }
    return render(request, "workshops/fees/rates.html", context, status=status)


def _added(actor: Actor, form: RateForm) -> str:
    add_rate(actor=actor, facts=form.facts())
    return reverse("workshops:rates")


# ── « Mon espace animateur·ice » (W12) ────────────────────────────────────────────────────────────
@login_required
@require_safe
def own(request: Request) -> HttpResponse:
    """« Rétributions »: requested, approved, paid; the statement of each month."""
    actor = enter_facilitator(request)
    page = page_of(request, own_fees(actor))
    sums = own_sums(actor)
    context = {
        "page": page,
        "rows": [(fee, fee_badge(fee), what_of(fee), euros(fee.amount)) for fee in page.object_list],
        "sums": [
            (_("Demandé"), euros(sums["requested"])), (_("Approuvé, à payer"), euros(sums["approved"])),
            (_("Payé"), euros(sums["paid"])),
        ],
        "months": statement_months(actor.person_id or 0),
    }  # fmt: skip
    return render(request, "workshops/fees/own.html", context)


@login_required
@require_POST
def own_statement(request: Request, year: int, month: int) -> HttpResponse:
    """The statement of a month as PDF: what was approved in it, up to now."""
    actor = enter_facilitator(request)
    if not (EARLIEST <= year <= today().year and 1 <= month <= 12):  # noqa: PLR2004 -- the months of a year
        raise Http404
    try:
        paper = issue_statement(actor=actor, month=date(year, month, 1))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workshops:own-fees")
    return redirect("documents:download", paper.code)

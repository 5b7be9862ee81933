"""Payees' invoices and transfers: « À établir », « À vérifier », « À payer », « Virements »; a facilitator's own (W11, W12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.services import once
from renfort.kernel.firing import Refused, Unanswered
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.templatetags.ui import badge
from renfort.kernel.views import seen_of
from renfort.people.selectors import names_of
from renfort.workshops.components import euros
from renfort.workshops.enums import BillState, PaymentOutcome, TransferState
from renfort.workshops.forms.money import ReportForm, SentBillForm, TransferForm
from renfort.workshops.models import Bill, Transfer
from renfort.workshops.selectors.bills import (
    bills_to_check,
    bills_to_pay,
    bills_visible,
    own_bills,
    payees_to_bill,
    rejected_before,
    runs,
)
from renfort.workshops.selectors.money import sum_of
from renfort.workshops.selectors.transfers import payments_of, transfers_visible
from renfort.workshops.services.bills import accept_bill, ask_bills, send_back, send_bill
from renfort.workshops.services.transfers import cancel, prepare, report
from renfort.workshops.views.menus import enter_facilitator, enter_staff
from renfort.workshops.views.money import file_of
from renfort.workshops.workflow import BILL, TRANSFER

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
OUTCOME_TONES = {"pending": "warning", "paid": "success", "rejected": "danger", "cancelled": "neutral"}


# ── « À établir »: the fees that were approved ────────────────────────────────────────────────────
@login_required
@never_cache
@require_http_methods(READ)
def to_bill(request: Request) -> HttpResponse:
    """Who has approved fees on no invoice, and the writing of them all, with its progress."""
    actor = enter_staff(request)
    status, problem = 200, ""
    if request.method == "POST":
        try:
            ask_bills(actor=actor)
        except Refused as refused:
            problem, status = str(refused), CONFLICT
        else:
            return redirect("workshops:to-bill")
    found = list(payees_to_bill())
    names = names_of({row["payee"] for row in found})
    rows = sorted((names.get(row["payee"], ""), row["number"], euros(row["cents"])) for row in found)
    newest = runs().first()
    context = {
        "rows": rows, "total": euros(sum(row["cents"] for row in found)), "run": newest, "problem": problem,
        "percent": 100 * newest.done // max(1, newest.total or 1) if newest and newest.is_open else None,
    }  # fmt: skip
    return render(request, "workshops/money/to_bill.html", context, status=status)


# ── invoices that payees send ─────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def to_check(request: Request) -> HttpResponse:
    """The invoices that are to be checked, then those still awaited."""
    enter_staff(request)
    page = page_of(request, bills_to_check())
    rows = [(row, euros(row.total), bill_badge(row)) for row in page.object_list]
    return render(request, "workshops/money/to_check.html", {"page": page, "rows": rows})


def bill_badge(bill: Bill) -> Any:
    """Where an invoice stands."""
    return badge(label=BillState(bill.state).label, tone=BILL.tones[bill.state])


def _bill_or_404(actor: Any, pk: int) -> Bill:
    found = bills_visible(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def bill(request: Request, pk: int) -> HttpResponse:
    """One payee's invoice: its fees, its file; accept it or send it back when it was sent."""
    actor = enter_staff(request)
    found, status, problems = _bill_or_404(actor, pk), 200, []
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "renvoyer":
                refusal = request.POST.get("refusal", "").replace("\x00", "")
                send_back(actor=actor, bill=found, refusal=refusal, seen=seen_of(request))
                messages.success(request, _("Facture renvoyée : la personne est prévenue."))
            else:
                accept_bill(actor=actor, bill=found, seen=seen_of(request))
                messages.success(request, _("Facture acceptée : elle est à payer."))
            return redirect("workshops:bill", pk)
        except Refused as refused:
            problems, status = refused.sentences, CONFLICT
        except Unanswered:
            problems, status = [_("Dites ce qu'il faut corriger.")], UNPROCESSABLE
        found = _bill_or_404(actor, pk)
    lines = list(found.lines.order_by("pk"))
    context = {
        "bill": found, "badge": bill_badge(found), "problems": problems, "to_check": found.state == BillState.RECEIVED,
        "lines": [(line, euros(line.unit), euros(line.amount)) for line in lines],
        "expected": euros(sum(line.amount for line in lines)),
        "amounts": [(_("Hors taxes"), euros(found.excl)), (_("TVA"), euros(found.vat)), (_("À payer"), euros(found.total))],
        "payments": [(each, _outcome(each.outcome)) for each in found.payments.select_related("transfer").order_by("pk")],
    }  # fmt: skip
    return render(request, "workshops/money/bill.html", context, status=status)


def _outcome(value: str) -> Any:
    return badge(label=PaymentOutcome(value).label, tone=OUTCOME_TONES[value])


@login_required
@require_safe
def bill_file(request: Request, pk: int) -> HttpResponseBase:
    """The PDF, for the association."""
    found = _bill_or_404(enter_staff(request), pk)
    return file_of(found, found.number)


# ── « À payer » and the transfers ─────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def to_pay(request: Request) -> HttpResponse:
    """The accepted invoices that no payment is under way for; those that are ticked become a file for the bank."""
    actor = enter_staff(request)
    form, status = TransferForm(), 200
    ticked = {int(each) for each in request.POST.getlist("bill") if each.isascii() and each.isdigit() and len(each) < 18}  # noqa: PLR2004 -- fits a bigint
    if request.method == "POST":
        form, status = TransferForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            wanted = list(bills_to_pay().values_list("pk", flat=True)) if request.POST.get("tout") else ticked

            def make() -> str:
                made = prepare(actor=actor, bills=wanted, execution_on=form.cleaned_data["execution_on"])
                messages.success(request, _("Virement %(number)s préparé.") % {"number": made.message})
                return reverse("workshops:transfer", args=[made.pk])

            try:
                return redirect(once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make))
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
                status = CONFLICT
    found = bills_to_pay()
    page = page_of(request, found)
    rejected = rejected_before(row.pk for row in page.object_list)
    rows = [
        (row, euros(row.total), rejected.get(row.pk, ""), getattr(row.facilitator, "payee", None), row.pk in ticked or not ticked)
        for row in page.object_list
    ]
    context = {"page": page, "rows": rows, "total": euros(sum_of(found)), "form": form}
    return render(request, "workshops/money/to_pay.html", context, status=status)


@login_required
@require_safe
def transfer_list(request: Request) -> HttpResponse:
    """« Virements »."""
    actor = enter_staff(request)
    page = page_of(request, transfers_visible(actor))
    rows = [(row, euros(row.total), transfer_badge(row)) for row in page.object_list]
    return render(request, "workshops/money/transfers.html", {"page": page, "rows": rows})


def transfer_badge(transfer: Transfer) -> Any:
    """Where a transfer stands."""
    return badge(label=TransferState(transfer.state).label, tone=TRANSFER.tones[transfer.state])


def _transfer_or_404(actor: Any, pk: int) -> Transfer:
    found = transfers_visible(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def transfer(request: Request, pk: int) -> HttpResponse:
    """One transfer: its file, its payments; the bank's report, or that it was never handed over."""
    actor = enter_staff(request)
    found, status = _transfer_or_404(actor, pk), 200
    form = ReportForm(request.POST if request.POST.get("faire") == "noter" else None)
    rejected = {
        int(each): " ".join(request.POST.get(f"reason-{each}", "").replace("\x00", "").split())
        for each in request.POST.getlist("rejected") if each.isascii() and each.isdigit() and len(each) < 18  # noqa: PLR2004 -- fits a bigint
    }  # fmt: skip
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "annuler":
                cancel(actor=actor, transfer=found, seen=seen_of(request))
                messages.success(request, _("Virement annulé : ses factures sont de nouveau à payer."))
                return redirect("workshops:transfer", pk)
            status = UNPROCESSABLE
            if form.is_valid():
                _report(actor, found, rejected, form.cleaned_data["settled_on"], seen_of(request))
                messages.success(request, _("Compte rendu noté : les personnes sont prévenues."))
                return redirect("workshops:transfer", pk)
        except Refused as refused:
            if not form.is_bound:
                form = ReportForm({})
                form.errors.clear()
            form.add_error(None, str(refused))
            status = CONFLICT
        found = _transfer_or_404(actor, pk)
    payments = payments_of(found)
    context = {
        "transfer": found, "badge": transfer_badge(found), "total": euros(found.total), "form": form,
        "is_ready": found.state == TransferState.READY,
        "rows": [
            (each, euros(each.amount), _outcome(each.outcome), each.pk in rejected, rejected.get(each.pk, ""))
            for each in payments
        ],
    }  # fmt: skip
    return render(request, "workshops/money/transfer.html", context, status=status)


def _report(actor: Any, found: Transfer, rejected: dict[int, str], settled_on: date, seen: int | None) -> None:
    if any(not reason for reason in rejected.values()):
        raise Refused(_("Dites pourquoi chaque paiement coché est rejeté."))
    report(actor=actor, transfer=found, rejected=rejected, settled_on=settled_on, seen=seen)


@login_required
@require_safe
def transfer_file(request: Request, pk: int) -> HttpResponseBase:
    """The file for the bank, as it was written."""
    found = _transfer_or_404(enter_staff(request), pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=f"{found.message}.xml", content_type="application/xml")
    response.headers["Cache-Control"] = "private, no-store"
    return response


# ── a facilitator's own ───────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def own(request: Request) -> HttpResponse:
    """« Mes factures »: those written for me, those I am to send, and what became of their payment."""
    actor = enter_facilitator(request)
    page = page_of(request, own_bills(actor))
    rows = []
    for row in page.object_list:
        tried = row.tried
        rows.append((row, euros(row.total), _outcome(tried[-1].outcome) if tried else bill_badge(row), tried[-1:]))
    return render(request, "workshops/money/own_bills.html", {"page": page, "rows": rows})


def _own_or_404(actor: Any, pk: int) -> Bill:
    found = own_bills(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def own_send(request: Request, pk: int) -> HttpResponse:
    """« Envoyer ma facture »."""
    actor = enter_facilitator(request)
    found, status = _own_or_404(actor, pk), 200
    if found.state != BillState.AWAITED:
        return redirect("workshops:own-bills")
    form = SentBillForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                send_bill(actor=actor, bill=found, sent=form.sent())
            except Refused as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                messages.success(request, _("Facture envoyée : l'association la vérifie."))
                return redirect("workshops:own-bills")
    lines = [(line, euros(line.amount)) for line in found.lines.order_by("pk")]
    context = {"bill": found, "form": form, "lines": lines, "total": euros(found.excl)}
    return render(request, "workshops/money/own_send.html", context, status=status)


@login_required
@require_safe
def own_file(request: Request, pk: int) -> HttpResponseBase:
    """The PDF of one's own invoice."""
    found = _own_or_404(enter_facilitator(request), pk)
    return file_of(found, found.number)

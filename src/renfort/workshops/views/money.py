"""« Argent »: what is to be invoiced, to be paid, and what came of it, for the association (W11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.services import once
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.workshops.components import euros
from renfort.workshops.enums import InvoiceOrigin
from renfort.workshops.forms.money import InvoiceForm, OutsideForm, PaidForm
from renfort.workshops.models import Assignment, ClientInvoice
from renfort.workshops.models.invoice import Amounts
from renfort.workshops.selectors.bills import bills_to_check, bills_to_pay, payees_to_bill
from renfort.workshops.selectors.money import invoices, proposals, sum_of, sum_to_invoice, to_invoice
from renfort.workshops.selectors.transfers import payments_pending
from renfort.workshops.services.invoices import make_invoice, note_invoice, note_paid
from renfort.workshops.views.menus import enter_staff

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    """The figures: each is the sum of the rows of its page."""
    enter_staff(request)
    sent = bills_to_check()
    waiting, owed, to_pay, unsettled = list(payees_to_bill()), invoices(unpaid=True), bills_to_pay(), payments_pending()
    figures = [
        (sum(row["cents"] for row in waiting), len(waiting), _("Rétributions à facturer, HT"), "to-bill"),
        (sum_of(sent), sent.count(), _("Factures attendues ou à vérifier"), "to-check"),
        (sum_of(to_pay), to_pay.count(), _("À payer aux animateur·ices"), "to-pay"),
        (sum_of(unsettled, "amount"), unsettled.count(), _("Virements en cours"), "transfers"),
        (sum_to_invoice(), to_invoice().count(), _("À facturer aux clients, HT"), "to-invoice"),
        (sum_of(owed), owed.count(), _("À encaisser des clients"), "invoices-unpaid"),
    ]
    rows = [(euros(cents), number, label, reverse(f"workshops:{name}")) for cents, number, label, name in figures]
    return render(request, "workshops/money/home.html", {"figures": rows})


# ── the clients' invoices ─────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def to_invoice_list(request: Request) -> HttpResponse:
    """« À facturer »: closed assignments whose client was not invoiced, with what is proposed."""
    enter_staff(request)
    page = page_of(request, to_invoice())
    proposed = proposals(page.object_list)
    rows = [(row, euros(sum(line.amount for line in proposed[row.pk]))) for row in page.object_list]
    context = {"page": page, "rows": rows, "total": euros(sum_to_invoice())}
    return render(request, "workshops/money/to_invoice.html", context)


def _to_invoice_or_404(pk: int) -> Assignment:
    found = to_invoice().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def invoice_new(request: Request, pk: int) -> HttpResponse:
    """Make the invoice of a closed assignment here, or note the one made elsewhere: never both."""
    actor = enter_staff(request)
    if ClientInvoice.objects.filter(pk=pk).exists():
        return redirect("workshops:invoice", pk)
    assignment = _to_invoice_or_404(pk)
    lines = proposals([assignment])[assignment.pk]
    outside = request.POST.get("faire") == "noter"
    form: Any = InvoiceForm(request.POST if request.method == "POST" and not outside else None, lines=lines)
    noted: Any = OutsideForm(request.POST if outside else None)
    status = 200
    if request.method == "POST":
        sent, status = noted if outside else form, UNPROCESSABLE
        if sent.is_valid():

            def make() -> str:
                if outside:
                    made = note_invoice(actor=actor, assignment=assignment, **noted.facts())
                else:
                    made = make_invoice(actor=actor, assignment=assignment, quantities=form.quantities())
                messages.success(request, _("Facture %(number)s enregistrée.") % {"number": made.number})
                return reverse("workshops:invoice", args=[made.pk])

            try:
                return redirect(once(sent.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make))
            except Refused as refused:
                for sentence in refused.sentences:
                    sent.add_error(None, sentence)
                status = CONFLICT
    context = {
        "assignment": assignment, "client": assignment.order.client.organisation, "form": form, "noted": noted,
        "lines": [(line, euros(line.unit), euros(line.amount)) for line in lines],
        "total": euros(sum(line.amount for line in lines)), "outside": outside,
    }  # fmt: skip
    return render(request, "workshops/money/invoice_new.html", context, status=status)


@login_required
@require_safe
def invoice_list(request: Request, *, unpaid: bool = False) -> HttpResponse:
    """The clients' invoices; « à encaisser » alone at an address of its own."""
    enter_staff(request)
    found = invoices(unpaid=unpaid)
    page = page_of(request, found)
    rows = [(row, euros(row.total)) for row in page.object_list]
    return render(
        request, "workshops/money/invoices.html", {"page": page, "rows": rows, "unpaid": unpaid, "total": euros(sum_of(found))}
    )


def _invoice_or_404(pk: int) -> ClientInvoice:
    found = invoices().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def invoice(request: Request, pk: int) -> HttpResponse:
    """One invoice: amounts, file, and the day on which it was paid."""
    actor = enter_staff(request)
    found, status = _invoice_or_404(pk), 200
    form = PaidForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                note_paid(actor=actor, invoice=found, paid_on=form.cleaned_data["paid_on"])
            except Refused as refused:
                form.add_error("paid_on", str(refused))
                status = CONFLICT
            else:
                messages.success(request, _("Paiement noté."))
                return redirect("workshops:invoice", pk)
    context = {
        "invoice": found, "client": found.assignment.order.client.organisation, "form": form,
        "is_made": found.origin == InvoiceOrigin.MADE, "origin": InvoiceOrigin(found.origin).label,
        "amounts": [(_("Hors taxes"), euros(found.excl)), (_("TVA"), euros(found.vat)), (_("À payer"), euros(found.total))],
        "lines": [(line, euros(line["unit"]), euros(line["amount"])) for line in found.facts.get("lines", ())],
    }  # fmt: skip
    return render(request, "workshops/money/invoice.html", context, status=status)


@login_required
@require_safe
def invoice_file(request: Request, pk: int) -> HttpResponseBase:
    """The PDF of an invoice that was made here."""
    enter_staff(request)
    return file_of(_invoice_or_404(pk), _invoice_or_404(pk).number)


def file_of(kept: Amounts, name: str) -> HttpResponseBase:
    """The file of an invoice as it was written; 404 when there is none."""
    if not kept.file:
        raise Http404
    try:
        opened = kept.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

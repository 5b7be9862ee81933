"""The books of the programme: entries of purchases, sales and bank, by period (W11; LPF art. A47 A-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from renfort.workshops.enums import BillState, PaymentOutcome
from renfort.workshops.models import Bill, ClientInvoice, Payment
from renfort.workshops.selectors.payees import issuer

COLUMNS = (  # the eighteen of article A47 A-1, in its order and words
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef",
    "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip
JOURNALS = {"ACH": "Achats", "VEN": "Ventes", "BQ": "Banque"}


@dataclass(frozen=True, slots=True)
class Side:
    """One line of an entry: account and its words, whose it is (number, name), cents on one side."""

    account: str
    label: str
    debit: int = 0
    credit: int = 0
    third: str = ""
    third_name: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """One entry: journal, day, paper, words, lines whose debits are their credits."""

    journal: str
    day: date
    piece: str
    piece_on: date
    words: str
    sides: tuple[Side, ...]


def bookings(first: date, last: date) -> list[Booking]:
    """Every entry of a period, both days included, in the order of days. Five queries, whatever their number.

    Purchases on the day of the payee's invoice, sales on that of the client's, the bank on the day of its report.
    """
    said = issuer()
    payees, clients = ("Animateurs", said["account_payees"]), ("Clients", said["account_clients"])
    found: list[Booking] = []
    bills = Bill.objects.filter(state=BillState.ACCEPTED, issued_on__range=(first, last)).select_related("facilitator__person")
    for bill in bills.order_by("issued_on", "pk"):
        who = (f"A{bill.facilitator_id}", bill.facilitator.person.full_name)
        sides = [Side(said["account_fees"], "Honoraires", debit=bill.excl)]
        sides += [Side(said["account_vat_in"], "TVA déductible", debit=bill.vat)] if bill.vat else []
        sides += [Side(payees[1], payees[0], credit=bill.total, third=who[0], third_name=who[1])]
        day = bill.issued_on or first
        found.append(Booking("ACH", day, bill.number, day, f"Facture {bill.number} {who[1]}", tuple(sides)))
    sold = ClientInvoice.objects.select_related("assignment__order__client__organisation")
    for invoice in sold.filter(issued_on__range=(first, last)).order_by("issued_on", "number"):
        who = _client(invoice)
        sides = [Side(clients[1], clients[0], debit=invoice.total, third=who[0], third_name=who[1])]
        sides += [Side(said["account_sales"], "Prestations", credit=invoice.excl)]
        sides += [Side(said["account_vat_out"], "TVA collectée", credit=invoice.vat)] if invoice.vat else []
        day = invoice.issued_on or first
        found.append(Booking("VEN", day, invoice.number, day, f"Facture {invoice.number} {who[1]}", tuple(sides)))
    done = Payment.objects.filter(outcome=PaymentOutcome.PAID, settled_on__range=(first, last))
    for payment in done.select_related("transfer", "bill__facilitator__person").order_by("settled_on", "pk"):
        who = (f"A{payment.bill.facilitator_id}", payment.bill.facilitator.person.full_name)
        day = payment.settled_on or first
        words = f"Virement {payment.transfer.message} {who[1]}"
        sides = [Side(payees[1], payees[0], debit=payment.amount, third=who[0], third_name=who[1])]
        sides += [Side(said["account_bank"], "Banque", credit=payment.amount)]
        found.append(Booking("BQ", day, payment.reference, payment.transfer.execution_on, words, tuple(sides)))
    for invoice in sold.filter(paid_on__range=(first, last)).order_by("paid_on", "number"):
        who = _client(invoice)
        day, piece_on = invoice.paid_on or first, invoice.issued_on or first
        sides = [Side(said["account_bank"], "Banque", debit=invoice.total)]
        sides += [Side(clients[1], clients[0], credit=invoice.total, third=who[0], third_name=who[1])]
        found.append(Booking("BQ", day, invoice.number, piece_on, f"Règlement {invoice.number} {who[1]}", tuple(sides)))
    return sorted(found, key=lambda each: (each.day, each.journal))


def _client(invoice: ClientInvoice) -> tuple[str, str]:
    client = invoice.assignment.order.client
    return f"C{client.pk}", client.organisation.name


def fec(first: date, last: date) -> Iterator[str]:
    """The lines of the file of entries: eighteen columns, tabs, days as AAAAMMJJ, amounts with a comma."""
    yield "\t".join(COLUMNS) + "\r\n"
    for number, each in enumerate(bookings(first, last), 1):
        for side in each.sides:
            if side.debit or side.credit:
                cells = (
                    each.journal, JOURNALS[each.journal], str(number), f"{each.day:%Y%m%d}", side.account, side.label, side.third,
                    side.third_name, each.piece, f"{each.piece_on:%Y%m%d}", each.words, _amount(side.debit), _amount(side.credit),
                    "", "", f"{each.day:%Y%m%d}", "", "",
                )  # fmt: skip
                yield "\t".join(" ".join(cell.split()) for cell in cells) + "\r\n"


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"

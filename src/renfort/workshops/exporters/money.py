"""The files of the association's money: fees, payees' invoices, clients' invoices, payments, by period (W11, P6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportColumn, ExportKind
from renfort.kernel.messages import Recipient
from renfort.kernel.sheets import Batch, Kind
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import BillOrigin, BillState, FeeKind, FeeState, InvoiceOrigin, PaymentOutcome
from renfort.workshops.forms.money import PeriodForm
from renfort.workshops.models import Bill, ClientInvoice, Fee, Payment

BATCH = 2000  # rows held at once
FEES, BILLS, INVOICES, PAYMENTS = (f"workshops.money_{name}" for name in ("fees", "bills", "invoices", "payments"))
Cell = tuple[ExportColumn, Callable[[Any], Any]]


def period_of(asked: Asked) -> tuple[date, date] | None:
    """The period that the address says; None: all."""
    form = PeriodForm(QueryDict(asked.query))
    return (form.cleaned_data["du"], form.cleaned_data["au"]) if form.is_valid() else None


def as_staff(whole: Actor, asked: Asked) -> Actor | None:
    """The person as « Association », when they still are; else None."""
    actor = whole.in_role(asked.role)
    held = actor.acting if actor else None
    return actor if held and (held.programme, held.role) == (Programme.WORKSHOPS, Role.ASSOCIATION_STAFF) else None


def reader(person_id: int) -> Recipient | None:
    """How the person is told."""
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def _cell(key: str, label: Any, value: Callable[[Any], Any], kind: Kind = Kind.TEXT, **more: Any) -> Cell:
    return ExportColumn(key=key, label=label, kind=kind, **more), value


def _euros(name: str) -> Callable[[Any], float]:
    return lambda row: getattr(row, name) / 100


AMOUNTS = (
    _cell("excl", gettext_lazy("Hors taxes"), _euros("excl"), Kind.NUMBER),
    _cell("vat", gettext_lazy("TVA"), _euros("vat"), Kind.NUMBER),
    _cell("total", gettext_lazy("Toutes taxes comprises"), _euros("total"), Kind.NUMBER, width=20),
)
LISTS: dict[str, tuple[Any, Any, str, Callable[[], QuerySet[Any]], tuple[Cell, ...]]] = {
    FEES: (
        gettext_lazy("Rétributions"), gettext_lazy("retributions"), "rate_on",
        lambda: Fee.objects.select_related("payee", "assignment__order__client__organisation", "bill_line__bill"),
        (
            _cell("number", gettext_lazy("Numéro"), lambda row: row.pk, Kind.NUMBER),
            _cell("payee", gettext_lazy("Animateur·ice"), lambda row: row.payee.full_name, width=28),
            _cell("client", gettext_lazy("Client"), lambda row: row.assignment.order.client.organisation.name, width=30),
            _cell("order", gettext_lazy("Commande"), lambda row: row.assignment.order.title, width=30),
            _cell("kind", gettext_lazy("Type"), lambda row: str(FeeKind(row.kind).label)),
            _cell("day", gettext_lazy("Date"), lambda row: row.rate_on, Kind.DAY),
            _cell("quantity", gettext_lazy("Nombre"), lambda row: row.quantity, Kind.NUMBER),
            _cell("amount", gettext_lazy("Hors taxes"), _euros("amount"), Kind.NUMBER),
            _cell("state", gettext_lazy("État"), lambda row: str(FeeState(row.state).label)),
            _cell("bill", gettext_lazy("Facture"), lambda row: row.bill_line.bill.number if hasattr(row, "bill_line") else None),
        ),
    ),
    BILLS: (
        gettext_lazy("Factures des animateur·ices"), gettext_lazy("factures-des-animateurs"), "issued_on",
        lambda: Bill.objects.select_related("facilitator__person"),
        (
            _cell("number", gettext_lazy("Facture"), lambda row: row.number),
            _cell("payee", gettext_lazy("Animateur·ice"), lambda row: row.facilitator.person.full_name, width=28),
            _cell("origin", gettext_lazy("Origine"), lambda row: str(BillOrigin(row.origin).label)),
            _cell("day", gettext_lazy("Date"), lambda row: row.issued_on, Kind.DAY),
            _cell("due", gettext_lazy("Échéance"), lambda row: row.due_on, Kind.DAY),
            *AMOUNTS,
            _cell("state", gettext_lazy("État"), lambda row: str(BillState(row.state).label)),
            _cell("digest", gettext_lazy("Empreinte (SHA-256)"), lambda row: row.digest, ticked=False),
        ),
    ),
    INVOICES: (
        gettext_lazy("Factures aux clients"), gettext_lazy("factures-clients"), "issued_on",
        lambda: ClientInvoice.objects.select_related("assignment__order__client__organisation"),
        (
            _cell("number", gettext_lazy("Facture"), lambda row: row.number),
            _cell("client", gettext_lazy("Client"), lambda row: row.assignment.order.client.organisation.name, width=30),
            _cell("order", gettext_lazy("Commande"), lambda row: row.assignment.order.title, width=30),
            _cell("origin", gettext_lazy("Origine"), lambda row: str(InvoiceOrigin(row.origin).label)),
            _cell("day", gettext_lazy("Date"), lambda row: row.issued_on, Kind.DAY),
            _cell("due", gettext_lazy("Échéance"), lambda row: row.due_on, Kind.DAY),
            *AMOUNTS,
            _cell("paid", gettext_lazy("Payée le"), lambda row: row.paid_on, Kind.DAY),
        ),
    ),
    PAYMENTS: (
        gettext_lazy("Paiements"), gettext_lazy("paiements"), "transfer__execution_on",
        lambda: Payment.objects.select_related("transfer", "bill"),
        (
            _cell("transfer", gettext_lazy("Virement"), lambda row: row.transfer.message),
            _cell("reference", gettext_lazy("Référence"), lambda row: row.reference),
            _cell("holder", gettext_lazy("Titulaire"), lambda row: row.holder, width=28),
            _cell("iban", gettext_lazy("Compte"), lambda row: row.masked),
            _cell("bill", gettext_lazy("Facture"), lambda row: row.bill.number),
            _cell("amount", gettext_lazy("Montant"), _euros("amount"), Kind.NUMBER),
            _cell("day", gettext_lazy("Exécution"), lambda row: row.transfer.execution_on, Kind.DAY),
            _cell("outcome", gettext_lazy("Résultat"), lambda row: str(PaymentOutcome(row.outcome).label)),
            _cell("reason", gettext_lazy("Motif"), lambda row: row.reason or None),
        ),
    ),
}  # fmt: skip


def rows_of(kind: str, asked: Asked) -> QuerySet[Any]:
    """The rows of a list in the period of the address."""
    _label, _name, day, rows, _cells = LISTS[kind]
    period = period_of(asked)
    return rows().filter(Q(**{f"{day}__range": period}) if period else Q()).order_by("pk")


def _read(kind: str) -> Callable[[Actor, Asked, Sequence[str]], Iterator[Batch]]:
    def read(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
        by_key = {column.key: value for column, value in LISTS[kind][4]}
        last: Any = None
        while rows := list((rows_of(kind, asked).filter(pk__gt=last) if last else rows_of(kind, asked))[:BATCH]):
            last = rows[-1].pk
            yield [[by_key[key](row) for row in rows] for key in keys]

    return read


def _words(asked: Asked) -> list[str]:
    period = period_of(asked)
    return [_("Du %(first)s au %(last)s") % {"first": f"{period[0]:%d/%m/%Y}", "last": f"{period[1]:%d/%m/%Y}"}] if period else []


def _declare(kind: str) -> None:
    label, name, _day, _rows, cells = LISTS[kind]
    ExportKind(
        key=kind, label=label, file_name=name, columns=lambda: [column for column, _value in cells], person=actor_of,
        reader=reader, acts=as_staff, count=lambda actor, asked: rows_of(kind, asked).count(), read=_read(kind), filters=_words,
    )  # fmt: skip


for _kind in LISTS:
    _declare(_kind)

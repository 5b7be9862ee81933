"""What is to be invoiced, paid and received: the figures of the association, each the sum of the rows that it opens (W11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from renfort.workshops.enums import AssignmentState, Kind, Presence
from renfort.workshops.models import Assignment, ClientInvoice, OrderLine
from renfort.workshops.selectors.sessions import progress_of


@dataclass(frozen=True, slots=True)
class Proposed:
    """One line of an invoice to come: the order line's number and words, how many services, cents of one."""

    number: int
    words: str
    quantity: int
    ordered: int
    unit: int

    @property
    def amount(self) -> int:
        return self.quantity * self.unit

    def times(self, quantity: int) -> Proposed:
        """The same with another quantity."""
        return replace(self, quantity=quantity)

    def facts(self) -> dict[str, Any]:
        """As the invoice keeps it."""
        return {"words": self.words, "quantity": self.quantity, "unit": self.unit, "amount": self.amount}


def proposals(assignments: Iterable[Assignment]) -> dict[int, list[Proposed]]:
    """What would be invoiced for each assignment: of each order line as many services as took place, never more than ordered.

    Five queries, whatever their number. What took place is counted by kind and fills the lines in their order.
    """
    wanted = list(assignments)
    progress = progress_of(wanted)
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(order__in=[each.order_id for each in wanted]).order_by("pk"):
        lines[line.order_id].append(line)
    found: dict[int, list[Proposed]] = {}
    with translation.override("fr"):
        for each in wanted:
            left = {figure.kind: figure.done for figure in progress[each.pk].figures}
            rows = []
            for line in lines[each.order_id]:
                quantity = min(line.quantity, left.get(line.kind, 0))
                left[line.kind] = left.get(line.kind, 0) - quantity
                words = _("%(kind)s, %(presence)s") % {
                    "kind": Kind(line.kind).label, "presence": str(Presence(line.presence).label).lower(),
                }  # fmt: skip
                rows.append(Proposed(line.pk, words, quantity, line.quantity, line.unit_price))
            found[each.pk] = rows
    return found


def to_invoice() -> QuerySet[Assignment]:
    """The closed assignments whose client was not invoiced, the oldest first."""
    found = Assignment.objects.filter(state=AssignmentState.CLOSED, invoice=None)
    return found.select_related("order__client__organisation", "coordinator__person").order_by("closed_at", "pk")


def invoices(*, unpaid: bool = False) -> QuerySet[ClientInvoice]:
    """The clients' invoices, the newest first."""
    found = ClientInvoice.objects.select_related("assignment__order__client__organisation")
    return (found.filter(paid_on=None) if unpaid else found).order_by("-issued_on", "-created_at")


def sum_to_invoice() -> int:
    """Cents before tax of all that ``to_invoice`` lists, as it is proposed."""
    return sum(line.amount for lines in proposals(to_invoice()).values() for line in lines)


def sum_of(rows: QuerySet[Any], field: str = "total") -> int:
    """Cents of all rows together. One query."""
    return int(rows.order_by().aggregate(n=Sum(field))["n"] or 0)

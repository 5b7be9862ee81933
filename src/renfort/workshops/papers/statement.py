"""« Relevé de rétributions »: what was approved for a payee in a month (W8, W12). Amounts are cents before tax."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.money import euros
from renfort.kernel.papers import Facts, PaperKind, Sheet
from renfort.organisations.enums import Programme
from renfort.workshops.enums import FeeKind, Kind, RateRole
from renfort.workshops.selectors.fees import approved_in


def statement_facts(payee: int, name: str, month: date) -> dict[str, Any]:
    """What was approved for somebody in a month, up to now. One query."""
    fees = list(approved_in(payee, month))
    rows = [
        {
            "day": fee.rate_on.isoformat(),
            "client": fee.assignment.order.client.organisation.name,
            "kind": fee.enrolment.session.kind if fee.enrolment else "",
            "role": fee.enrolment.seat if fee.enrolment else str(FeeKind.COORDINATION),
            "quantity": fee.quantity,
            "unit": fee.unit_amount,
            "amount": fee.amount,
        }
        for fee in fees
    ]
    return {"name": name, "month": month.isoformat(), "rows": rows, "total": sum(fee.amount for fee in fees)}


def statement_now(subject: int, facts: Facts) -> dict[str, Any]:
    """The same month as it is today; clients keep the name that the paper says."""
    now = statement_facts(subject, facts["name"], date.fromisoformat(facts["month"]))
    if len(now["rows"]) == len(facts["rows"]):
        for row, written in zip(now["rows"], facts["rows"], strict=True):
            row["client"] = written["client"]
    return now


def _month(facts: Facts) -> str:
    return date_format(date.fromisoformat(facts["month"]), "YEAR_MONTH_FORMAT")


def _what(row: Facts) -> str:
    kind = Kind(row["kind"]).label if row["kind"] else ""
    return " · ".join(str(label) for label in (kind, RateRole(row["role"]).label) if label)


def statement_sheet(facts: Facts) -> Sheet:
    """What the statement prints: each line with its day, client, part, and the total."""
    return Sheet(
        title=_("Relevé de rétributions"),
        lead=_("Rétributions approuvées en %(month)s pour") % {"month": _month(facts)},
        name=facts["name"],
        facts=((_("Mois"), _month(facts)), (_("Total hors taxes"), euros(facts["total"]))),
        table=_("Les lignes"),
        columns=(_("Date"), _("Client"), _("Pour"), _("Nombre"), _("Prix unitaire"), _("Montant")),
        widths=(5, 9, 8, 4, 5, 5),
        rows=tuple(
            (
                date_format(date.fromisoformat(row["day"]), "SHORT_DATE_FORMAT"), row["client"], _what(row), str(row["quantity"]),
                euros(row["unit"]), euros(row["amount"]),
            )
            for row in facts["rows"]
        ),
        total=(_("Total hors taxes"), euros(facts["total"])),
        closing=_("Ce relevé n'est pas une facture. Il dit ce que l'association a approuvé, au tarif du jour de chaque session."),
    )  # fmt: skip


def statement_shown(facts: Facts) -> Sequence[tuple[str, str]]:
    """What the public page repeats: for whom, the month and the total, without the lines."""
    return [(_("Pour"), facts["name"]), (_("Mois"), _month(facts)), (_("Total hors taxes"), euros(facts["total"]))]


STATEMENT = PaperKind(
    key="workshops.statement",
    label=gettext_lazy("Relevé de rétributions"),
    programme=Programme.WORKSHOPS,
    subject="people.person",
    sheet=statement_sheet,
    shown=statement_shown,
    now=statement_now,
    compared={"total": gettext_lazy("le total"), "rows": gettext_lazy("le détail des lignes")},
)

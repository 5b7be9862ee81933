"""« Convention » of an order: what the law wants of it, from the order as it stands (Code du travail, D6353-1; W11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.money import euros
from renfort.kernel.papers import Facts, PaperKind, Sheet
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import site_name
from renfort.workshops.enums import Kind, Presence
from renfort.workshops.models import Order

NEEDED = ("aim", "content", "means", "duration", "follow_up", "payment")  # with title, period and price: D6353-1


def order_facts(order: Order) -> dict[str, Any]:
    """What the convention says. Money is cents before tax. One query beside the order's client."""
    client = order.client.organisation
    lines = list(order.lines.order_by("pk"))
    return {
        "title": order.title,
        "client": client.name,
        "siret": client.siret,
        "address": ", ".join(part for part in (client.address, f"{client.postcode} {client.city}".strip()) if part),
        **{name: getattr(order, name) for name in NEEDED},
        "first_on": order.first_on.isoformat() if order.first_on else "",
        "last_on": order.last_on.isoformat() if order.last_on else "",
        "wanted_on": [day.isoformat() for day in order.wanted_on],
        "participants": sum(line.participants for line in lines),
        "lines": [
            {"kind": line.kind, "presence": line.presence, "quantity": line.quantity, "price": line.unit_price} for line in lines
        ],
        "signed_on": order.signed_on.isoformat() if order.signed_on else "",
        "signed_by": order.signed_by,
    }


def order_facts_now(subject: int, facts: Facts) -> Facts | None:
    """The same order as it stands today."""
    found = Order.objects.select_related("client__organisation").filter(pk=subject).first()
    return order_facts(found) if found is not None else None


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "DATE_FORMAT")


def _period(facts: Facts) -> str:
    if facts["wanted_on"]:
        return ", ".join(_day(value) for value in facts["wanted_on"])
    if facts["first_on"]:
        return _("du %(start)s au %(end)s") % {"start": _day(facts["first_on"]), "end": _day(facts["last_on"])}
    return _("à convenir")


def _total(facts: Facts) -> int:
    return sum(int(line["quantity"]) * int(line["price"]) for line in facts["lines"])


def order_sheet(facts: Facts) -> Sheet:
    """What is printed, in the order of the law."""
    people = facts["participants"]
    signed = (
        _("Signée par %(name)s le %(day)s.") % {"name": facts["signed_by"], "day": _day(facts["signed_on"])}
        if facts["signed_on"]
        else _("À signer par les deux parties, avec le nom de qui signe, la date et le cachet.")
    )
    return Sheet(
        title=_("Convention"),
        lead=_("Entre %(site)s et") % {"site": site_name()},
        name=facts["client"],
        sentences=(_("Objet : %(title)s.") % {"title": facts["title"]},),
        facts=(
            (_("SIRET"), facts["siret"]),
            (_("Adresse"), facts["address"]),
            (_("Objectif"), facts["aim"]),
            (_("Contenu"), facts["content"]),
            (_("Moyens"), facts["means"]),
            (_("Durée"), facts["duration"]),
            (_("Période"), _period(facts)),
            (_("Effectif"), ngettext("%(n)d personne", "%(n)d personnes", people) % {"n": people} if people else ""),
            (_("Suivi, évaluation et sanction"), facts["follow_up"]),
            (_("Modalités de règlement"), facts["payment"]),
        ),
        table=_("Prix"),
        columns=(_("Prestation"), _("Nombre"), _("Prix unitaire HT"), _("Total HT")),
        widths=(9, 3, 5, 5),
        rows=tuple(
            (
                f"{Kind(line['kind']).label}, {Presence(line['presence']).label}",
                str(line["quantity"]),
                euros(line["price"]),
                euros(line["quantity"] * line["price"]),
            )
            for line in facts["lines"]
        ),
        total=(_("Total hors taxes"), euros(_total(facts))),
        closing=signed,
    )


def order_shown(facts: Facts) -> Sequence[tuple[str, str]]:
    """What the public page repeats; no price."""
    return [(_("Objet"), facts["title"]), (_("Client"), facts["client"]), (_("Période"), _period(facts))]


CONVENTION = PaperKind(
    key="workshops.convention",
    label=gettext_lazy("Convention"),
    programme=Programme.WORKSHOPS,
    subject="workshops.order",
    sheet=order_sheet,
    shown=order_shown,
    now=order_facts_now,
    compared={
        "title": gettext_lazy("l'objet"),
        "lines": gettext_lazy("les prestations ou leur prix"),
        "payment": gettext_lazy("les modalités de règlement"),
        "signed_on": gettext_lazy("la signature"),
    },
)

"""The association's orders as a file: exactly the rows of the list, in its order (W11, P6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportColumn, ExportKind
from renfort.kernel.messages import Recipient
from renfort.kernel.money import CENTS
from renfort.kernel.sheets import Batch, Kind
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import AssignmentState, Audience
from renfort.workshops.forms.filters import OrderFilterForm
from renfort.workshops.models import Assignment
from renfort.workshops.selectors.pipeline import orders_found
from renfort.workshops.selectors.sessions import Progress, progress_of

ORDERS = "workshops.orders"
BATCH = 500  # rows held at once

Cell = Callable[[Assignment, Progress, int], Any]
COLUMNS: tuple[tuple[ExportColumn, Cell], ...] = (
    (ExportColumn(key="number", label=gettext_lazy("Numéro"), kind=Kind.NUMBER), lambda row, _p, _t: row.order_id),
    (ExportColumn(key="title", label=gettext_lazy("Commande"), width=36), lambda row, _p, _t: row.order.title),
    (
        ExportColumn(key="client", label=gettext_lazy("Client"), width=36),
        lambda row, _p, _t: row.order.client.organisation.name,
    ),
    (ExportColumn(key="siret", label=gettext_lazy("SIRET"), width=18), lambda row, _p, _t: row.order.client.organisation.siret),
    (ExportColumn(key="city", label=gettext_lazy("Ville")), lambda row, _p, _t: row.order.client.organisation.city),
    (ExportColumn(key="audience", label=gettext_lazy("Public")), lambda row, _p, _t: str(Audience(row.order.audience).label)),
    (ExportColumn(key="state", label=gettext_lazy("État")), lambda row, _p, _t: str(AssignmentState(row.state).label)),
    (
        ExportColumn(key="coordinator", label=gettext_lazy("Coordination"), width=26),
        lambda row, _p, _t: row.coordinator.person.full_name if row.coordinator else None,
    ),
    (ExportColumn(key="ordered", label=gettext_lazy("Commandé"), kind=Kind.NUMBER), lambda _r, progress, _t: progress.ordered),
    (
        ExportColumn(key="planned", label=gettext_lazy("Avec animateur·ice"), kind=Kind.NUMBER),
        lambda _r, progress, _t: progress.planned,
    ),
    (ExportColumn(key="done", label=gettext_lazy("Fait"), kind=Kind.NUMBER), lambda _r, progress, _t: progress.done),
    (
        ExportColumn(key="total", label=gettext_lazy("Total hors taxes, en euros"), kind=Kind.NUMBER, width=24),
        lambda _r, _p, total: total / CENTS,
    ),
    (
        ExportColumn(key="first_on", label=gettext_lazy("Première date souhaitée"), kind=Kind.DAY, width=22),
        lambda row, _p, _t: row.order.first_on,
    ),
    (
        ExportColumn(key="last_on", label=gettext_lazy("Dernière date souhaitée"), kind=Kind.DAY, width=22),
        lambda row, _p, _t: row.order.last_on,
    ),
    (
        ExportColumn(key="signed_on", label=gettext_lazy("Convention signée le"), kind=Kind.DAY, width=20),
        lambda row, _p, _t: row.order.signed_on,
    ),
    (
        ExportColumn(key="closed_on", label=gettext_lazy("Clôturée le"), kind=Kind.DAY, width=14),
        lambda row, _p, _t: row.closed_at.date() if row.closed_at else None,
    ),
)


def acts(whole: Actor, asked: Asked) -> Actor | None:
    """The person as somebody of the association, when they still are; else None."""
    actor = whole.in_role(asked.role)
    return actor if actor is not None and actor.holds(Programme.WORKSHOPS, Role.ASSOCIATION_STAFF) else None


def reader(person_id: int) -> Recipient | None:
    """Who is told that the file is ready."""
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person is not None else None


def _form(asked: Asked) -> OrderFilterForm:
    return OrderFilterForm(QueryDict(asked.query))


def _count(_actor: Actor, asked: Asked) -> int:
    return orders_found(_form(asked).said).count()


def _read(_actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    rows = orders_found(_form(asked).said, QueryDict(asked.query).get("tri", "") or "").prefetch_related("order__lines")
    cells = {column.key: cell for column, cell in COLUMNS}
    batch: list[Assignment] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield _columns(batch, [cells[key] for key in keys])
            batch = []
    if batch:
        yield _columns(batch, [cells[key] for key in keys])


def _columns(batch: list[Assignment], cells: Sequence[Cell]) -> Batch:
    progress = progress_of(batch)
    totals = [sum(line.total for line in row.order.lines.all()) for row in batch]
    return [[cell(row, progress[row.pk], total) for row, total in zip(batch, totals, strict=True)] for cell in cells]


def _filters(asked: Asked) -> list[str]:
    form = _form(asked)
    return [form.words(name) for name in form.said]


ExportKind(
    key=ORDERS,
    label=gettext_lazy("Commandes"),
    file_name=gettext_lazy("commandes"),
    columns=lambda: [column for column, _cell in COLUMNS],
    person=actor_of,
    reader=reader,
    acts=acts,
    count=_count,
    read=_read,
    filters=_filters,
)

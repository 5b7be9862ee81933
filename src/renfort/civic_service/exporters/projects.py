"""The host projects of a case manager's list as a file: exactly its rows, in its order (S10, P6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import Domain, ProjectState
from renfort.civic_service.forms.review import ReviewFilterForm
from renfort.civic_service.models import HostProject
from renfort.civic_service.selectors.review import campaigns_studied, departments_managed, in_order, narrowed, projects_managed
from renfort.civic_service.selectors.roles import is_case_manager, is_national
from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportColumn, ExportKind
from renfort.kernel.messages import Recipient
from renfort.kernel.sheets import Batch, Kind
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.territories.selectors import departments

PROJECTS = "civic_service.projects"
BATCH = 500  # rows held at once
LONG = ("aim", "tasks", "setting", "audience", "minors_support")

Cell = Callable[[HostProject], Any]


def _day(moment: Any, project: HostProject) -> Any:
    """The day of a moment on the clocks of the establishment."""
    zone = project.establishment.organisation.department.time_zone
    return timezone.localtime(moment, zone).date() if moment is not None else None


COLUMNS: tuple[tuple[ExportColumn, Cell], ...] = (
    (ExportColumn(key="number", label=gettext_lazy("Numéro"), kind=Kind.NUMBER), lambda row: row.pk),
    (ExportColumn(key="campaign", label=gettext_lazy("Campagne"), width=24), lambda row: row.campaign.title),
    (
        ExportColumn(key="establishment", label=gettext_lazy("Établissement"), width=36),
        lambda row: row.establishment.organisation.name,
    ),
    (ExportColumn(key="uai", label=gettext_lazy("Code RNE (UAI)"), width=16), lambda row: row.establishment.uai),
    (ExportColumn(key="city", label=gettext_lazy("Ville")), lambda row: row.establishment.organisation.city),
    (
        ExportColumn(key="department", label=gettext_lazy("Département")),
        lambda row: str(row.establishment.organisation.department),
    ),
    (ExportColumn(key="title", label=gettext_lazy("Projet"), width=36), lambda row: row.title),
    (
        ExportColumn(key="domain", label=gettext_lazy("Domaine")),
        lambda row: str(Domain(row.domain).label) if row.domain in Domain.values else "",
    ),
    (ExportColumn(key="asked", label=gettext_lazy("Volontaires demandés"), kind=Kind.NUMBER), lambda row: row.asked),
    (ExportColumn(key="granted", label=gettext_lazy("Volontaires accordés"), kind=Kind.NUMBER), lambda row: row.granted),
    (ExportColumn(key="state", label=gettext_lazy("État")), lambda row: str(ProjectState(row.state).label)),
    (
        ExportColumn(key="first_on", label=gettext_lazy("Premier jour souhaité"), kind=Kind.DAY, width=20),
        lambda row: row.first_on,
    ),
    (ExportColumn(key="months", label=gettext_lazy("Durée en mois"), kind=Kind.NUMBER), lambda row: row.months),
    (
        ExportColumn(key="queued_on", label=gettext_lazy("En attente depuis le"), kind=Kind.DAY, width=20),
        lambda row: _day(row.queued_at, row),
    ),
    (
        ExportColumn(key="decided_on", label=gettext_lazy("Décidé le"), kind=Kind.DAY, width=14),
        lambda row: _day(row.decided_at, row),
    ),
)


def acts(whole: Actor, asked: Asked) -> Actor | None:
    """The person as a case manager, when they still are the one of this role; else None."""
    actor = whole.in_role(asked.role)
    return actor if actor is not None and is_case_manager(actor) else None


def reader(person_id: int) -> Recipient | None:
    """Who is told that the file is ready."""
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person is not None else None


def _form(actor: Actor, asked: Asked) -> ReviewFilterForm:
    return ReviewFilterForm(
        QueryDict(asked.query), campaigns=campaigns_studied(), departments=departments_managed(actor), whole=is_national(actor)
    )


def _listed(actor: Actor, asked: Asked) -> QuerySet[HostProject]:
    return narrowed(projects_managed(actor), _form(actor, asked).said, actor)


def _count(actor: Actor, asked: Asked) -> int:
    return _listed(actor, asked).count()


def _read(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    rows = in_order(_listed(actor, asked), QueryDict(asked.query).get("tri", "") or "")
    rows = rows.select_related("campaign", "establishment__organisation__department").defer(*LONG)
    known = {column.key: cell for column, cell in COLUMNS}
    cells = [known[key] for key in keys]
    batch: list[HostProject] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield [[cell(each) for each in batch] for cell in cells]
            batch = []
    if batch:
        yield [[cell(each) for each in batch] for cell in cells]


def _filters(asked: Asked) -> list[str]:
    """What narrows the list, in words; without the actor, departments are those of the whole country."""
    form = ReviewFilterForm(QueryDict(asked.query), campaigns=campaigns_studied(), departments=departments(), whole=True)
    return [form.words(name) for name in form.said]


ExportKind(
    key=PROJECTS,
    label=gettext_lazy("Projets d'accueil"),
    file_name=gettext_lazy("projets-d-accueil"),
    columns=lambda: [column for column, _cell in COLUMNS],
    person=actor_of,
    reader=reader,
    acts=acts,
    count=_count,
    read=_read,
    filters=_filters,
)

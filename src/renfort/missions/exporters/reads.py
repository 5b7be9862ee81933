"""What every file of this app is made of: columns with where their cells come from, rows by batches (P6, R19)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renfort.kernel.exports import Asked, ExportColumn
from renfort.kernel.messages import Recipient
from renfort.kernel.sheets import Batch, Kind
from renfort.missions.models import (
    Mission,
)
from renfort.missions.models.reasons import Reason
from renfort.missions.selectors.reasons import reasons_worded
from renfort.missions.selectors.territory import (
    online,
)
from renfort.organisations.selectors import ever_members_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

BATCH = 2000  # rows held at once

Source = str | Combinable

Sorts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """A column with where its cells come from. ``words`` gives the words of codes, in the reader's language.

    ``of_mission``: the source is a mission's, which many participations share: read once a batch for each mission, which is
    a third of the time of a large file.
    """

    column: ExportColumn
    source: Callable[[], Source]
    words: Callable[[], Mapping[Any, Any]] | None = None
    of_mission: bool = False


def read_of(
    key: str,
    label: Any,
    source: Source | Callable[[], Source],
    kind: Kind = Kind.TEXT,
    *,
    words: Any = None,
    of_mission: bool = False,
    **more: Any,
) -> Read:
    column = ExportColumn(key=key, label=label, kind=kind, **more)
    return Read(column, source if callable(source) else lambda: source, words, of_mission)


def reason_words(model: type[Reason]) -> Callable[[], Mapping[Any, Any]]:
    """The words of a list of reasons as they are today."""
    return lambda: {"": None, **reasons_worded(model)}


def labels(choices: Any) -> Callable[[], Mapping[Any, Any]]:
    return lambda: {"": None, **{value: str(label) for value, label in choices.choices}}


def moment_of(field: str, zone: str) -> Func:
    """A moment as the clocks of the mission's place show it."""
    return Func(F(zone), F(field), function="timezone", output_field=DateTimeField())


def in_language(field: str) -> Source:
    """The operator's words in the reader's language; French where there is no English."""
    if (get_language() or "fr").startswith("en"):
        return Coalesce(NullIf(F(f"{field}_en"), Value("")), F(f"{field}_fr"))
    return F(f"{field}_fr")


def joined(*fields: str, between: str = " ") -> Concat:
    parts: list[Any] = []
    for field in fields:
        parts += [F(field), Value(between)] if field != fields[-1] else [F(field)]
    return Concat(*parts, output_field=TextField())


def missions_online() -> Source:
    """How many missions of the organisation are online now."""
    found = Mission.objects.filter(online(timezone.now()), organisation=OuterRef("pk")).order_by().values("organisation")
    return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def reader(person_id: int) -> Recipient | None:
    """How the person is told."""
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def said_in(form: type[Any], asked: Asked) -> dict[str, Any]:
    """What the list's address asks for, read as the list reads it: what it cannot understand narrows nothing."""
    filled = form(QueryDict(asked.query))
    filled.is_valid()
    return dict(filled.cleaned_data)


def narrowed_by(form: type[Any]) -> Callable[[Asked], Sequence[str]]:
    """What narrows the list, in words: « Statut : Validée »."""

    def words(asked: Asked) -> list[str]:
        filled = form(QueryDict(asked.query))
        filled.is_valid()
        if filled.cleaned_data.get("responsable"):
            filled.name_team({grant.person_id: grant.person.full_name for grant in ever_members_of(asked.organisation or 0)})
        found = []
        for name, value in filled.cleaned_data.items():
            if value in (None, "", [], ()) or filled.fields[name].widget.is_hidden:
                continue
            labels = dict(getattr(filled.fields[name], "choices", ()))
            shown = labels.get(value, value) if isinstance(value, str) else value
            found.append(_("%(name)s : %(value)s") % {"name": filled.fields[name].label, "value": shown})
        return found

    return words


def chosen(reads: Sequence[Read], keys: Sequence[str]) -> list[Read]:
    by_key = {read.column.key: read for read in reads}
    return [by_key[key] for key in keys]


def batches(rows: QuerySet[Any], reads: Sequence[Read], before: Sequence[str]) -> Iterator[Batch]:
    """The rows by a server-side cursor, as columns: those named in ``before``, then what was chosen."""
    named = {f"cell_{number}": source for number, read in enumerate(reads) if not isinstance(source := read.source(), str)}
    sources = [f"cell_{number}" if f"cell_{number}" in named else read.source() for number, read in enumerate(reads)]
    words = [read.words() if read.words else None for read in reads]
    found = rows.annotate(**named).values_list(*before, *sources).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        columns = list(zip(*batch, strict=True))
        cells: list[Sequence[Any]] = list(columns[: len(before)])
        for column, known in zip(columns[len(before) :], words, strict=True):
            cells.append(column if known is None else list(map(known.get, column, column)))
        yield cells

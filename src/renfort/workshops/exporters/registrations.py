"""The list of participants of a session as a file: exactly what the page lists, in its order (W6, P6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportColumn, ExportKind
from renfort.kernel.messages import Recipient
from renfort.kernel.sheets import Batch, Kind
from renfort.kernel.words import typed_words
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import RegistrationSource, RegistrationState
from renfort.workshops.forms.registrations import ListForm
from renfort.workshops.models import Registration, Session
from renfort.workshops.rules import brings_participants
from renfort.workshops.selectors.registrations import registrations_of, session_in_full

PARTICIPANTS = "workshops.participants"
SESSION = "session"  # which list, in the query of the address; a claim, judged each time by ``acts``
BATCH = 1000


def _session(asked: Asked) -> Session | None:
    said = str(QueryDict(asked.query).get(SESSION, ""))
    return session_in_full(int(said)) if said.isascii() and said.isdigit() and len(said) < 10 else None  # noqa: PLR2004 -- fits


def _reader(person_id: int) -> Recipient | None:
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def _acts(whole: Actor, asked: Asked) -> Actor | None:
    acting, session = whole.in_role(asked.role), _session(asked)
    return acting if acting is not None and session is not None and brings_participants(acting, session) else None


def _rows(asked: Asked) -> QuerySet[Registration]:
    session = _session(asked)
    if session is None:
        return Registration.objects.none()
    words, state = ListForm(QueryDict(asked.query)).asked()
    return registrations_of(session, typed_words(words), state)


@dataclass(frozen=True, slots=True)
class _Read:
    column: ExportColumn
    cell: Callable[[Registration, ZoneInfo], Any]


def _moment(name: str) -> Callable[[Registration, ZoneInfo], Any]:
    """On the clocks of the session's place; a spreadsheet knows no zones."""

    def cell(row: Registration, zone: ZoneInfo) -> Any:
        at = getattr(row, name)
        return at.astimezone(zone).replace(tzinfo=None) if at is not None else None

    return cell


READS = (
    _Read(ExportColumn(key="last_name", label=gettext_lazy("Nom")), lambda row, _zone: row.last_name),
    _Read(ExportColumn(key="first_name", label=gettext_lazy("Prénom")), lambda row, _zone: row.first_name),
    _Read(ExportColumn(key="email", label=gettext_lazy("E-mail"), width=30, is_contact=True), lambda row, _zone: row.email),
    _Read(
        ExportColumn(key="state", label=gettext_lazy("État"), width=20),
        lambda row, _zone: str(RegistrationState(row.state).label),
    ),
    _Read(
        ExportColumn(key="source", label=gettext_lazy("Venu·e par"), width=26, ticked=False),
        lambda row, _zone: str(RegistrationSource(row.source).label),
    ),
    _Read(ExportColumn(key="created_at", label=gettext_lazy("Créé le"), kind=Kind.MOMENT), _moment("created_at")),
    _Read(ExportColumn(key="agreed_at", label=gettext_lazy("Accord donné le"), kind=Kind.MOMENT), _moment("agreed_at")),
)


def _read(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    by_key = {read.column.key: read for read in READS}
    chosen, session = [by_key[key] for key in keys], _session(asked)
    if session is None:
        return
    zone = ZoneInfo(session.zone)
    rows = _rows(asked).iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        yield [[read.cell(row, zone) for row in batch] for read in chosen]


def _filters(asked: Asked) -> list[str]:
    session = _session(asked)
    words, state = ListForm(QueryDict(asked.query)).asked()
    said = [f"{session.title}, {session.words}"] if session is not None else []
    if words:
        said.append(words)
    if state in RegistrationState.values:
        said.append(str(RegistrationState(state).label))
    return said


ExportKind(
    key=PARTICIPANTS,
    label=gettext_lazy("Participant·es"),
    file_name=gettext_lazy("participants"),
    columns=lambda: [read.column for read in READS],
    person=actor_of,
    reader=_reader,
    acts=_acts,
    count=lambda actor, asked: _rows(asked).count(),
    read=_read,
    filters=_filters,
)

"""What participants answered as files: figures by assignment and question, free texts; the rights are the pages' (W7, P6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportColumn, ExportKind
from renfort.kernel.messages import Recipient
from renfort.kernel.sheets import Batch, Kind
from renfort.organisations.enums import Role
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import Audience, Moment
from renfort.workshops.enums import Kind as SessionKind
from renfort.workshops.forms.surveys import ResultsForm
from renfort.workshops.models import Answer, Assignment
from renfort.workshops.selectors.results import FEWEST, Wanted, by_assignment, newest_questions, words

BATCH = 1000
RESULTS, WORDS = "workshops.results", "workshops.words"


def _reader(person_id: int) -> Recipient | None:
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def _acts(whole: Actor, asked: Asked) -> Actor | None:
    """The association, or who coordinates for a client; what they may know is narrowed by the selectors."""
    acting = whole.in_role(asked.role)
    held = acting.acting if acting is not None else None
    return acting if held is not None and held.role in (Role.ASSOCIATION_STAFF, Role.COORDINATOR) else None


def _wanted(asked: Asked) -> Wanted:
    return ResultsForm(QueryDict(asked.query)).wanted()


def _filters(asked: Asked) -> list[str]:
    form = ResultsForm(QueryDict(asked.query))
    form.is_valid()
    said = []
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if value and not field.widget.is_hidden:
            shown = dict(getattr(field, "choices", ())).get(value, value)
            said.append(_("%(name)s : %(value)s") % {"name": field.label, "value": shown})
    return said


def _chosen(keys: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[Batch]:
    found = iter(rows)
    while batch := list(islice(found, BATCH)):
        yield [[row[key] for row in batch] for key in keys]


COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn(key="client", label=gettext_lazy("Client"), width=30),
    ExportColumn(key="mission", label=gettext_lazy("Mission de coordination"), width=30),
    ExportColumn(key="audience", label=gettext_lazy("Public"), width=18),
    ExportColumn(key="moment", label=gettext_lazy("Questionnaire"), width=14),
    ExportColumn(key="question", label=gettext_lazy("Question"), width=50),
    ExportColumn(key="answers", label=gettext_lazy("Réponses"), kind=Kind.NUMBER),
    ExportColumn(key="average", label=gettext_lazy("Moyenne"), kind=Kind.NUMBER),
    ExportColumn(key="remark", label=gettext_lazy("Remarque"), width=40),
)


def _figures(actor: Actor, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """A row for each assignment and question; no average under ``FEWEST`` answers, and the remark says so."""
    rows = list(by_assignment(actor, wanted))
    related = Assignment.objects.select_related("order__client__organisation")
    known = related.in_bulk({row["assignment_id"] for row in rows})
    asked = newest_questions({row["key"] for row in rows}, wanted.moment)
    for row in rows:
        what, question = known[row["assignment_id"]], asked.get(row["key"])
        is_enough = row["n"] >= FEWEST
        yield {
            "client": what.order.client.organisation.name,
            "mission": what.order.title,
            "audience": str(Audience(what.audience).label),
            "moment": str(Moment(wanted.moment).label),
            "question": question.label if question is not None else row["key"],
            "answers": row["n"],
            "average": round(row["total"] / row["n"], 2) if is_enough and row["total"] is not None else None,
            "remark": "" if is_enough else _("moins de %(least)d réponses") % {"least": FEWEST},
        }


WORD_COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn(key="client", label=gettext_lazy("Client"), width=30),
    ExportColumn(key="mission", label=gettext_lazy("Mission de coordination"), width=30),
    ExportColumn(key="kind", label=gettext_lazy("Type"), width=16),
    ExportColumn(key="question", label=gettext_lazy("Question"), width=40),
    ExportColumn(key="words", label=gettext_lazy("Réponse"), width=60),
)


def _word(row: Answer) -> dict[str, Any]:
    what = row.reply.session.assignment
    return {
        "client": what.order.client.organisation.name,
        "mission": what.order.title,
        "kind": str(SessionKind(row.reply.session.kind).label),
        "question": row.question.label,
        "words": row.words,
    }


def _kind(
    *, key: str, label: Any, file_name: Any, columns: Sequence[ExportColumn], count: Callable[[Actor, Asked], int],
    rows: Callable[[Actor, Asked], Iterable[dict[str, Any]]],
) -> ExportKind:  # fmt: skip
    return ExportKind(
        key=key, label=label, file_name=file_name, columns=lambda: columns, person=actor_of, reader=_reader, acts=_acts,
        count=count, read=lambda actor, asked, keys: _chosen(keys, rows(actor, asked)), filters=_filters,
    )  # fmt: skip


FIGURES_FILE = _kind(
    key=RESULTS, label=gettext_lazy("Résultats des questionnaires"), file_name=gettext_lazy("resultats-des-questionnaires"),
    columns=COLUMNS, count=lambda actor, asked: by_assignment(actor, _wanted(asked)).count(),
    rows=lambda actor, asked: _figures(actor, _wanted(asked)),
)  # fmt: skip
WORDS_FILE = _kind(
    key=WORDS, label=gettext_lazy("Textes libres des questionnaires"), file_name=gettext_lazy("textes-des-questionnaires"),
    columns=WORD_COLUMNS, count=lambda actor, asked: words(actor, _wanted(asked)).count(),
    rows=lambda actor, asked: map(_word, words(actor, _wanted(asked)).iterator(chunk_size=BATCH)),
)  # fmt: skip

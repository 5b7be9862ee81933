"""The words of reasons: those of today for what is written now, those of then for what was written then (R20, R33, R58)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import IntegerField, Value
from django.utils.translation import gettext as _

from renfort.audit.selectors import Line
from renfort.kernel.lists import in_language
from renfort.kernel.recent import recent
from renfort.missions.models import CancellationReason, Participation, RefusalReason, WithdrawalReason
from renfort.missions.models.reasons import MISSION_OVER, Reason
from renfort.organisations.selectors.past_labels import labels_at

CHOSEN: dict[str, type[Reason]] = {  # which list the « reason » of an entry of the history comes from
    "missions.participation.refuse": RefusalReason,
    "missions.participation.withdraw": WithdrawalReason,
    "missions.participation.give_back_slots": WithdrawalReason,
    "missions.mission.cancel": CancellationReason,
    "missions.slot.cancel": CancellationReason,
}


@recent(10)
def _offered() -> Mapping[str, list[tuple[str, str, str]]]:
    """What each list offers, in the operator's order: (key, French, English). One query, at most ten seconds old."""
    columns = ("position", "id", "key", "label_fr", "label_en")
    lists = (RefusalReason, WithdrawalReason, CancellationReason)
    rows = [
        model._default_manager.filter(is_active=True).order_by().values_list(Value(number, IntegerField()), *columns)
        for number, model in enumerate(lists)
    ]
    found: dict[str, list[tuple[str, str, str]]] = {model._meta.label: [] for model in lists}
    for number, _position, _pk, *words in sorted(rows[0].union(*rows[1:], all=True)):
        found[lists[number]._meta.label].append((words[0], words[1], words[2]))
    return found


def reasons_offered(model: type[Reason]) -> list[tuple[str, str]]:
    """The reasons to choose from: key and words in the reader's language. A choice may be ten seconds late in another process."""
    return [(key, in_language(french, english)) for key, french, english in _offered()[model._meta.label]]


def over_words() -> str:
    """What the clock says when it declines an application."""
    return _("La mission est terminée")


def reasons_worded(model: type[Reason]) -> dict[str, str]:
    """The words of every reason of a list, withdrawn ones too, in the reader's language, and the clock's own. One query."""
    worded = {each.key: each.label for each in model.objects.all()}  # type: ignore[attr-defined]  # a concrete list has a manager
    return worded | ({MISSION_OVER: over_words()} if model is RefusalReason else {})


def reason_words(model: type[Reason], key: str) -> str:
    """What a reason is called today, in the reader's language; « Autre raison » for one that nobody knows. One query."""
    return reasons_worded(model).get(key) or _("Autre raison")


def reasons_then(lines: Iterable[Line]) -> dict[int, str]:
    """The reason given in each entry of a history, as it was called that day: number of the entry → words.

    No query without a reason, one for each list that one comes from.
    """
    said: dict[type[Reason], list[Line]] = {}
    for line in lines:
        model = CHOSEN.get(line.entry.verb)
        if model is not None and line.entry.codes.get("reason"):
            said.setdefault(model, []).append(line)
    found: dict[int, str] = {}
    for model, its in said.items():
        wanted = [(str(line.entry.codes["reason"]), line.entry.at) for line in its]
        worded = labels_at(model, wanted)
        found |= {line.entry.pk: worded[key] for line, key in zip(its, wanted, strict=True) if key in worded}
    return found


def refusal_then(participation: Participation) -> str:
    """Why it was declined, in the words of that day; the clock's own for what nobody answered. One query at most."""
    key = participation.refusal_reason
    if key == MISSION_OVER:
        return over_words()
    if participation.decided_at is None:
        return reason_words(RefusalReason, key)
    wanted = (key, participation.decided_at)
    return labels_at(RefusalReason, [wanted]).get(wanted, "")

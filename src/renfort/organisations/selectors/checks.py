"""How the operator has set the checks, and how often each check and each word was wrong (R53)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from renfort.kernel.actors import Actor
from renfort.kernel.terms import plain
from renfort.organisations.enums import LookUpState, WordKind
from renfort.organisations.models import Check, CheckWord, Found, LookUp, Organisation
from renfort.organisations.selectors.perimeter import overseen
from renfort.organisations.selectors.roles import is_operator

FEWEST = 5  # findings before a rate says anything


@dataclass(frozen=True, slots=True)
class Rate:
    """So many findings, of which so many were called false alarms."""

    found: int = 0
    false: int = 0

    @property
    def percent(self) -> int | None:
        """False alarms in a hundred; None when there is none to count."""
        return round(100 * self.false / self.found) if self.found else None

    @property
    def is_telling(self) -> bool:
        """Whether there are enough of them to go by."""
        return self.found >= FEWEST


def rates(models: Iterable[type[Found]], by: str, **only: Any) -> dict[int, Rate]:
    """How often each check (``by`` "made_by") or word ("word") found something, and was wrong. One query for each table."""
    found: Counter[int] = Counter()
    false: Counter[int] = Counter()
    for model in models:
        rows: QuerySet[Any] = model._default_manager.filter(**{f"{by}__isnull": False, **only})
        counted = rows.order_by().values_list(by).annotate(Count("pk"), Count("false_at"))
        for key, all_, wrong in counted:
            found[key] += all_
            false[key] += wrong
    return {key: Rate(count, false[key]) for key, count in found.items()}


def checks_set() -> dict[str, Check]:
    """Every check by its key. One query."""
    return {check.key: check for check in Check.objects.all()}


def words_of(list_: str, scope: str = "") -> list[CheckWord]:
    """A list's words, withdrawn ones too: those to find first, then what excuses them, in alphabetical order. One query."""
    kinds = list(WordKind.values)
    rows = CheckWord.objects.filter(list=list_, scope=scope)
    return sorted(rows, key=lambda row: (kinds.index(row.kind), plain(row.words), row.pk))


def organisations_overseen(actor: Actor) -> QuerySet[Organisation]:
    """The organisations that the actor looks after: all for the operator, those of a referent's departments (R50)."""
    return Organisation.objects.all() if is_operator(actor) else Organisation.objects.filter(overseen(actor))


def look_ups_waiting(most: int) -> list[int]:
    """Organisations of which the public directory has not been asked yet, who asked first. One query."""
    waiting = LookUp.objects.filter(state=LookUpState.WAITING).order_by("asked_at", "pk")
    return list(waiting.values_list("organisation_id", flat=True)[:most])

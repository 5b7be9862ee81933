"""Reads of imports: those of one place, by whoever may bring files in there now."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from renfort.jobs.enums import LineOutcome
from renfort.jobs.models import Import, ImportLine
from renfort.kernel.actors import Actor
from renfort.kernel.imports import Place, Standing

LATELY = 10


def place_of(imported: Import) -> Place:
    """Where it was asked, as its kind reads it."""
    return Place(role=imported.role, scope=imported.scope)


def imports_of(actor: Actor, kind: str, scope: int | None) -> QuerySet[Import]:
    """What the actor brought in at one place, the newest first; another's file is nobody's business."""
    if actor.person_id is None:
        return Import.objects.none()
    return Import.objects.filter(person_id=actor.person_id, kind=kind, scope=scope).order_by("-id")


def same_before(imported: Import) -> Import | None:
    """The last import of the very same table at this place, by whomever, that was confirmed; one query."""
    same = Import.objects.filter(kind=imported.kind, scope=imported.scope, digest=imported.digest, confirmed_at__isnull=False)
    return same.exclude(pk=imported.pk).order_by("-id").first()


def counts_of(imported: Import) -> dict[str, int]:
    """How many lines stand where; one query."""
    found = imported.lines.values_list("standing").annotate(n=Count("pk")).order_by()
    return {**dict.fromkeys(Standing.values, 0), **dict(found)}


def outcomes_of(imported: Import) -> dict[str, int]:
    """How many lines came to what; those that were left out from the beginning count as left aside. One query."""
    found = imported.lines.values_list("standing", "outcome").annotate(n=Count("pk")).order_by()
    counts = dict.fromkeys(LineOutcome.values, 0)
    for _standing, outcome, n in found:
        counts[outcome] += n
    return counts


def lines_shown(imported: Import, asked: str) -> QuerySet[ImportLine]:
    """The lines of a preview or of a result under one filter: a standing, an outcome, or all of them."""
    lines = imported.lines.order_by("number")
    if asked in Standing.values:
        return lines.filter(standing=asked, outcome=LineOutcome.NONE) if imported.confirmed_at else lines.filter(standing=asked)
    if asked in LineOutcome.values and asked:
        return lines.filter(outcome=asked)
    if asked == "undone":
        return lines.filter(outcome=LineOutcome.NONE)
    return lines


def wrong_lines(imported: Import) -> QuerySet[ImportLine]:
    """What is to be mended and sent again: the wrong lines, and those that failed or were left aside when they were written."""
    aside = Q(standing=Standing.WRONG) | Q(outcome__in=[LineOutcome.LEFT, LineOutcome.FAILED])
    return imported.lines.filter(aside).order_by("number")

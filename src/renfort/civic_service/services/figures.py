"""The dated table of amounts that the law sets: a figure never changes, another one follows it (facts A.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from renfort.civic_service.models import LegalFigure
from renfort.civic_service.services.campaigns import only_national
from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import Refused, lock_rows

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFacts:
    """A figure as the form says it. ``cents``: net, for a full month; ``source``: the text or the page that says it."""

    kind: str
    cents: int
    first_on: date
    source: str


def add_figure(*, actor: Actor, facts: FigureFacts) -> LegalFigure:
    """Note an amount from a day on: the one that was in force ends the day before, and it ends before one that follows already.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: one begins on that day already; somebody was faster.
    """
    only_national(actor)
    try:
        with transaction.atomic():
            return _add(actor, facts)
    except IntegrityError as error:
        if "civic_service_legalfigure" not in str(error):
            raise
        raise Refused(_("Quelqu'un vient de changer ce montant. Relisez le tableau, puis recommencez.")) from error


def _add(actor: Actor, facts: FigureFacts) -> LegalFigure:
    held: list[LegalFigure] = lock_rows(LegalFigure.objects.filter(kind=facts.kind))
    if any(each.first_on == facts.first_on for each in held):
        raise Refused(_("Un montant commence déjà ce jour-là : choisissez une autre date."))
    followers = [each.first_on for each in held if each.first_on > facts.first_on]
    current = next((each for each in held if each.covers(facts.first_on)), None)
    if current is not None:
        current.last_on = facts.first_on - DAY
        current.save(update_fields=["last_on"])
        publish("civic_service.legalfigure.end", current, actor=actor, codes={"last_on": current.last_on.isoformat()})
    made = LegalFigure.objects.create(
        kind=facts.kind, cents=facts.cents, first_on=facts.first_on, source=facts.source,
        last_on=min(followers) - DAY if followers else None, created_by_id=actor.person_id,
    )  # fmt: skip
    codes: dict[str, Plain] = {"kind": facts.kind, "cents": facts.cents, "first_on": facts.first_on.isoformat()}
    publish("civic_service.legalfigure.add", made, actor=actor, codes=codes)
    return made

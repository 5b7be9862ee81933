"""The table of rates: a rate never changes, another one follows it from a day on (W8, W11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_rows
from renfort.workshops.models import Fee, Rate
from renfort.workshops.selectors.roles import is_staff

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFacts:
    """A rate as the form says it. ``amount``: cents before tax, for one service; ``kind`` "" for the coordination."""

    audience: str
    role: str
    kind: str
    amount: int
    first_on: date


def add_rate(*, actor: Actor, facts: RateFacts) -> Rate:
    """Note a rate from a day on: the one that was in force ends the day before, and it ends before one that follows already.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: one begins on that day already; a fee of a later day has used the one in force.
    """
    if not is_staff(actor) and actor.kind != "service":
        raise NotAllowed(_("Cette action est réservée à l'association."))
    try:
        with transaction.atomic():
            return _add(actor, facts)
    except IntegrityError as error:
        if "workshops_rate" not in str(error) and "this rate" not in str(error):
            raise
        raise Refused(_("Quelqu'un vient de changer ce tarif. Relisez le tableau, puis recommencez.")) from error


def _add(actor: Actor, facts: RateFacts) -> Rate:
    alike = Rate.objects.filter(audience=facts.audience, role=facts.role, kind=facts.kind)
    held: list[Rate] = lock_rows(alike)
    if any(each.first_on == facts.first_on for each in held):
        raise Refused(_("Un tarif commence déjà ce jour-là : choisissez une autre date."))
    followers = [each.first_on for each in held if each.first_on > facts.first_on]
    current = next((each for each in held if each.covers(facts.first_on)), None)
    if current is not None:
        used = Fee.objects.filter(rate=current, rate_on__gte=facts.first_on).aggregate(last=Max("rate_on"))["last"]
        if used is not None:
            raise Refused(
                _("Le tarif en vigueur a servi jusqu'au %(day)s : le nouveau commence après ce jour.")
                % {"day": date_format(used, "DATE_FORMAT")}
            )
        current.last_on = facts.first_on - DAY
        current.save(update_fields=["last_on"])
        publish("workshops.rate.end", current, actor=actor, codes={"last_on": current.last_on.isoformat()})
    made = Rate.objects.create(
        audience=facts.audience, role=facts.role, kind=facts.kind, amount=facts.amount, first_on=facts.first_on,
        last_on=min(followers) - DAY if followers else None, created_by_id=actor.person_id,
    )  # fmt: skip
    publish(
        "workshops.rate.add", made, actor=actor, codes={"amount": facts.amount, "first_on": facts.first_on.isoformat()}
    )  # fmt: skip
    return made

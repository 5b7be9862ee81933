"""Ask for fees, approve or return them, move many at once (W8, W9). Locks in the written order: assignment, request, fees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.audit.recorder import record_many
from renfort.kernel.actors import Actor
from renfort.kernel.events import Event, Plain
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_rows
from renfort.workshops.models import Assignment, Fee
from renfort.workshops.workflow import FEE


# ── many at once ──────────────────────────────────────────────────────────────────────────────────
def move_fees(
    fees: Iterable[Fee], name: str, *, actor: Actor, codes: Mapping[str, Plain] | None = None,
    texts: Mapping[str, str] | None = None,
) -> list[Fee]:  # fmt: skip
    """Let these fees make one step of their life together, all or none, each with its line of history.

    The number of queries does not depend on theirs. Nobody is told: who calls knows what to say to whom, once each.
    ``texts`` answer what the step asks. Returns the fees as they are afterwards, by number.

    Raises:
        NotAllowed: the actor may not (403).
        Refused: one of them is the actor's own, or its step is not possible.
        Stale: one of them is in another state by now.
    """
    step, wanted, now = FEE[name], {fee.pk for fee in fees}, timezone.now()
    if not wanted:
        return []
    with transaction.atomic():
        found = Fee.objects.filter(pk__in=wanted)
        holders = lock_rows(Assignment.objects.filter(pk__in=found.order_by().values("assignment")))
        by_number = {each.pk: each for each in holders}
        held: list[Fee] = lock_rows(found)
        for fee in held:
            fee.assignment = by_number[fee.assignment_id]
            if not step.who(actor, fee):
                raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": step.who.label})
            if refusals := step.refusals(fee, actor):
                raise Refused(*refusals)
        sources = {fee.state for fee in held}
        if len(held) != len(wanted) or len(sources) != 1 or not sources <= {str(state) for state in step.source}:
            raise Stale(_("Une de ces rétributions vient de changer. Rechargez la page."))
        source, target = sources.pop(), str(step.target)
        events = [
            Event(name=f"workshops.fee.{name}", obj=fee, actor=actor, at=now, before=source, after=target,
                  codes=codes or {}, texts=texts or {})
            for fee in held
        ]  # fmt: skip
        written = [_effects(step.does, event) for event in events]
        if any(each != written[0] for each in written):
            raise ValueError(f"workshops.fee.{name} does not write the same of each fee")
        with connection.cursor() as cursor:
            moves = f"{Fee._meta.db_table}:{source}>{target}:{len(held)}"
            cursor.execute("SELECT set_config('renfort.moves', %s, true)", [moves])
        changed = Fee.objects.filter(pk__in=wanted, state=source).update(state=target, version=F("version") + 1, **written[0])
        if changed != len(held):
            raise Stale(_("Une de ces rétributions vient de changer. Rechargez la page."))
        record_many(events)
    for fee in held:
        fee.state = fee._loaded_state = target
        fee.version += 1
    return held


def _effects(does: Iterable[Any], event: Event[Fee]) -> dict[str, Any]:
    """What the effects of a step write on a fee, by column."""
    columns = [field.attname for field in Fee._meta.concrete_fields]
    before = {name: getattr(event.obj, name) for name in columns}
    for effect in does:
        effect(event)
    return {name: getattr(event.obj, name) for name in columns if getattr(event.obj, name) != before[name]}

"""Ask for fees, approve or return them, move many at once (W8, W9). Locks in the written order: assignment, request, fees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.audit.recorder import record_many
from renfort.kernel.actors import Actor
from renfort.kernel.events import Event, Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire, lock_row, lock_rows
from renfort.people.selectors import today
from renfort.workshops.enums import AssignmentState, FeeKind, FeeState, RoundState
from renfort.workshops.messages import FEES_ASKED, FEES_RETURNED
from renfort.workshops.models import Assignment, Fee, Round
from renfort.workshops.rules import coordinates
from renfort.workshops.selectors.fees import Due, came_back, draft_of, dues_of, next_month, sent_this_month
from renfort.workshops.selectors.roles import is_staff
from renfort.workshops.workflow import FEE, ROUND

ONCE_A_MONTH = "workshops_round_once_a_month"
MOST_WORDS = 1000


# ── the coordinator asks (W8) ─────────────────────────────────────────────────────────────────────
def save_draft(*, actor: Actor, assignment: Assignment, left_out: Collection[int]) -> Round:
    """Keep which lines are left out for now; the one draft of the assignment. It uses no month up.

    Raises:
        NotAllowed: the actor does not coordinate the assignment.
        Refused: it is not under way.
    """
    with transaction.atomic():
        locked = _hold(actor, assignment)
        kept = sorted({line.enrolment.pk for line in dues_of(locked).lines} & set(left_out))
        draft = draft_of(locked)
        if draft is None:
            draft = Round.objects.create(assignment=locked, left_out=kept)
            publish("workshops.round.prepare", draft, actor=actor, after=draft.state)
        elif draft.left_out != kept:
            draft.left_out = kept
            draft.version += 1
            draft.save(update_fields=["left_out", "version"])
    return draft


def request_fees(*, actor: Actor, assignment: Assignment, chosen: Collection[int]) -> Round:
    """Ask the association for the fees of these enrolments: one request per calendar month in Paris (W8).

    What is due is read again under the lock of the assignment, at the rate of each session's day; all is written, or nothing.
    When lines of this month's request came back and the rest still waits, they go into the same request.

    Raises:
        NotAllowed: the actor does not coordinate the assignment.
        Refused: it is not under way; this month was used up; nothing was chosen; a line is not due (any more).
    """
    try:
        with transaction.atomic():
            return _request(actor, hold_assignment(actor, assignment), set(chosen))
    except IntegrityError as error:
        if ONCE_A_MONTH not in str(error):
            raise
        raise Refused(_month_is_used()) from error


def _hold(actor: Actor, assignment: Assignment) -> Assignment:
    locked: Assignment = lock_row(assignment)
    locked.order = assignment.order
    if not coordinates(actor, locked):
        raise NotAllowed(_("Cette action est réservée à la coordination de la mission."))
    if locked.state == AssignmentState.CLOSED:
        raise Refused(_("La mission est clôturée : plus rien n'y change."))
    if locked.state != AssignmentState.AWARDED:
        raise Refused(_("Cette mission n'est plus en cours."))
    return locked


hold_assignment = _hold  # its own name here: the race's control takes this lock out, and no other


def _month_is_used() -> str:
    return _("Les rétributions de ce mois sont déjà demandées : la prochaine demande s'ouvre le %(day)s.") % {
        "day": date_format(next_month(today()), "DATE_FORMAT")
    }


def _request(actor: Actor, assignment: Assignment, chosen: set[int]) -> Round:
    sent = sent_this_month(assignment)
    if sent is not None and (sent.state != RoundState.SUBMITTED or not chosen <= came_back(sent) or not chosen):
        raise Refused(_month_is_used())
    if not chosen:
        raise Refused(_("La demande est vide : choisissez au moins une rétribution."))
    due = {line.enrolment.pk: line for line in dues_of(assignment).lines}
    if not chosen <= due.keys():
        raise Refused(_("Une des lignes choisies n'est plus à demander. Relisez la liste, puis recommencez."))
    lines = [line for pk, line in due.items() if pk in chosen]
    if sent is not None:
        request: Round = lock_row(sent)
        request.assignment = assignment
        request.version += 1
        request.save(update_fields=["version"])
        _write_fees(actor, request, lines)
        publish("workshops.round.complete", request, actor=actor, codes={"lines": len(lines)}, tells=(FEES_ASKED,))
        return request
    draft = draft_of(assignment)
    if draft is None:
        draft = Round.objects.create(assignment=assignment)
        publish("workshops.round.prepare", draft, actor=actor, after=draft.state)
    draft.assignment = assignment
    _write_fees(actor, draft, lines)
    return fire(ROUND, draft, "submit", actor=actor)


def _write_fees(actor: Actor, request: Round, lines: Iterable[Due]) -> None:
    now = timezone.now()
    fees = Fee.objects.bulk_create(
        Fee(
            round=request, assignment=request.assignment, enrolment=line.enrolment, payee_id=line.enrolment.facilitator_id,
            kind=FeeKind.SESSION, rate=line.rate, rate_on=line.day, unit_amount=line.amount, amount=line.amount, created_at=now,
        )
        for line in lines
    )  # fmt: skip
    record_many(_made(actor, fee, now) for fee in fees)


def _made(actor: Actor, fee: Fee, now: datetime) -> Event[Fee]:
    return Event(
        name="workshops.fee.request", obj=fee, actor=actor, at=now, after=str(FeeState.REQUESTED), codes={"amount": fee.amount}
    )


# ── the association approves, or returns (W8, W11) ────────────────────────────────────────────────
def approve_round(*, actor: Actor, request: Round, seen: int | None = None) -> Round:
    """Approve every fee of a request that still waits, at the amounts that were asked.

    Raises:
        NotAllowed: the actor does not work for the association.
        Stale: it has changed since the page was opened. Refused: nothing waits in it, or the actor is paid by it.
    """
    with transaction.atomic():
        approved = fire(ROUND, request, "approve", actor=actor, seen=seen)
        move_fees(approved.fees.filter(state=FeeState.REQUESTED), "approve", actor=actor)
    return approved


def return_fees(*, actor: Actor, request: Round, reasons: Mapping[int, str], seen: int | None = None) -> Round:
    """Return lines of a request, each with its reason: they are free to be asked again.

    Without a line left, the request is returned whole, and the month may be asked again.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: no line was chosen, the assignment is closed. Stale: it has changed since the page was opened.
    """
    if not is_staff(actor):
        raise NotAllowed(_("Cette action est réservée à l'association."))
    with transaction.atomic():
        assignment: Assignment = lock_row(request.assignment)
        locked: Round = lock_row(request)
        assignment.order, locked.assignment = request.assignment.order, assignment
        if locked.state != RoundState.SUBMITTED or (seen is not None and seen != locked.version):
            raise Stale(_("Cette demande a changé entre-temps. Relisez-la, puis recommencez."))
        waiting = {fee.pk: fee for fee in locked.fees.filter(state=FeeState.REQUESTED)}
        said: dict[str, list[Fee]] = {}
        for pk, why in reasons.items():
            if pk not in waiting:
                raise Stale(_("Cette demande a changé entre-temps. Relisez-la, puis recommencez."))
            said.setdefault(why.strip()[:MOST_WORDS], []).append(waiting[pk])
        if not said or "" in said:
            raise Refused(_("Écrivez le motif à côté de chaque ligne à renvoyer."))
        for why, fees in said.items():
            move_fees(fees, "give_back", actor=actor, texts={"reason": why})
        locked.version += 1
        locked.save(update_fields=["version"])
        if len(reasons) == len(waiting):
            locked = fire(ROUND, locked, "give_back", actor=actor)
        publish(
            "workshops.round.return_lines", locked, actor=actor, codes={"lines": len(reasons)},
            texts={"reason": "\n".join(said)}, tells=(FEES_RETURNED,),
        )  # fmt: skip
    return locked


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

"""Answer many participations at once (R33): looked at first, then done row by row, each by ``fire`` and the asker's own rights.

A row's outcome is written in the transaction of its change: a worker that dies has done a row and noted it, or neither. Few rows
are done while one waits, for some seconds; the rest is the worker's, who may be stopped, dies and begins again where it was.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import Event
from renfort.kernel.firing import Busy, NotAllowed, Refused, Stale, Unanswered, fire, question
from renfort.kernel.messages import Message
from renfort.missions.enums import TAKING, BatchState, ParticipationState, RowOutcome
from renfort.missions.models import Batch, BatchRow, Participation
from renfort.missions.selectors.participation import participations_visible, with_rows
from renfort.missions.selectors.slots import slots_of
from renfort.missions.services.replies import filled
from renfort.missions.workflow import PARTICIPATION
from renfort.organisations.selectors import actor_of

logger = logging.getLogger(__name__)

CHORE = "missions.batches"
MOST = 1000  # rows of one batch
AT_ONCE = 50  # so many are done while one waits…
PATIENCE = 4.0  # …for so many seconds at most: the worker does what is left
VERBS = ("accept", "refuse", "complete", "miss", "take_back")
UNDONE_BY = "take_back"
PREVIEW_KEPT, KEPT = timedelta(days=1), timedelta(days=90)
WORDS = "message"  # the answer that people write themselves


@dataclass(slots=True)
class Look:
    """One row before it is done: whose, and why it cannot be."""

    row: BatchRow
    participation: Participation | None
    outcome: str
    refusals: list[str] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        return self.outcome == RowOutcome.WAITING


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of e-mail that will leave, and to how many."""

    message: Message[Participation]
    count: int
    names: list[str]


def prepare(
    *, actor: Actor, organisation: int, verb: str, chosen: Sequence[tuple[int, int]], back: str = "", turned: int = 0
) -> Batch:
    """Keep what is to be answered, as it was seen, to be looked at before it is done.

    ``chosen``: participations that the actor may see, with the version that the page showed. ``turned``: how many the filter
    found, when not all of them are taken.

    Raises:
        Refused: nothing is chosen, or more than a thousand.
        NotAllowed: an actor without a person or a role.
    """
    if not chosen:
        raise Refused(_("Cochez au moins une participation."))
    if len(chosen) > MOST:
        raise Refused(_("Choisissez au plus %(most)d participations à la fois.") % {"most": MOST})
    if actor.person_id is None or verb not in VERBS:
        raise NotAllowed(_("Cette action n'existe pas."))
    with transaction.atomic():
        Batch.objects.filter(
            person_id=actor.person_id, state=BatchState.PREVIEW, created_at__lt=timezone.now() - PREVIEW_KEPT
        ).delete()
        batch = Batch.objects.create(
            organisation_id=organisation, person_id=actor.person_id, role=actor.role_key, verb=verb,
            total=len(chosen), turned=turned, back=back,
        )  # fmt: skip
        BatchRow.objects.bulk_create(BatchRow(batch=batch, participation_id=pk, seen=seen) for pk, seen in chosen)
    return batch


def looked_at(batch: Batch, actor: Actor) -> list[Look]:
    """What would become of each row now, in the order in which they would be done. Four queries at most, whatever their number.

    The places of a mission are given out one after the other, as they will be.
    """
    rows = list(batch.rows.order_by("id"))
    found = with_rows(participations_visible(actor).filter(pk__in=[row.participation_id for row in rows]))
    by_pk = {each.pk: each for each in found.select_related("mission__organisation", "person__account")}
    slots_of(by_pk.values())
    given: Counter[int] = Counter()
    return [_look(row, by_pk.get(row.participation_id), batch, actor, given) for row in rows]


def _look(row: BatchRow, participation: Participation | None, batch: Batch, actor: Actor, given: Counter[int]) -> Look:
    transition = PARTICIPATION[batch.verb]
    if participation is None:
        return Look(row, None, RowOutcome.LEFT, [_("Cette participation ne vous est plus confiée.")])
    if not transition.who(actor, participation):
        return Look(row, participation, RowOutcome.REFUSED, [_reserved(batch)])
    if participation.version != row.seen:
        return Look(row, participation, RowOutcome.FASTER, [_faster(participation)])
    if participation.state not in transition.source:
        return Look(row, participation, RowOutcome.REFUSED, [_not_from(participation)])
    participation.taken_on_mission += given[participation.mission_id]  # type: ignore[attr-defined]  # annotated
    refusals = transition.refusals(participation)
    if refusals:
        return Look(row, participation, RowOutcome.REFUSED, refusals)
    if transition.target in TAKING and participation.state not in TAKING:
        given[participation.mission_id] += 1
    return Look(row, participation, RowOutcome.WAITING)


def _reserved(batch: Batch) -> str:
    return _("Cette action est réservée à : %(who)s.") % {"who": PARTICIPATION[batch.verb].who.label}


def _faster(participation: Participation) -> str:
    label = ParticipationState(participation.state).label
    return _("Quelqu'un d'autre a été plus rapide : c'est maintenant « %(state)s ».") % {"state": label}


def _not_from(participation: Participation) -> str:
    return _("Son statut est « %(state)s ».") % {"state": ParticipationState(participation.state).label}


def told_by(batch: Batch, looks: Sequence[Look], actor: Actor) -> list[Told]:
    """Who gets an e-mail when the possible rows are done."""
    transition, now = PARTICIPATION[batch.verb], timezone.now()
    told = []
    for message in transition.tells:
        names = []
        for look in looks:
            if look.possible and look.participation is not None:
                event = Event(name="", obj=look.participation, actor=actor, at=now, before=look.participation.state)
                names += [reader.name or reader.address for reader in message.to(event)]
        if names:
            told.append(Told(message, len(names), names))
    return told


def confirm(*, actor: Actor, batch: Batch, answers: Mapping[str, str]) -> Batch:
    """Do what was looked at: at once when it is little, else by the worker.

    A second click finds it asked already and changes nothing.

    Raises:
        Unanswered: what the transition asks is missing or wrong.
        NotAllowed: it is somebody else's.
    """
    if batch.person_id != actor.person_id:
        raise NotAllowed(_("Seule la personne qui a préparé cette réponse peut la confirmer."))
    form = question(PARTICIPATION[batch.verb], None, answers)
    if not form.is_valid():
        raise Unanswered(form)
    kept = {name: str(value) for name, value in form.cleaned_data.items()}
    asked = Batch.objects.filter(pk=batch.pk, state=BatchState.PREVIEW).update(
        state=BatchState.ASKED, answers=kept, asked_at=timezone.now()
    )
    batch.refresh_from_db()
    if asked:
        if batch.total <= AT_ONCE:
            run(batch, patience=PATIENCE)
        if batch.ended_at is None:
            ring_after_commit(CHORE)
    return batch


def stop(*, actor: Actor, batch: Batch) -> None:
    """Do no more rows of it; what is done stays done.

    Raises:
        NotAllowed: it is somebody else's.
    """
    if batch.person_id != actor.person_id:
        raise NotAllowed(_("Seule la personne qui a demandé cette réponse peut l'arrêter."))
    with transaction.atomic():
        stopped = Batch.objects.filter(pk=batch.pk, state=BatchState.ASKED).update(
            state=BatchState.STOPPED, ended_at=timezone.now(), answers={}
        )
        if stopped:  # a row that is being done is waited for, and keeps its outcome
            batch.rows.filter(outcome=RowOutcome.WAITING).update(outcome=RowOutcome.LEFT)
    batch.refresh_from_db()


def run_asked() -> int:
    """Do every batch that is asked, the oldest first; returns how many rows were done. The worker's, again and again."""
    return sum(run(batch) for batch in Batch.objects.filter(state=BatchState.ASKED).order_by("id"))


def run(batch: Batch, *, patience: float | None = None) -> int:
    """Do the rows of a batch that wait, one transaction each, until none waits or somebody stops it. Returns how many.

    ``patience``: the seconds after which the rest is left waiting.
    """
    account = getattr(batch.person, "account", None)
    done, until = 0, monotonic() + patience if patience is not None else inf
    with translation.override(account.language if account else translation.get_language()):
        while monotonic() < until and Batch.objects.filter(pk=batch.pk, state=BatchState.ASKED).exists() and _do_next(batch):
            done += 1
    _end(batch)
    batch.refresh_from_db()
    return done


def _end(batch: Batch) -> None:
    """Close it once no row waits; people's own words are forgotten with it, the history has them."""
    waiting = BatchRow.objects.filter(batch=batch, outcome=RowOutcome.WAITING)
    if not waiting.exists():
        Batch.objects.filter(pk=batch.pk, state=BatchState.ASKED).update(
            state=BatchState.DONE, ended_at=timezone.now(), answers={}
        )


def _do_next(batch: Batch) -> bool:
    with transaction.atomic():
        waiting = batch.rows.filter(outcome=RowOutcome.WAITING).select_for_update(skip_locked=True, of=("self",))
        row = waiting.order_by("id").first()
        if row is None:
            return False
        row.outcome, row.said = _outcome(batch, row)
        row.save(update_fields=["outcome", "said"])
    return True


def _outcome(batch: Batch, row: BatchRow) -> tuple[str, str]:
    """Do one row, as its asker may now; returns its outcome, and why not."""
    actor = actor_of(batch.person_id).in_role(batch.role)
    visible = participations_visible(actor) if actor else Participation.objects.none()
    participation = visible.select_related("mission__organisation", "person").filter(pk=row.participation_id).first()
    if actor is None or participation is None:
        return RowOutcome.LEFT, _("Cette participation ne vous est plus confiée.")
    answers = dict(batch.answers)
    if answers.get(WORDS):
        answers[WORDS] = filled(answers[WORDS], participation)
    for is_last in (False, True):
        try:
            with transaction.atomic():
                fire(PARTICIPATION, participation, batch.verb, actor=actor, seen=row.seen, answers=answers)
        except Busy as busy:
            if is_last:
                return RowOutcome.REFUSED, str(busy)
        except Stale as stale:
            return RowOutcome.FASTER, str(stale)[:500]
        except (Refused, Unanswered, NotAllowed) as refused:
            return RowOutcome.REFUSED, str(refused)[:500]
        except (OperationalError, InterfaceError):
            raise  # the database is away: no other row would fare better
        except Exception:  # one row that nobody foresaw must not stop the others
            logger.exception("row %s of batch %s could not be done", row.pk, batch.pk)
            return RowOutcome.REFUSED, _("Une erreur est survenue ; rien n'a été changé.")
        else:
            break
    return RowOutcome.DONE, ""


def undoable(batch: Batch, actor: Actor) -> list[tuple[int, int]]:
    """The rows done that can be put back to « en attente » now, with their version. Two queries, three with slots."""
    transition = PARTICIPATION[UNDONE_BY]
    target = PARTICIPATION[batch.verb].target
    if target not in transition.source:
        return []
    done = batch.rows.filter(outcome=RowOutcome.DONE).values("participation_id")
    found = list(with_rows(participations_visible(actor).filter(pk__in=done, state=target)).order_by("id"))
    slots_of(found)
    return [(each.pk, each.version) for each in found if transition.who(actor, each) and not transition.refusals(each)]


def forget_old(now: datetime) -> None:
    """Remove what was looked at and never done, and what was done long ago: the history keeps what happened."""
    Batch.objects.filter(state=BatchState.PREVIEW, created_at__lt=now - PREVIEW_KEPT).delete()
    Batch.objects.filter(state__in=[BatchState.DONE, BatchState.STOPPED], ended_at__lt=now - KEPT).delete()


def counted(batch: Batch) -> dict[str, int]:
    """How many rows have each outcome. One query."""
    found = Counter(batch.rows.values_list("outcome", flat=True))
    return {str(outcome): found.get(outcome, 0) for outcome in RowOutcome}

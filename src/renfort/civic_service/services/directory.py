"""Read the directory: bring it in, confirm, write all or nothing, take it back (S1)."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from renfort.civic_service.catalogue import BRAKE_LEAST, BRAKE_SHARE, DIRECTORY_HOUR, DIRECTORY_KEPT
from renfort.civic_service.enums import DirectoryDoor, DirectoryPhase, DirectoryState
from renfort.civic_service.messages.directory import DIRECTORY_HELD, DIRECTORY_SILENT
from renfort.civic_service.models import DirectoryRun, Establishment
from renfort.civic_service.rules.directory import Plan, may_read_directory, plan
from renfort.civic_service.selectors.delivery import (
    Delivery,
    Said,
    SilentDirectoryError,
    delivery_of,
    directory_port,
    pack,
    unpack,
)
from renfort.civic_service.services.directory_rows import HinderedError, Undoer, Writer, lock
from renfort.jobs.enums import WorkError
from renfort.jobs.services import work
from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.organisations.enums import Programme
from renfort.organisations.selectors import actor_of
from renfort.parameters.selectors import is_open, value_of, values_of

logger = logging.getLogger(__name__)
S, P = DirectoryState, DirectoryPhase
CARRY = "civic_service.carry_directory"
LEASE = timedelta(minutes=10)  # the writing is one transaction, which holds the row besides
ROUND = 20.0  # seconds of a worker's turn
SAMPLES = 12  # of each kind, for the preview
MOST_REFUSED, MOST_NOTES = 5_000, 1_000
HELD_FOR = timedelta(days=30)  # a reading that nobody confirms
SILENT = "silent"  # a key of ``ERRORS``, beside those of jobs
HARDLY = 2  # how many times a plan may move under the locks before the next worker tries


def errors() -> Mapping[str, str]:
    """Why a reading failed, in words, by key."""
    return {
        **{str(each): str(each.label) for each in WorkError},
        SILENT: _("L'annuaire n'a pas répondu, ou pas jusqu'au bout. Rien n'a été retiré."),
    }


# ── ask ───────────────────────────────────────────────────────────────────────────────────────────
def bring(*, actor: Actor, lines: Sequence[Said], name: str, is_complete: bool, language: str = "fr") -> DirectoryRun:
    """Compare a file with what we hold; nothing is written until it is confirmed.

    ``is_complete``: what the file does not name has left the directory.

    Raises:
        NotAllowed: neither national case manager nor operator.
        Refused: another reading is going on.
    """
    run = DirectoryRun(
        door=DirectoryDoor.FILE, name=name[:200], is_complete=is_complete, delivered=pack(lines), lines=len(lines),
        language=language, read_at=timezone.now(),
    )  # fmt: skip
    return _begin(run, actor, "bring")


def ask(*, actor: Actor, establishment: Establishment | None = None, language: str = "fr") -> DirectoryRun:
    """« Relire maintenant »: the whole directory, or one establishment with its posts; written at once unless the brake holds.

    Raises:
        NotAllowed: neither national case manager nor operator.
        Refused: no service is configured, the directory does not know the establishment, another reading is going on.
    """
    if not directory_port().is_on:
        raise Refused(_("Aucun service d'annuaire n'est branché : envoyez un fichier."))
    only = ""
    if establishment is not None:
        only = establishment.directory_key
        if not only:
            raise Refused(_("L'annuaire ne connaît pas cet établissement : il n'y a rien à relire."))
    run = DirectoryRun(door=DirectoryDoor.SERVICE, is_complete=not only, only=only, language=language)
    return _begin(run, actor, "ask")


def _begin(run: DirectoryRun, actor: Actor, verb: str) -> DirectoryRun:
    _judge(actor)
    run.person_id, run.role, run.created_at = actor.person_id or 0, actor.role_key, timezone.now()
    with transaction.atomic():
        _alone(run)
        publish(f"civic_service.directoryrun.{verb}", run, actor=actor, codes={"only": run.only, "lines": run.lines})
        ring_after_commit(CARRY)
    return run


def _judge(actor: Actor) -> None:
    if not may_read_directory(actor, None):
        raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": may_read_directory.label})


def _alone(run: DirectoryRun) -> None:
    """Save a reading that waits: the database lets no second one wait or run beside it."""
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise Refused(_("Une lecture de l'annuaire est déjà en cours : attendez sa fin.")) from None


def confirm(*, actor: Actor, run: DirectoryRun, seen: str, reason: str = "") -> None:
    """Let the worker write what was shown. ``seen``: the plan that the page showed; ``reason``: why, in spite of the brake.

    Raises:
        NotAllowed: neither national case manager nor operator.
        Stale: it is shown no longer, or has changed.
        Refused: the brake holds and no reason is given; another reading is going on.
    """
    _judge(actor)
    with transaction.atomic():
        held = _held(run)
        if held.print != seen:
            raise Stale(_("L'aperçu a changé entre-temps : relisez-le avant de confirmer."))
        if held.brakes and not reason.strip():
            raise Refused(_("Dites pourquoi ces changements sont justes : ils sont plus nombreux que d'habitude."))
        held.state, held.phase, held.attempts, held.ended_at = S.WAITING, P.APPLY, 0, None
        held.confirmed_at, held.confirmed_by_id = timezone.now(), actor.person_id
        held.reason, held.role = reason.strip()[:1000], actor.role_key
        _alone(held)
        publish("civic_service.directoryrun.confirm", held, actor=actor, texts={"reason": held.reason})
        ring_after_commit(CARRY)


def drop(*, actor: Actor, run: DirectoryRun) -> None:
    """Leave a reading aside that waits for an agreement: nothing of it is written.

    Raises:
        NotAllowed: neither national case manager nor operator.
        Stale: it waits no longer.
    """
    _judge(actor)
    with transaction.atomic():
        held = _held(run)
        held.state, held.delivered, held.ended_at = S.STOPPED, None, timezone.now()
        held.save(update_fields=["state", "delivered", "ended_at"])
        publish("civic_service.directoryrun.drop", held, actor=actor)


def _held(run: DirectoryRun) -> DirectoryRun:
    held: DirectoryRun = lock_row(run)
    if held.state != S.HELD:
        raise Stale(_("Cette lecture n'attend plus d'accord."))
    return held


def undo(*, actor: Actor, run: DirectoryRun, reason: str) -> None:
    """Take back, as a whole, what a reading wrote; the worker does it, or says what has changed since.

    Raises:
        NotAllowed: neither national case manager nor operator.
        Refused: it wrote nothing, its differences are kept no longer, or another reading is going on.
    """
    _judge(actor)
    with transaction.atomic():
        done: DirectoryRun = lock_row(run)
        if done.state != S.DONE or done.applied_at is None:
            raise Refused(_("Cette lecture n'a rien écrit : il n'y a rien à défaire."))
        if not done.changes.exists():
            raise Refused(_("Les différences de cette lecture ne sont plus gardées : elle ne peut plus être défaite."))
        done.state, done.phase, done.attempts, done.ended_at, done.hinders = S.WAITING, P.UNDO, 0, None, []
        done.stop_asked_at, done.undone_by_id, done.role = None, actor.person_id, actor.role_key
        _alone(done)
        publish("civic_service.directoryrun.ask_undo", done, actor=actor, texts={"reason": reason.strip()[:1000]})
        ring_after_commit(CARRY)


def stop(*, actor: Actor, run: DirectoryRun) -> bool:
    """Stop a reading that waits or is being compared; what is being written is written as a whole. Returns whether it could.

    Raises:
        NotAllowed: neither national case manager nor operator.
    """
    _judge(actor)
    with transaction.atomic():
        if run.phase == P.UNDO or not work.ask_stop(run):
            return False
        publish("civic_service.directoryrun.stop", run, actor=actor)
    return True


# ── carry out ─────────────────────────────────────────────────────────────────────────────────────
def carry_due(now: datetime) -> int:
    """Carry out the reading that waits, and one whose worker died; returns how many were taken up. Called by the worker."""
    until, taken = time.monotonic() + ROUND, 0
    while time.monotonic() < until:
        run = work.take(DirectoryRun, timezone.now() if taken else now)
        if run is None:
            break
        taken += 1
        carry(run)
    return taken


def carry(run: DirectoryRun) -> None:
    """Do what a reading that was just taken is to have done. Whatever happens, its row says it."""
    if run.state != S.RUNNING:  # it died too often, or was stopped while nobody carried it out
        _say_failed(run)
        return
    try:
        with translation.override(run.language):
            actor = _actor(run)
            if actor is None:
                _fail(run, WorkError.RIGHT_LOST)
            elif run.phase == P.READ:
                _compare(run, actor)
            elif run.phase == P.APPLY:
                _apply(run, actor)
            else:
                _undo(run, actor)
    except SilentDirectoryError as error:
        logger.warning("the directory was not read: %s", error)
        _fail(run, SILENT)
    except work.StoppedError:
        with transaction.atomic():
            work.end(run, S.STOPPED, delivered=None)
    except work.OvertakenError:
        logger.warning("reading %s of the directory is carried out by another worker", run.pk)
    except OperationalError:  # the database went away, or somebody holds a row: when the lease is over, it goes on
        logger.exception("reading %s of the directory is left to the next attempt", run.pk)
    except Exception:
        logger.exception("reading %s of the directory failed", run.pk)
        _fail(run, WorkError.BROKEN)


def _actor(run: DirectoryRun) -> Actor | None:
    """Who asked last, if the role still gives the right (P13)."""
    person = run.undone_by_id if run.phase == P.UNDO else run.confirmed_by_id or run.person_id
    if not person:
        return CLOCK
    actor = actor_of(person).in_role(run.role)
    return actor if actor is not None and may_read_directory(actor, None) else None


def planned(delivery: Delivery) -> Plan:
    """What a delivery would change now, under the operator's brake."""
    return plan(delivery, **brake())


def brake() -> dict[str, int]:
    """The operator's brake, as ``rules.directory`` reads it."""
    share, least = values_of(BRAKE_SHARE, BRAKE_LEAST)
    return {"share": share, "least": least}


def _delivery(run: DirectoryRun) -> Delivery:
    lines = unpack(run.delivered) if run.delivered is not None else []
    return delivery_of(lines, is_complete=run.is_complete, only=run.only)


def _compare(run: DirectoryRun, actor: Actor) -> None:
    if run.door == DirectoryDoor.SERVICE and run.delivered is None:
        work.beat(run, 0, lease=LEASE)
        port = directory_port()
        lines = port.one(run.only) if run.only else port.everything()
        if not lines:
            raise SilentDirectoryError("an empty directory")  # nothing at all is no answer: it would remove everybody
        run.delivered, run.lines, run.read_at = pack(lines), len(lines), timezone.now()
        DirectoryRun.objects.filter(pk=run.pk).update(delivered=run.delivered, lines=run.lines, read_at=run.read_at)
    run.total = run.lines
    DirectoryRun.objects.filter(pk=run.pk).update(total=run.total)
    work.beat(run, 0, lease=LEASE)
    made = planned(_delivery(run))
    work.beat(run, run.lines, lease=LEASE)
    if not made.steps:
        with transaction.atomic():
            work.end(run, S.DONE, done=run.lines, delivered=None, **_shown(made))
            _replace_older(run)
        return
    if run.door == DirectoryDoor.SERVICE and not made.brakes:
        run.phase, run.print = P.APPLY, made.print()
        DirectoryRun.objects.filter(pk=run.pk).update(phase=run.phase, print=run.print)
        _apply(run, actor)
        return
    _hold(run, made, actor)


def _hold(run: DirectoryRun, made: Plan, actor: Actor) -> None:
    """Show what it would change, and wait for a person."""
    with transaction.atomic():
        work.end(run, S.HELD, done=run.lines, phase=P.READ, **_shown(made))
        _replace_older(run)
        tells = (DIRECTORY_HELD,) if run.person_id == 0 else ()
        publish("civic_service.directoryrun.hold", run, actor=actor, tells=tells, codes=_codes(made.counts()))


def _replace_older(run: DirectoryRun) -> None:
    """A newer reading of everything stands for those that still waited for an agreement."""
    if run.door == DirectoryDoor.SERVICE and run.is_complete:
        older = DirectoryRun.objects.filter(state=S.HELD, door=DirectoryDoor.SERVICE, pk__lt=run.pk)
        older.update(state=S.STOPPED, delivered=None, ended_at=timezone.now())


def _apply(run: DirectoryRun, actor: Actor) -> None:
    """Write it in one transaction: all of it, or nothing. What is written is what was shown."""
    with transaction.atomic():
        work.beat(run, run.lines, lease=LEASE)  # holds the row: nobody else takes it up meanwhile
        delivery = _delivery(run)
        made = planned(delivery)
        for _attempt in range(HARDLY):
            lock(made)
            again = planned(delivery)  # as it stands now that nobody else may change it
            is_same = again.print() == made.print()
            made = again
            if is_same:
                break
        if made.print() != run.print or (made.brakes and not run.reason):
            _hold(run, made, actor)
            return
        Writer(run, made).write()
        work.end(run, S.DONE, done=run.lines, delivered=None, applied_at=timezone.now(), **_shown(made))
        _replace_older(run)
        publish("civic_service.directoryrun.apply", run, actor=actor, codes=_codes(made.counts()))


def _undo(run: DirectoryRun, actor: Actor) -> None:
    try:
        with transaction.atomic():
            work.beat(run, run.done, lease=LEASE)
            Undoer(run).undo()
            work.end(run, S.UNDONE, undone_at=timezone.now())
            publish("civic_service.directoryrun.undo", run, actor=actor, codes=_codes(run.counts))
    except HinderedError as hindered:
        with transaction.atomic():
            work.end(run, S.DONE, hinders=hindered.hinders, undone_by_id=None)


def _codes(counts: Mapping[str, int]) -> dict[str, Any]:
    return {name.replace(".", "_"): count for name, count in counts.items()}


def _shown(made: Plan) -> dict[str, Any]:
    """What the page of a reading shows of a plan: counts, some of each, what is refused, what is to be looked at."""
    seen: Counter[str] = Counter()
    samples = []
    for step in made.steps:
        kind = f"{step.thing}.{step.action}"
        seen[kind] += 1
        if seen[kind] <= SAMPLES:
            samples.append([step.thing, step.action, step.label, _plain(step.before), _plain(step.after)])
    refused = [[each.line, str(each.thing), dict(each.facts), list(each.sentences)] for each in made.refused]
    return {
        "counts": made.counts(), "samples": samples, "refused": refused[:MOST_REFUSED], "notes": made.notes[:MOST_NOTES],
        "brakes": made.brakes, "print": made.print(),
    }  # fmt: skip


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value["key"] if isinstance(value, dict) else value for name, value in facts.items()}


def _fail(run: DirectoryRun, error: str) -> None:
    with transaction.atomic():
        facts: dict[str, Any] = {"undone_by_id": None} if run.phase == P.UNDO else {"delivered": None}
        # what could not be taken back stands as it was written
        work.end(run, S.DONE if run.phase == P.UNDO else S.FAILED, error=error, **facts)
        _say_failed(run)


def _say_failed(run: DirectoryRun) -> None:
    if run.state != S.FAILED:
        return
    with transaction.atomic():
        tells = (DIRECTORY_SILENT,) if run.person_id == 0 else ()
        publish("civic_service.directoryrun.fail", run, actor=CLOCK, tells=tells, codes={"error": run.error})


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────
def read_daily(now: datetime) -> bool:
    """Read the whole directory once a day from the operator's hour on, in Paris's time; returns whether a reading was begun.

    A directory that is down is asked, and told of, once a day; what it gave before stays (S1).
    """
    if not is_open(Programme.CIVIC_SERVICE) or not directory_port().is_on:
        return False
    if not is_hour(now):
        return False
    local = timezone.localtime(now, timezone.get_default_timezone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if DirectoryRun.objects.filter(door=DirectoryDoor.SERVICE, person_id=0, created_at__gte=midnight).exists():
        return False
    run = DirectoryRun(door=DirectoryDoor.SERVICE, is_complete=True, role=CLOCK.role_key, created_at=now)
    try:
        with transaction.atomic():
            _alone(run)
            ring_after_commit(CARRY)
    except Refused:
        return False  # another one is going on: the next hour looks again
    return True


def is_hour(now: datetime) -> bool:
    """Whether the operator's hour has come, in Paris."""
    return timezone.localtime(now, timezone.get_default_timezone()).hour >= value_of(DIRECTORY_HOUR)


def spent_before(now: datetime) -> datetime:
    """Readings that ended before then keep no differences (P10)."""
    return now - timedelta(days=value_of(DIRECTORY_KEPT))


def forget(now: datetime) -> int:
    """Remove differences, samples and lines whose time is over (P10), and give up what nobody confirms; returns how many runs."""
    old = DirectoryRun.objects.filter(ended_at__lt=spent_before(now))
    DirectoryRun.objects.filter(state=S.HELD, ended_at__lt=now - HELD_FOR).update(state=S.STOPPED, delivered=None)
    spent = list(old.exclude(samples=[], refused=[], notes=[]).values_list("pk", flat=True))
    with transaction.atomic():
        for run in old.filter(changes__isnull=False).distinct():
            run.changes.all().delete()
        DirectoryRun.objects.filter(pk__in=spent).update(samples=[], refused=[], notes=[], hinders=[])
    return len(spent)

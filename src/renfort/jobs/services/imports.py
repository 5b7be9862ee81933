"""Bring a table in: read it, show what it would come to, and after a yes write it line by line (P6).

Until the confirmation nothing is written but the table itself, under the name of who sent it. After it the worker takes a few
lines at a time: each batch checks them anew, writes them and says so in one transaction, so that whatever kills it between two
batches leaves no line half done, and no line is done twice. Rights are judged at each step, and before each batch.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from renfort.jobs.enums import ImportState, LineOutcome, WorkError
from renfort.jobs.messages import IMPORT_DONE, IMPORT_DONE_LATE, IMPORT_FAILED
from renfort.jobs.models import Import, ImportLine
from renfort.jobs.selectors.imports import place_of
from renfort.jobs.services import work
from renfort.kernel.actors import Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused, Stale, lock_row
from renfort.kernel.imports import IMPORT_KINDS, ImportKind, Line, Place, Standing
from renfort.kernel.sentences import Sentence
from renfort.kernel.tables import Table

logger = logging.getLogger(__name__)

CARRY = "jobs.carry_imports"  # the worker's task; named, because tasks stand above this room
DRAFT_KEPT, KEPT = timedelta(days=7), timedelta(days=30)
ROUND = 50.0  # seconds after which a round takes no further import: another one comes in ten
CHUNK = 25  # lines of one transaction
MOST_DRAFTS = 3  # of one person at one place: the oldest goes
INSERTED = 500
SOON, LONG = timedelta(seconds=10), timedelta(minutes=1)


def digest_of(table: Table) -> str:
    """What is the same for two files that say the same."""
    said = json.dumps([table.titles, [row.cells for row in table.rows]], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


# ── before the confirmation ───────────────────────────────────────────────────────────────────────
def receive(*, actor: Actor, kind: ImportKind, place: Place, table: Table, name: str, language: str = "fr") -> Import:
    """Keep a table that was sent as a draft; examined at once when its titles tell every required column.

    ``actor`` is what ``kind.acts`` returned for ``place``.
    """
    with transaction.atomic():
        made = Import.objects.create(
            person_id=actor.person_id or 0,
            role=place.role,
            kind=kind.key,
            scope=place.scope,
            name=name[:200],
            digest=digest_of(table),
            titles=table.titles,
            matched=kind.guess(table.titles),
            language=language,
            total=len(table.rows),
            created_at=timezone.now(),
        )
        _put(made, [ImportLine(work=made, number=row.number, cells=row.cells) for row in table.rows])
        drafts = Import.objects.filter(person_id=made.person_id, kind=kind.key, scope=place.scope, state=ImportState.DRAFT)
        Import.objects.filter(pk__in=list(drafts.order_by("-id").values_list("pk", flat=True)[MOST_DRAFTS:])).delete()
        codes = {"kind": kind.key, "scope": place.scope, "lines": made.total, "format": table.format}
        publish("jobs.import.receive", made, actor=actor, after=made.state, codes=codes)
        if not kind.missing(made.matched):
            examine(actor=actor, kind=kind, imported=made)
    return made


def match(*, actor: Actor, kind: ImportKind, imported: Import, matched: Mapping[str, int]) -> Import:
    """Say which column of the file is which, and examine its lines by it.

    Raises:
        Refused: it was confirmed meanwhile, or a required column is missing.
    """
    with transaction.atomic():
        locked = _draft(imported)
        if missing := kind.missing(matched):
            names = ", ".join(f"« {column.label} »" for column in missing)
            raise Refused(_("Il manque une colonne obligatoire : %(names)s.") % {"names": names})
        locked.matched = dict(matched)
        examine(actor=actor, kind=kind, imported=locked)
    return locked


def examine(*, actor: Actor, kind: ImportKind, imported: Import) -> None:
    """Look at every line as it would be written now; nothing of the target is. Called in a transaction that holds the draft."""
    rows = list(imported.lines.order_by("number").values_list("number", "cells"))
    lines = kind.read(rows, imported.matched)
    kind.check(actor, place_of(imported), [line for line in lines if line.standing == Standing.READY])
    imported.lines.all().delete()
    cells = dict(rows)
    _put(imported, [_row(imported, line, cells[line.number]) for line in lines])
    imported.is_checked = True
    imported.version += 1
    imported.save(update_fields=["matched", "is_checked", "version"])


def _row(imported: Import, line: Line, cells: list[str]) -> ImportLine:
    return ImportLine(
        work=imported, number=line.number, cells=cells, values=line.values, problems=line.problems, standing=line.standing,
        note=line.note[:500], ref=line.ref,
    )  # fmt: skip


def _put(imported: Import, lines: Iterable[ImportLine]) -> None:
    ImportLine.objects.bulk_create(lines, batch_size=INSERTED)


def _draft(imported: Import) -> Import:
    locked: Import = lock_row(imported)
    if locked.state != ImportState.DRAFT:
        raise Refused(_("Cet import est déjà confirmé : il ne change plus."))
    return locked


def drop(*, actor: Actor, imported: Import) -> None:
    """Forget a draft with all its lines.

    Raises:
        Refused: it was confirmed.
    """
    with transaction.atomic():
        locked = _draft(imported)
        publish("jobs.import.drop", locked, actor=actor)
        locked.delete()


def confirm(*, actor: Actor, kind: ImportKind, imported: Import, options: Mapping[str, Any], seen: int | None = None) -> bool:
    """Let the worker write it. Returns False when it had been confirmed already: nothing is done twice.

    Raises:
        Stale: the preview has changed since version ``seen`` was shown.
        Refused: no line can be written.
    """
    with transaction.atomic():
        locked: Import = lock_row(imported)
        if locked.state != ImportState.DRAFT:
            return False
        if not locked.is_checked or (seen is not None and seen != locked.version):
            raise Stale(_("L'aperçu a changé entre-temps : relisez-le avant de confirmer."))
        chosen = locked.lines.filter(standing__in=list(kind.does(options)))
        lines = chosen.count()
        if not lines:
            raise Refused(_("Aucune ligne n'est prête : corrigez le fichier, puis renvoyez-le."))
        locked.state, locked.options, locked.total = ImportState.WAITING, dict(options), lines
        locked.confirmed_at = timezone.now()
        locked.save(update_fields=["state", "options", "total", "confirmed_at"])
        codes = {"kind": kind.key, "scope": locked.scope, "lines": lines}
        publish("jobs.import.confirm", locked, actor=actor, after=locked.state, codes=codes)
        ring_after_commit(CARRY)
    return True


def stop(*, actor: Actor, imported: Import) -> bool:
    """Stop it after the present lines; what is done remains. Returns whether there was anything to stop."""
    with transaction.atomic():
        if not work.ask_stop(imported):
            return False
        publish("jobs.import.stop", imported, actor=actor)
    return True


# ── after it ──────────────────────────────────────────────────────────────────────────────────────
def carry_due(now: datetime) -> int:
    """Carry out what was confirmed, one after the other; returns how many were taken up. Called by the worker."""
    until, taken = time.monotonic() + ROUND, 0
    while time.monotonic() < until:
        imported = work.take(Import, timezone.now() if taken else now)
        if imported is None:
            break
        taken += 1
        carry(imported)
    return taken


def carry(imported: Import) -> None:
    """Write the lines of an import that was just taken. Whatever happens, the row says it."""
    kind = IMPORT_KINDS.get(imported.kind)
    if imported.state != ImportState.RUNNING:  # it died too often, or was stopped while nobody carried it out
        _say_failed(imported)
        return
    try:
        if kind is None:
            _fail(imported, WorkError.BROKEN)
            return
        with translation.override(imported.language):
            _carry(_Run(imported, kind, place_of(imported)))
    except work.StoppedError:
        with transaction.atomic():
            work.end(imported, ImportState.STOPPED, done=imported.done)
    except work.OvertakenError:
        logger.warning("import %s is carried out by another worker", imported.pk)
    except OperationalError:  # the database went away: when nobody has said for a while that it lives, it goes on
        logger.exception("import %s is left to the next attempt", imported.pk)
    except Exception:
        logger.exception("import %s failed", imported.pk)
        _fail(imported, WorkError.BROKEN)


@dataclass(slots=True)
class _Run:
    imported: Import
    kind: ImportKind
    place: Place

    def waiting(self) -> Any:
        """The lines that are to be written and have not been."""
        does = list(self.kind.does(self.imported.options))
        return self.imported.lines.filter(outcome=LineOutcome.NONE, standing__in=does).order_by("number")

    def actor(self) -> Actor | None:
        """Who asked, if the role still gives the right."""
        return self.kind.acts(self.kind.person(self.imported.person_id), self.place)


def _carry(run: _Run) -> None:
    imported = run.imported
    while True:
        actor = run.actor()
        if actor is None:
            _fail(imported, WorkError.RIGHT_LOST_MIDWAY if imported.done else WorkError.RIGHT_LOST)
            return
        with transaction.atomic():
            lines = list(run.waiting()[:CHUNK])
            done = (imported.total or 0) - run.waiting().count() + len(lines)
            work.beat(imported, done)  # holds the row until the lines are written: nobody else writes them meanwhile
            if not lines:
                _end(imported, actor)
                return
            _write(run, actor, lines)
        imported.done = done


def _write(run: _Run, actor: Actor, rows: Sequence[ImportLine]) -> None:
    """Check the lines once more, together, and write each; a line that cannot be says why and holds up none."""
    lines = [Line(row.number, row.values) for row in rows]
    run.kind.check(actor, run.place, lines)
    does = {str(standing) for standing in run.kind.does(run.imported.options)}
    for row, line in zip(rows, lines, strict=True):
        if str(line.standing) not in does:
            row.outcome = LineOutcome.LEFT
            row.note = (line.note or " ".join(sentence for _key, sentence in line.problems))[:500]
            continue
        _write_one(run, actor, row, line)
    ImportLine.objects.bulk_update(rows, ["outcome", "note", "url"])


def _write_one(run: _Run, actor: Actor, row: ImportLine, line: Line) -> None:
    try:
        with transaction.atomic():
            outcome = run.kind.write(actor, run.place, line, run.imported.options)
    except Sentence as sentence:
        row.outcome, row.note = LineOutcome.LEFT, str(sentence)[:500]
    except OperationalError:
        raise
    except Exception:
        logger.exception("line %s of import %s failed", row.number, run.imported.pk)
        row.outcome, row.note = (
            LineOutcome.FAILED,
            _("Une erreur est survenue sur cette ligne. Elle est notée pour l'équipe technique."),
        )
    else:
        row.outcome = LineOutcome.DONE if outcome.is_done else LineOutcome.LEFT
        row.note, row.url = outcome.note[:500], outcome.url


def _end(imported: Import, actor: Actor) -> None:
    counted = imported.lines.filter(outcome=LineOutcome.DONE).count()
    work.end(imported, ImportState.DONE, done=imported.total or 0)
    took = timezone.now() - (imported.confirmed_at or timezone.now())
    tells = (IMPORT_DONE_LATE,) if took > LONG else (IMPORT_DONE,) if took > SOON else ()
    publish("jobs.import.done", imported, actor=actor, after=imported.state, tells=tells, codes={"lines": counted})


def _fail(imported: Import, error: str) -> None:
    with transaction.atomic():
        work.end(imported, ImportState.FAILED, error=error, done=imported.done)
        _say_failed(imported)


def _say_failed(imported: Import) -> None:
    if imported.state != ImportState.FAILED:
        return
    if imported.error == WorkError.DIED:
        imported.error = WorkError.DIED_MIDWAY
        imported.save(update_fields=["error"])
    with transaction.atomic():
        tells = () if imported.error == WorkError.RIGHT_LOST else (IMPORT_FAILED,)
        actor = Actor(kind="service")
        publish("jobs.import.fail", imported, actor=actor, after=imported.state, tells=tells, codes={"error": imported.error})


# ── what is kept no longer than needed ────────────────────────────────────────────────────────────
def forget_imports(now: datetime) -> int:
    """Remove drafts that nobody confirmed for a week, and what ended a month ago (P10); returns how many. Called by the clock."""
    drafts = Import.objects.filter(state=ImportState.DRAFT, created_at__lt=now - DRAFT_KEPT)
    ended = Import.objects.filter(ended_at__lt=now - KEPT)
    keys = [*drafts.values_list("pk", flat=True), *ended.values_list("pk", flat=True)]
    Import.objects.filter(pk__in=keys).delete()
    return len(keys)

"""Ask for a file, make it, keep it a day, give it to whoever asked (P6, R19, R32).

The worker makes one file at a time, in its own process, reading by a server-side cursor: pages and e-mails wait for nobody's
hundred thousand rows. Rights are judged three times: when the file is asked for, made and fetched.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.text import slugify

from renfort.jobs.enums import FileFormat, WorkError, WorkState
from renfort.jobs.messages import EXPORT_FAILED, EXPORT_READY, EXPORT_READY_LATE
from renfort.jobs.models import Export, ExportPart
from renfort.jobs.selectors import asked_of
from renfort.jobs.services import work
from renfort.jobs.services.reading import ahead
from renfort.kernel.actors import Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import publish
from renfort.kernel.exports import EXPORT_KINDS, Asked, ExportColumn, ExportKind
from renfort.kernel.sheets import Batch, write_csv, write_xlsx

logger = logging.getLogger(__name__)

MAKE = "jobs.make_exports"  # the worker's task; named, because tasks stand above this room
KEPT = timedelta(hours=24)
ROW_KEPT = timedelta(days=30)
ROUND = 50.0  # seconds after which a round takes no further file: another one comes in ten
PIECE = 512 * 1024  # octets of one part
SOON = timedelta(seconds=5)  # a file made so quickly was waited for: it needs no notice
LONG = timedelta(minutes=1)  # from here on somebody has gone away: an e-mail
PREFIX = "renfort-export-"
MOST_OPEN = 5  # files of one person that wait at once


def ask(
    *, actor: Actor, kind: ExportKind, asked: Asked, columns: Sequence[ExportColumn], format: str, purpose: str,
    purpose_words: str = "", language: str = "fr",
) -> Export:  # fmt: skip
    """Ask for a file; the worker makes it. ``actor`` is what ``kind.acts`` returned for ``asked``.

    What was asked for stands in the history: who, in which role, what for, which columns and how many rows (R37, P10).
    """
    now = timezone.now()
    with transaction.atomic():
        export = Export.objects.create(
            person_id=actor.person_id or 0,
            role=asked.role,
            kind=kind.key,
            organisation_id=asked.organisation,
            query=asked.query,
            columns=[column.key for column in columns],
            has_contacts=any(column.is_contact for column in columns),
            format=format,
            purpose=purpose,
            purpose_words=purpose_words,
            language=language,
            total=kind.count(actor, asked),
            created_at=now,
        )
        publish(
            "jobs.export.ask",
            export,
            actor=actor,
            after=WorkState.WAITING,
            codes={
                "kind": kind.key,
                "organisation": asked.organisation,
                "format": format,
                "purpose": purpose,
                "columns": ", ".join(column.key for column in columns),
                "contacts": export.has_contacts,
                "rows": export.total,
            },
            texts={"purpose": purpose_words},
        )
        ring_after_commit(MAKE)
    return export


def wait_for(export: Export, *, seconds: float) -> None:
    """Wait a moment for a small file, so that the page can offer it at once."""
    until = time.monotonic() + seconds
    while export.is_open and time.monotonic() < until:
        time.sleep(0.05)
        export.refresh_from_db(fields=["state"])


def stop(*, actor: Actor, export: Export) -> bool:
    """Stop the making of a file; returns whether there was anything to stop."""
    with transaction.atomic():
        if not work.ask_stop(export):
            return False
        publish("jobs.export.stop", export, actor=actor)
    return True


def fetched(*, actor: Actor, export: Export) -> None:
    """Note that the file was taken; called when the download begins."""
    with transaction.atomic():
        publish("jobs.export.fetch", export, actor=actor, codes={"rows": export.done})


# ── making ────────────────────────────────────────────────────────────────────────────────────────
def make_due(now: datetime) -> int:
    """Make the files that wait, one after the other; returns how many were taken up. Called by the worker."""
    until, taken = time.monotonic() + ROUND, 0
    while time.monotonic() < until:
        export = work.take(Export, timezone.now() if taken else now)
        if export is None:
            break
        taken += 1
        make(export)
    return taken


def make(export: Export) -> None:
    """Make the file of an export that was just taken. Whatever happens, the row says it."""
    kind = EXPORT_KINDS.get(export.kind)
    asked = asked_of(export)
    actor = kind.acts(kind.person(export.person_id), asked) if kind else None
    if export.state != WorkState.RUNNING:  # it died too often, or was stopped while nobody made it
        _say_failed(export)
        return
    try:
        if kind is None or actor is None:
            _fail(export, WorkError.RIGHT_LOST)
            return
        with (
            translation.override(export.language),
            tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=f".{export.format}") as file,
        ):
            _write(export, kind, actor, asked, Path(file.name))
            _keep(export, kind, actor, Path(file.name))
    except work.StoppedError:
        with transaction.atomic():
            work.end(export, WorkState.STOPPED)
    except work.OvertakenError:
        logger.warning("export %s is made by another worker", export.pk)
    except OperationalError:  # the database went away: when nobody has said for a while that it lives, it begins again
        logger.exception("export %s is left to the next attempt", export.pk)
    except Exception:
        logger.exception("export %s failed", export.pk)
        _fail(export, WorkError.BROKEN)


def _write(export: Export, kind: ExportKind, actor: Actor, asked: Asked, path: Path) -> None:
    columns = kind.chosen(export.columns)
    watched = _watched(export, kind.read(actor, asked, [column.key for column in columns]))
    with ahead(watched) as batches:
        _write_as(export, kind, columns, batches, path)


def _write_as(export: Export, kind: ExportKind, columns: list[ExportColumn], batches: Iterable[Batch], path: Path) -> None:
    if export.format == FileFormat.XLSX:
        write_xlsx(path, title=str(kind.label), columns=columns, batches=batches)
    else:
        write_csv(path, columns=columns, batches=batches)


def _watched(export: Export, batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches, with a sign of life after each; the last one covers the packing of the file, which says nothing."""
    progress, done = work.Progress(export), 0
    for batch in batches:
        yield batch
        done += len(batch[0])
        progress.beat(done)
    progress.beat(done, lease=work.LEASE + timedelta(milliseconds=done), at_once=True)


def _keep(export: Export, kind: ExportKind, actor: Actor, path: Path) -> None:
    """Put the file and the end of the work into the database, together."""
    now = timezone.now()
    day = timezone.localdate(now).isoformat()
    with transaction.atomic():
        export.parts.all().delete()
        _store(export, path)
        work.end(
            export,
            WorkState.DONE,
            name=f"{slugify(str(kind.file_name))}-{day}.{export.format}",
            size=path.stat().st_size,
            expires_at=now + KEPT,
            done=export.done,
            total=export.done,
        )
        took = now - export.created_at
        tells = (EXPORT_READY_LATE,) if took > LONG else (EXPORT_READY,) if took > SOON else ()
        publish("jobs.export.done", export, actor=actor, after=WorkState.DONE, tells=tells, codes={"rows": export.done})


PART = "INSERT INTO jobs_exportpart (export_id, number, data) VALUES (%s, %s, %b)"


def _store(export: Export, path: Path) -> None:
    """The file's parts, sent as they are: Django would write each as twice its length of text."""
    connection.ensure_connection()
    with path.open("rb") as file, psycopg.Cursor(connection.connection) as cursor:
        for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
            cursor.execute(PART, [export.pk, number, piece])


def _fail(export: Export, error: str) -> None:
    with transaction.atomic():
        work.end(export, WorkState.FAILED, error=error)
        _say_failed(export)


def _say_failed(export: Export) -> None:
    if export.state != WorkState.FAILED:
        return
    with transaction.atomic():
        tells = () if export.error == WorkError.RIGHT_LOST else (EXPORT_FAILED,)
        actor = Actor(kind="service")
        publish("jobs.export.fail", export, actor=actor, after=WorkState.FAILED, tells=tells, codes={"error": export.error})


# ── what is kept no longer than needed ────────────────────────────────────────────────────────────
def remove_expired(now: datetime) -> int:
    """Remove the files whose day is over, and a month later their rows; returns how many files. Called by the clock."""
    expired = Export.objects.filter(expires_at__lte=now, removed_at=None)
    with transaction.atomic():
        keys = list(expired.select_for_update(skip_locked=True).values_list("pk", flat=True))
        ExportPart.objects.filter(export_id__in=keys).delete()
        Export.objects.filter(pk__in=keys).update(removed_at=now)
    Export.objects.filter(created_at__lt=now - ROW_KEPT).exclude(state__in=["waiting", "running"]).delete()
    _remove_left_files(now)
    return len(keys)


def _remove_left_files(now: datetime) -> None:
    """Remove the unfinished files of workers that were killed on this machine."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink()
        except OSError:
            continue  # another account's, or gone meanwhile

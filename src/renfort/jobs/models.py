"""What makes a form count once; work that takes longer than a page, and the files that come of it."""

from __future__ import annotations

from django.db import models

from renfort.jobs.enums import OPEN_WORK, FileFormat, ImportState, LineOutcome, Purpose, WorkState
from renfort.kernel.imports import Standing
from renfort.kernel.models import CodeField, known_state


class FormToken(models.Model):
    """A creating form that was received: a double click or a resent page finds what the first one made."""

    token = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=40, blank=True)  # the account's number; "" before sign-in
    result = models.CharField(max_length=500, blank=True)  # where the first one led
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="jobs_formtoken_at")]

    def __str__(self) -> str:
        return str(self.token)


class LongWork(models.Model):
    """Something that takes longer than a page: it can be left and found again, stopped, and it survives its worker (P6).

    The row is the truth. Whoever carries it out holds it until ``alive_until``, and says again and again that it is alive; when
    that moment has passed its worker is dead, and another one begins again. ``attempts`` counts the beginnings: by it, a worker
    that was only slow notices that another one has taken over. The states are moved by ``services.work`` alone: they are a
    machine's, nobody's decision, and have no workflow page (docs/adr/0020-exports.md).
    """

    person_id = models.BigIntegerField()  # who asked; a person, who stands above this storey
    role = models.CharField(max_length=120)  # the key of the role in which it was asked; judged again when it runs (P13)
    state = CodeField(states=WorkState, default=WorkState.WAITING)
    total = models.PositiveIntegerField(null=True)  # null: not counted yet
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    alive_until = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)  # a key of ``enums.WorkError``

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether something may still happen."""
        return self.state in OPEN_WORK

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop and has not yet."""
        return self.is_open and self.stop_asked_at is not None


class Export(LongWork):
    """A file asked for from a list: which rows, which columns, what for; kept a day, then removed by the clock (P6, R19, R32)."""

    kind = models.CharField(max_length=60)  # the key of a kernel ExportKind
    organisation_id = models.BigIntegerField(null=True)  # whose list
    query = models.TextField(blank=True, max_length=4000)  # filters and sort, as the list's address said them
    columns = models.JSONField(default=list)  # their keys, in order
    has_contacts = models.BooleanField(default=False)  # whether contact data are among the columns
    purpose = CodeField(states=Purpose)
    purpose_words = models.CharField(max_length=200, blank=True)
    format = CodeField(states=FileFormat, default=FileFormat.XLSX)
    language = models.CharField(max_length=5, default="fr")
    name = models.CharField(max_length=120, blank=True)  # of the file, as it is downloaded
    size = models.BigIntegerField(null=True)  # octets
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)  # the file; the row stays a little longer

    class Meta:
        constraints = [
            known_state(WorkState),
            known_state(FileFormat, field="format"),
            known_state(Purpose, field="purpose"),
            models.CheckConstraint(
                condition=~models.Q(state=WorkState.DONE)
                | models.Q(ended_at__isnull=False, expires_at__isnull=False, size__isnull=False),
                name="jobs_export_done_has_a_file",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="jobs_export_person"),
            models.Index(fields=["id"], name="jobs_export_open", condition=models.Q(state__in=["waiting", "running"])),
            models.Index(fields=["expires_at"], name="jobs_export_kept", condition=models.Q(state="done", removed_at=None)),
        ]

    def __str__(self) -> str:
        return f"export {self.pk} of {self.kind}"


class ExportPart(models.Model):
    """A piece of an export's file. In the database, so that web and worker need no common disk, and that a file appears whole
    or not at all, with its row, and goes with it.
    """

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="jobs_exportpart_number")]

    def __str__(self) -> str:
        return f"part {self.number} of export {self.export_id}"


class Import(LongWork):
    """A table that somebody sent: a draft with its preview until it is confirmed, then a long work with an outcome line by line.

    The file itself is not kept. Whatever came of it, the rows go with their time (P10): ``services.imports``.
    """

    state = CodeField(states=ImportState, default=ImportState.DRAFT)
    kind = models.CharField(max_length=60)  # the key of a kernel ImportKind
    scope = models.BigIntegerField(null=True)  # whose: the number of what the role is about
    name = models.CharField(max_length=200, blank=True)  # of the file, as it was sent; "" for a pasted text
    digest = models.CharField(max_length=64)  # of its cells: the same file sent twice says so
    titles = models.JSONField(default=list)
    matched = models.JSONField(default=dict)  # a column's key → its place in the file
    is_checked = models.BooleanField(default=False)  # its lines have been examined as ``matched`` says
    options = models.JSONField(default=dict)  # what the confirmation said
    language = models.CharField(max_length=5, default="fr")
    version = models.PositiveIntegerField(default=1)  # moves each time the preview does
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_state(ImportState),
            models.CheckConstraint(
                condition=models.Q(state=ImportState.DRAFT, confirmed_at=None)
                | (~models.Q(state=ImportState.DRAFT) & models.Q(confirmed_at__isnull=False)),
                name="jobs_import_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "scope", "-id"], name="jobs_import_of"),
            models.Index(fields=["id"], name="jobs_import_open", condition=models.Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.kind}"


class ImportLine(models.Model):
    """One line of a table that was sent: what its cells say, what it would come to, what came of it."""

    work = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # as a spreadsheet shows it
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)  # clean, by column
    problems = models.JSONField(default=list)  # (column's key, sentence)
    standing = CodeField(states=Standing, default=Standing.READY)
    outcome = CodeField(states=LineOutcome, blank=True, default=LineOutcome.NONE)
    note = models.CharField(max_length=500, blank=True)
    ref = models.BigIntegerField(null=True)  # what is there already
    url = models.CharField(max_length=300, blank=True)  # where it led

    class Meta:
        constraints = [
            known_state(Standing, field="standing"),
            known_state(LineOutcome, field="outcome"),
            models.UniqueConstraint(fields=["work", "number"], name="jobs_importline_number"),
        ]
        indexes = [models.Index(fields=["work", "standing", "number"], name="jobs_importline_standing")]

    def __str__(self) -> str:
        return f"line {self.number} of import {self.work_id}"

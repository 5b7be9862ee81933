"""The network's directory: whom it knows, each time it was read, what each reading changed (S1)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renfort.civic_service.enums import DirectoryAction, DirectoryDoor, DirectoryPhase, DirectoryState, DirectoryThing
from renfort.jobs.models import LongWork
from renfort.kernel.models import CodeField, known_state
from renfort.people.models import Person

S = DirectoryState


class DirectoryPerson(models.Model):
    """How the directory names a person, and of which of their facts it is the master (S1).

    ``fed``: ``first_name``, ``last_name``, ``email``, ``phone``. The key stays with the person once their posts have ended.
    """

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    key = models.CharField(max_length=60, unique=True)
    fed = ArrayField(models.CharField(max_length=30), default=list, db_default=[], blank=True)
    fed_at = models.DateTimeField()  # when the directory last changed something of it

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="civic_service_directoryperson_key")]

    def __str__(self) -> str:
        return f"{self.key} is person {self.person_id}"


class DirectoryRun(LongWork):
    """One reading of the directory: what it said, what that would change, and what was made of it.

    ``person_id``: who asked; 0: the clock. What was delivered is kept until it is written or given up; the differences until
    ``services.directory.forget``. ``print`` names a plan: what is written is what was shown, or it is shown again.
    """

    person_id = models.BigIntegerField(default=0)  # 0: the clock
    state = CodeField(states=S, default=S.WAITING)
    phase = CodeField(states=DirectoryPhase, default=DirectoryPhase.READ)
    door = CodeField(states=DirectoryDoor)
    name = models.CharField(max_length=200, blank=True)  # of the file
    only = models.CharField(max_length=60, blank=True)  # the key of the one establishment that was asked again; "": all
    is_complete = models.BooleanField(default=False)  # what it does not name has left the directory
    language = models.CharField(max_length=5, default="fr")  # of its sentences: that of who asked
    turn = models.PositiveSmallIntegerField(default=1, editable=False)  # always 1: two open ones would be twins
    delivered = models.BinaryField(null=True)  # its lines, compressed
    lines = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # « establishment.add »: 12
    samples = models.JSONField(default=list)  # some of the differences, for the preview
    refused = models.JSONField(default=list)  # lines left aside, with their sentences
    notes = models.JSONField(default=list)  # lines that count, and that somebody ought to look at
    brakes = models.JSONField(default=list)  # why it waits for a person who says why
    hinders = models.JSONField(default=list)  # why it could not be undone
    print = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField(null=True)  # when the directory said it
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    reason = models.TextField(max_length=1000, blank=True)  # why it goes on in spite of the brake
    applied_at = models.DateTimeField(null=True)  # when its differences were written; null: there was none
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            known_state(S),
            known_state(DirectoryPhase, field="phase"),
            known_state(DirectoryDoor, field="door"),
            models.UniqueConstraint(
                fields=["turn"], condition=Q(state__in=[S.WAITING, S.RUNNING]), name="civic_service_directoryrun_alone"
            ),
            models.CheckConstraint(condition=Q(turn=1), name="civic_service_directoryrun_turn"),
            models.CheckConstraint(
                condition=Q(brakes=[]) | Q(applied_at=None) | (Q(confirmed_by__isnull=False) & ~Q(reason="")),
                name="civic_service_directoryrun_brake",
            ),
            models.CheckConstraint(
                condition=Q(state=S.UNDONE, undone_at__isnull=False, applied_at__isnull=False)
                | (~Q(state=S.UNDONE) & Q(undone_at=None)),
                name="civic_service_directoryrun_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk} of the directory"


class DirectoryChange(models.Model):
    """One difference that a reading wrote: which thing, how it stood before and after, by the names of its fields.

    Of a post ``before`` and ``after`` hold the number of its grant too. The label is what a person reads; ids resolve the rest.
    """

    run = models.ForeignKey(DirectoryRun, models.CASCADE, related_name="changes", db_index=False)
    thing = CodeField(states=DirectoryThing)
    action = CodeField(states=DirectoryAction)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            known_state(DirectoryThing, field="thing"),
            known_state(DirectoryAction, field="action"),
        ]
        indexes = [models.Index(fields=["run", "thing", "action", "id"], name="civic_service_dirchange_run")]

    def __str__(self) -> str:
        return f"{self.action} of {self.thing} {self.object_id}"

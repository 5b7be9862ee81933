"""The papers given, as they were given (P5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from renfort.documents.enums import PaperState, Reason
from renfort.kernel.models import CodeField, StateField, Stateful, known_state
from renfort.organisations.models import Organisation
from renfort.people.models import Person

S = PaperState


class Paper(Stateful):
    """One paper. What it says stands in ``facts``, and in the file whose SHA-256 is ``digest``; neither ever changes.

    ``series`` says which papers stand for each other: at most one of a series is valid, the newest.
    """

    kind = models.CharField(max_length=60)  # missions.attestation
    code = models.CharField(max_length=16, unique=True)  # 80 random bits, without the hyphens that people read
    series = models.CharField(max_length=120)
    subject = models.BigIntegerField()  # of the model that the kind names
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="papers")  # None: somebody without any account
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # which may read it too
    language = models.CharField(max_length=5, default="fr")
    facts = models.JSONField()
    file = models.FileField(upload_to="papers", max_length=100)
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)
    state = StateField(states=S, default=S.VALID)
    reason = CodeField(states=Reason, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # replaced or void since

    class Meta:
        constraints = [
            known_state(S),
            models.UniqueConstraint(fields=["kind", "series"], condition=Q(state=S.VALID), name="documents_paper_one_valid"),
            models.CheckConstraint(
                condition=Q(state=S.VALID, ended_at=None) | (~Q(state=S.VALID) & Q(ended_at__isnull=False)),
                name="documents_paper_ended",
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="documents_paper_digest"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="documents_paper_person"),
            models.Index(fields=["kind", "subject"], name="documents_paper_subject"),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"

    @property
    def written_code(self) -> str:
        """The code as people read and type it: « K7QD-4M2X-9PWT-H3VC »."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def verify_path(self) -> str:
        """The public page that says whether the paper is genuine."""
        return reverse("documents:verify", args=[self.written_code])

    @property
    def download_path(self) -> str:
        """Where the holder fetches the file."""
        return reverse("documents:download", args=[self.written_code])

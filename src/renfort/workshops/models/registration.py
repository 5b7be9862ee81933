"""Who takes part in a session, and the address that lets people take a seat by themselves (W6)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from renfort.kernel.models import CodeField, StateField, Stateful, known_state
from renfort.people.models import Person
from renfort.workshops.enums import GONE, RegistrationSource, RegistrationState
from renfort.workshops.models.session import Session

R = RegistrationState
_GONE = [str(state) for state in GONE]


class Registration(Stateful):
    """A participant of a session; an account is not asked for. Its life stands on ``workshops.workflow.registration``.

    ``email`` is in lower case, or empty (somebody added on the day, teaching, or erased). ``seat_order`` is the place in the
    waiting line, the least first, held while waiting alone. ``link_*``: the participant's own address, made of the seed and the
    site's key, recognised by its digest. ``written_at``: when the last e-mail that invites, or says the same again, was
    written. ``agreed_at``: when the terms were accepted. ``marked_*``: who said when whether the person was there;
    ``scanned_at``: when the phone noted it, which may be long before it reached us, or the person said so by the room's code.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="registrations")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=5, default="fr")  # of the e-mails
    source = CodeField(states=RegistrationSource, default=RegistrationSource.LINK)
    state = StateField(states=R, default=R.INVITED)
    seat_order = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    written_at = models.DateTimeField(null=True, editable=False)
    agreed_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    marked_at = models.DateTimeField(null=True, editable=False)
    marked_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    scanned_at = models.DateTimeField(null=True, editable=False)
    link_seed = models.CharField(max_length=43, blank=True, editable=False)
    link_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        constraints = [
            known_state(R),
            known_state(RegistrationSource, field="source"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="workshops_registration_email_lower"),
            models.CheckConstraint(
                condition=Q(state=R.WAITING, seat_order__isnull=False) | (~Q(state=R.WAITING) & Q(seat_order=None)),
                name="workshops_registration_rank",
            ),
            models.CheckConstraint(
                condition=~Q(state=R.PRESENT) | Q(marked_at__isnull=False), name="workshops_registration_marked"
            ),
            models.UniqueConstraint(
                fields=["session", "email"], condition=~Q(email="") & ~Q(state__in=_GONE), name="workshops_registration_once"
            ),
            models.UniqueConstraint(
                fields=["session", "person"], condition=Q(person__isnull=False) & ~Q(state__in=_GONE),
                name="workshops_registration_person_once",
            ),
            models.UniqueConstraint(
                fields=["session", "seat_order"], condition=Q(seat_order__isnull=False), name="workshops_registration_rank_once"
            ),
            models.UniqueConstraint(fields=["link_digest"], condition=~Q(link_digest=""), name="workshops_registration_link"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["session", "state"], name="workshops_registration_seats"),
            models.Index(F("email"), condition=~Q(email=""), name="workshops_registration_email"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"

    @property
    def full_name(self) -> str:
        """« Awa Diallo »; the address when there is no name, "" when there is neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class JoinLink(models.Model):
    """The address by which anybody takes a seat on a session, to hand to the client's contact (W6). No row: there is none."""

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="join_link")
    seed = models.CharField(max_length=43)
    digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    def __str__(self) -> str:
        return f"link of session {self.session_id}"

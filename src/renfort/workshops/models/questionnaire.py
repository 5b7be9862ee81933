"""What is asked after a session, and what was answered (W7)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from renfort.kernel.models import CodeField, known_state
from renfort.people.models import Person
from renfort.workshops.enums import SCALES, Audience, Kind, Moment, QuestionKind
from renfort.workshops.models.registration import Registration
from renfort.workshops.models.session import Session

WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.SEVERAL)


class Questionnaire(models.Model):
    """What is asked of the participants of one audience and one kind of session at one moment.

    ``audience`` and ``kind`` empty: of every one that has no questionnaire of its own. ``retired_at``: sent no more.
    """

    moment = CodeField(states=Moment)
    audience = CodeField(states=Audience, blank=True)
    kind = CodeField(states=Kind, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            known_state(Moment, field="moment"),
            models.CheckConstraint(
                condition=Q(audience__in=["", *Audience.values]), name="workshops_questionnaire_known_audience"
            ),
            models.CheckConstraint(condition=Q(kind__in=["", *Kind.values]), name="workshops_questionnaire_known_kind"),
            models.UniqueConstraint(
                fields=["moment", "audience", "kind"], condition=Q(retired_at=None), name="workshops_questionnaire_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"questionnaire {self.pk}"


class Edition(models.Model):
    """One version of a questionnaire: a draft until it is published, and for ever the same from then on (triggers).

    What was sent keeps its edition; the newest published one is sent next.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="workshops_edition_number"),
            models.UniqueConstraint(fields=["questionnaire"], condition=Q(published_at=None), name="workshops_edition_one_draft"),
        ]

    def __str__(self) -> str:
        return f"edition {self.pk}"


class Question(models.Model):
    """One question of an edition. ``key`` stays from edition to edition, so that answers can be compared over time.

    ``choice_keys`` go with ``choices_fr`` and ``choices_en``, place by place; an empty English word is told in French.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="questions")
    key = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField()
    kind = CodeField(states=QuestionKind)
    label_fr = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    choice_keys = ArrayField(models.CharField(max_length=20), default=list)
    choices_fr = ArrayField(models.CharField(max_length=120), default=list)
    choices_en = ArrayField(models.CharField(max_length=120, blank=True), default=list)
    is_required = models.BooleanField(default=False)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            known_state(QuestionKind, field="kind"),
            models.UniqueConstraint(fields=["edition", "key"], name="workshops_question_once"),
            models.UniqueConstraint(
                fields=["edition", "rank"], name="workshops_question_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in WITH_CHOICES], choice_keys__len__gte=2)
                | (~Q(kind__in=[str(kind) for kind in WITH_CHOICES]) & Q(choice_keys__len=0)),
                name="workshops_question_choices",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def label(self) -> str:
        """The question in the language in force, in French where there is no English."""
        return (self.label_en if _in_english() else "") or self.label_fr

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The choices: key and words in the language in force."""
        english = [*self.choices_en, *[""] * len(self.choices_fr)] if _in_english() else [""] * len(self.choices_fr)
        return [(key, there or here) for key, here, there in zip(self.choice_keys, self.choices_fr, english, strict=False)]

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The lowest and the highest mark of a scale; None for what is no scale."""
        return SCALES.get(QuestionKind(self.kind))


def _in_english() -> bool:
    return (get_language() or "fr").startswith("en")


class Survey(models.Model):
    """One edition sent to one participant: at most one per moment. Kept when it is answered, without what was answered."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="surveys")
    moment = CodeField(states=Moment)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="surveys")
    sent_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField()  # until then answers can be given and changed
    is_answered = models.BooleanField(default=False)  # not since when: the hour would tell whose a reply is

    class Meta:
        constraints = [
            known_state(Moment, field="moment"),
            models.UniqueConstraint(fields=["registration", "moment"], name="workshops_survey_once"),
        ]
        indexes = [models.Index(fields=["closes_at"], name="workshops_survey_closing")]

    def __str__(self) -> str:
        return f"survey {self.pk}"


class Reply(models.Model):
    """What one participant answered. ``survey`` is None once it is closed: from then on nobody can tell whose it is."""

    survey = models.OneToOneField(Survey, models.SET_NULL, null=True, related_name="reply")
    session = models.ForeignKey(Session, models.PROTECT, related_name="replies")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="replies")

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Answer(models.Model):
    """One answer: a mark, the keys of what was chosen, or words."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    mark = models.PositiveSmallIntegerField(null=True)
    chosen = ArrayField(models.CharField(max_length=20), default=list)
    words = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reply", "question"], name="workshops_answer_once"),
            models.CheckConstraint(condition=Q(mark=None) | Q(mark__lte=10), name="workshops_answer_mark"),
            models.CheckConstraint(
                condition=Q(mark__isnull=False, chosen__len=0, words="")
                | Q(mark=None, chosen__len__gte=1, words="")
                | (Q(mark=None, chosen__len=0) & ~Q(words="")),
                name="workshops_answer_one_form",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Silence(models.Model):
    """An address that wants no more questionnaires, as a digest: what is to be forgotten is not written down again."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"silence {self.pk}"

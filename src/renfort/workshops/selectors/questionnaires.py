"""What is asked, of whom, in which edition; and who may be asked (W7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from renfort.kernel.actors import Actor
from renfort.parameters.catalogue import COLD_DAYS, SURVEY_REMINDER_DAYS
from renfort.parameters.selectors import value_of
from renfort.workshops.enums import Moment, RegistrationState, SessionState
from renfort.workshops.models import Edition, Question, Questionnaire, Registration, Session, Silence, Survey
from renfort.workshops.selectors.roles import is_staff

SALT, SILENCE_SALT = "renfort.workshops.after", "renfort.workshops.silence"
MARK = 40  # signs of the link's secret part: 160 bits
LATE = timedelta(days=30)  # what is older than this is not sent any more: a programme opened again does not write to everybody
IN_FULL = ("session__assignment__order__client__organisation", "person__account", "certificate")


# ── the questionnaires ────────────────────────────────────────────────────────────────────────────
def questionnaires(actor: Actor) -> QuerySet[Questionnaire]:
    """Those in use, for the association alone, with how many were sent of each (``sent``)."""
    if not is_staff(actor):
        return Questionnaire.objects.none()
    found = Questionnaire.objects.filter(retired_at=None).annotate(sent=Count("editions__surveys"))
    return found.order_by("-moment", "audience", "kind", "pk")


def newest(questionnaire: Questionnaire) -> Edition | None:
    """The edition that is sent next; None while none is published. One query."""
    return questionnaire.editions.exclude(published_at=None).order_by("-number").first()


def draft(questionnaire: Questionnaire) -> Edition | None:
    """The edition that is being written, if there is one. One query."""
    return questionnaire.editions.filter(published_at=None).first()


def questions_of(edition: Edition | None) -> list[Question]:
    """The questions in their order. One query, none without an edition."""
    return list(edition.questions.order_by("rank", "pk")) if edition is not None else []


def edition_for(session: Session, moment: str) -> Edition | None:
    """What is sent after a session at a moment: of its audience and kind, else of its audience, of its kind, of all. Needs the
    assignment; one query."""
    audience, kind = session.assignment.audience, session.kind
    found = Edition.objects.filter(
        questionnaire__moment=moment, questionnaire__retired_at=None, questionnaire__audience__in=["", audience],
        questionnaire__kind__in=["", kind], published_at__isnull=False,
    ).select_related("questionnaire")  # fmt: skip
    best = sorted(
        found, key=lambda each: (bool(each.questionnaire.audience), bool(each.questionnaire.kind), each.number), reverse=True
    )
    return best[0] if best else None


# ── the personal address, which needs no account ──────────────────────────────────────────────────
def after_token(number: int) -> str:
    """The secret part of a participant's address « after the session », made of the registration's number and the site's key."""
    mark = salted_hmac(SALT, str(number), algorithm="sha256").hexdigest()[:MARK]
    return f"{int_to_base36(number)}-{mark}"


def after_path(registration: Registration) -> str:
    """The participant's page « Après la session »."""
    return reverse("workshops:after", args=[after_token(registration.pk)])


def registration_of_after(token: str) -> Registration | None:
    """Whose page an address opens; None for one that was not made here. At most one query."""
    number, _dash, _mark = token.partition("-")
    try:
        found = base36_to_int(number) if number.isascii() and number.isalnum() else 0
    except ValueError:
        return None
    if not 0 < found < 2**62 or not constant_time_compare(after_token(found), token):
        return None
    return Registration.objects.select_related(*IN_FULL).filter(pk=found).first()


# ── who wants no more of them ─────────────────────────────────────────────────────────────────────
def address_digest(address: str) -> str:
    """An address as the list of refusals keeps it: recognised, and not to be read back."""
    keyed = salted_hmac(SILENCE_SALT, address.strip().lower(), algorithm="sha256").digest()
    return hashlib.sha256(keyed).hexdigest()


def address_of(registration: Registration) -> str:
    """Where the participant is written to; "" for somebody without an address. Needs the person and its account."""
    person = registration.person
    account = getattr(person, "account", None) if person is not None else None
    return registration.email or (account.email if account is not None else person.email if person is not None else "")


def is_silent(address: str) -> bool:
    """Whether an address wants no more questionnaires. One query."""
    return Silence.objects.filter(digest=address_digest(address)).exists()


# ── what is due ───────────────────────────────────────────────────────────────────────────────────
def _present(now: datetime) -> QuerySet[Registration]:
    """Those marked present on a session that took place."""
    found = Registration.objects.filter(state=RegistrationState.PRESENT, session__state=SessionState.HELD)
    return found.filter(session__ends_at__lte=now).select_related(*IN_FULL).order_by("pk")


def to_thank(now: datetime) -> QuerySet[Registration]:
    """Those present who have not been told yet that their certificate is there."""
    return _present(now).filter(session__ends_at__gt=now - LATE).filter(Q(certificate=None) | Q(certificate__told_at=None))


def to_ask_later(now: datetime) -> QuerySet[Registration]:
    """Those present, so many days ago, who were not sent the questionnaire « à froid »."""
    since = now - timedelta(days=value_of(COLD_DAYS))
    cold = Survey.objects.filter(registration=OuterRef("pk"), moment=Moment.COLD)
    return _present(now).filter(session__ends_at__lte=since, session__ends_at__gt=since - LATE).filter(~Exists(cold))


def to_remind(now: datetime) -> QuerySet[Survey]:
    """Those sent so many days ago, not answered, still open for a day at least, of which nobody was reminded."""
    sent = now - timedelta(days=value_of(SURVEY_REMINDER_DAYS))
    found = Survey.objects.filter(
        is_answered=False, reminded_at=None, sent_at__lte=sent, closes_at__gt=now + timedelta(days=1),
        registration__state=RegistrationState.PRESENT,
    )  # fmt: skip
    return found.select_related(*(f"registration__{each}" for each in IN_FULL)).order_by("pk")


def surveys_of(registration: Registration) -> list[Survey]:
    """What was sent to a participant, the first first, with edition and questionnaire. One query."""
    found = registration.surveys.select_related("edition__questionnaire").order_by("sent_at", "pk")
    return list(found)


def answered(survey: Survey, questions: Iterable[Question]) -> dict[str, object]:
    """What was answered so far, by the key of each question, as a form shows it again. One query."""
    keys = {question.pk: question.key for question in questions}
    reply = getattr(survey, "reply", None)
    if reply is None:
        return {}
    found: dict[str, object] = {}
    for each in reply.answers.all():
        key = keys.get(each.question_id)
        if key is not None:
            found[key] = str(each.mark) if each.mark is not None else list(each.chosen) or each.words
    return found


def present_on(session: Session) -> QuerySet[Registration]:
    """Those marked present on a session, by name, with what goes with their certificates."""
    found = session.registrations.filter(state=RegistrationState.PRESENT).select_related("person__account", "certificate")
    return found.order_by("last_name", "first_name", "pk")

"""After a session: thank, ask, remind, keep what is answered, and forget whose it is (W7)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import CLOCK
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused, lock_row
from renfort.organisations.enums import Programme
from renfort.parameters.catalogue import SURVEY_OPEN_DAYS
from renfort.parameters.selectors import is_open, value_of
from renfort.workshops.enums import Moment, QuestionKind, RegistrationState
from renfort.workshops.messages import AFTER, SURVEY_COLD, SURVEY_REMINDER
from renfort.workshops.models import Answer, Certificate, Registration, Reply, Silence, Survey
from renfort.workshops.selectors.questionnaires import (
    address_digest,
    address_of,
    edition_for,
    is_silent,
    questions_of,
    to_ask_later,
    to_remind,
    to_thank,
)
from renfort.workshops.services.certificates import issue_certificate, why_no_certificate
from renfort.workshops.services.questionnaires import install

logger = logging.getLogger(__name__)
MORNING, EVENING = 8, 20  # nobody is asked for an opinion, or reminded, at night


def thank_due(now: datetime) -> int:
    """Thank those who were present and have not been told; returns how many. Called again it writes to nobody."""
    if not is_open(Programme.WORKSHOPS):
        return 0
    install()
    return _each(to_thank(now), lambda pk: thank(pk, now))


def ask_due(now: datetime) -> int:
    """Send what is due « à froid » and remind those who have not answered; returns to how many."""
    if not is_open(Programme.WORKSHOPS):
        return 0
    sent = _each(to_ask_later(now), lambda pk: ask_later(pk, now))
    return sent + _each(to_remind(now), lambda pk: remind(pk, now))


def _each(rows: QuerySet[Any], write: Callable[[int], bool]) -> int:
    sent = 0
    for pk in list(rows.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                sent += write(pk)
        except Exception:  # one participant must not stop the others
            logger.exception("participant %s could not be written to after the session", pk)
    return sent


def _is_day(registration: Registration, now: datetime) -> bool:
    """Whether it is day where the session was."""
    return MORNING <= now.astimezone(ZoneInfo(registration.session.zone)).hour < EVENING


def _open_survey(registration: Registration, moment: str, now: datetime) -> Survey | None:
    """Send an edition to a participant, unless there is none, nobody to write to, or the address wants no more of them."""
    address = address_of(registration)
    edition = edition_for(registration.session, moment)
    if edition is None or not address or is_silent(address):
        return None
    closes = now + timedelta(days=value_of(SURVEY_OPEN_DAYS))
    made, is_new = Survey.objects.get_or_create(
        registration=registration, moment=moment, defaults={"edition": edition, "sent_at": now, "closes_at": closes}
    )
    return made if is_new else None


def _locked(pk: int, registration: Registration | None) -> bool:
    """Hold the participant: two workers, or a mark taken back meanwhile, come one after the other."""
    if registration is None:
        return False
    return bool(lock_row(Registration(pk=pk)).state == RegistrationState.PRESENT)


def thank(pk: int, now: datetime) -> bool:
    """Certificate and questionnaire « à chaud » in one e-mail, once. Returns whether somebody was written to."""
    registration = to_thank(now).filter(pk=pk).first()
    if registration is None or not _locked(pk, registration):
        return False
    row, _is_new = Certificate.objects.get_or_create(registration=registration)
    row = lock_row(row)
    if row.told_at is not None:
        return False
    has_paper = not why_no_certificate(registration)
    if has_paper:
        issue_certificate(registration)
    survey = _open_survey(registration, Moment.HOT, now)
    row.told_at = now
    row.save(update_fields=["told_at"])
    if not address_of(registration) or not (has_paper or survey):
        return False
    codes = {"certificate": has_paper, "survey": survey is not None}
    publish("workshops.registration.thank", registration, actor=CLOCK, codes=codes, tells=(AFTER,))
    return True


def ask_later(pk: int, now: datetime) -> bool:
    """The questionnaire « à froid », once, by day. Returns whether somebody was written to."""
    registration = to_ask_later(now).filter(pk=pk).first()
    if registration is None or not _is_day(registration, now) or not _locked(pk, registration):
        return False
    survey = _open_survey(registration, Moment.COLD, now)
    if survey is None:
        return False
    publish("workshops.survey.send", survey, actor=CLOCK, codes={"moment": survey.moment}, tells=(SURVEY_COLD,))
    return True


def remind(pk: int, now: datetime) -> bool:
    """The one reminder, by day. Returns whether somebody was written to."""
    survey = to_remind(now).filter(pk=pk).first()
    if survey is None or not _is_day(survey.registration, now):
        return False
    locked: Survey = lock_row(survey)
    if locked.reminded_at is not None or locked.is_answered:
        return False
    survey.reminded_at = locked.reminded_at = now
    locked.save(update_fields=["reminded_at"])
    address = address_of(survey.registration)
    if not address or is_silent(address):
        return False
    publish("workshops.survey.remind", survey, actor=CLOCK, codes={"moment": survey.moment}, tells=(SURVEY_REMINDER,))
    return True


# ── answering ─────────────────────────────────────────────────────────────────────────────────────
def why_closed(survey: Survey, now: datetime) -> str:
    """What keeps somebody from answering, in a sentence; "" when nothing does. Needs the registration."""
    if survey.closes_at <= now:
        return _("Ce questionnaire est fermé : il n'est plus possible d'y répondre.")
    if survey.registration.state != RegistrationState.PRESENT:
        return _("Votre présence à cette session n'est pas constatée : ce questionnaire n'est plus ouvert.")
    return ""


def answer(*, survey: Survey, said: Mapping[str, object]) -> Reply:
    """Keep what a participant answers, in the place of what was answered before. ``said``: by the key of each question, a mark as
    text, the key or keys of what was chosen, or words; what is empty was not answered. The history keeps nothing of it: an
    hour there would tell whose a reply is once the link is cut.

    Raises:
        Refused: it is closed, or the mark of presence was taken back.
    """
    now = timezone.now()
    with transaction.atomic():
        locked: Survey = lock_row(survey)
        locked.registration = survey.registration
        if reason := why_closed(locked, now):
            raise Refused(reason)
        reply, _is_new = Reply.objects.get_or_create(
            survey=locked, defaults={"session_id": survey.registration.session_id, "edition_id": locked.edition_id}
        )
        reply.answers.all().delete()
        rows = []
        for question in questions_of(locked.edition):
            row = Answer(reply=reply, question=question)
            given = said.get(question.key)
            if not given:
                continue
            if question.bounds is not None:
                row.mark = int(str(given))
            elif question.kind == QuestionKind.SEVERAL and isinstance(given, list | tuple):
                row.chosen = [str(each) for each in given]
            elif question.kind == QuestionKind.WORDS:
                row.words = str(given)
            else:
                row.chosen = [str(given)]
            rows.append(row)
        Answer.objects.bulk_create(rows)
        if not locked.is_answered:
            locked.is_answered = True
            locked.save(update_fields=["is_answered"])
    return reply


def forget_whose(now: datetime) -> int:
    """Cut the link between replies and people of questionnaires that are closed; returns how many. Called by the clock."""
    return Reply.objects.filter(survey__closes_at__lte=now).update(survey=None)


# ── no more of them ───────────────────────────────────────────────────────────────────────────────
def silence(address: str) -> None:
    """Send no questionnaires to this address any more. Certificates still come."""
    Silence.objects.get_or_create(digest=address_digest(address), defaults={"since": timezone.now()})


def end_silence(address: str) -> None:
    """Send them again."""
    Silence.objects.filter(digest=address_digest(address)).delete()

"""What is written to participants after a session: certificate and questionnaires, once each (W7)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.templatetags.ui import moment_day
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import Moment, RegistrationState
from renfort.workshops.messages.facts import W, facts_of_session, sample_of, sample_session
from renfort.workshops.models import Registration, Survey
from renfort.workshops.selectors.questionnaires import after_token


def reader_of(registration: Registration) -> list[Recipient]:
    """The participant: the person's account when there is one, else the address that was given; nobody without any."""
    if registration.person is not None and getattr(registration.person, "account", None) is not None:
        return [recipient_of(registration.person)]
    if not registration.email:
        return []
    return [Recipient(address=registration.email, name=registration.full_name, language=registration.language)]


def the_participant(event: Event[Registration]) -> Iterable[Recipient]:
    return reader_of(event.obj)


def who_is_asked(event: Event[Survey]) -> Iterable[Recipient]:
    return reader_of(event.obj.registration)


def _page(registration: Registration, what: str = "after", *more: str) -> str:
    return reverse(f"workshops:{what}", args=[after_token(registration.pk), *more])


def _refuse(registration: Registration) -> tuple[str, str]:
    return _("Ne plus recevoir de questionnaires"), _page(registration, "after-refuse")


def _facts(registration: Registration) -> tuple[tuple[str, str], ...]:
    """Which session, without the link of a video call that is over."""
    return facts_of_session(registration.session)[:4]


def thanks(event: Event[Registration], reader: Recipient) -> Mail:
    """``codes``: ``certificate`` and ``survey`` say what there is."""
    who, has_paper, has_survey = event.obj, bool(event.codes.get("certificate")), bool(event.codes.get("survey"))
    sentences = [_("Merci d'avoir participé.")]
    if has_paper:
        sentences.append(_("Votre attestation est prête : la page la donne, sans compte ni mot de passe."))
    if has_survey:
        sentences.append(_("Dites-nous aussi ce que vous en avez pensé : deux minutes suffisent."))
    return Mail(
        subject=_("Votre attestation : %(session)s, %(date)s") % {"session": who.session.title, "date": who.session.words}
        if has_paper
        else _("Votre avis sur la session : %(session)s, %(date)s") % {"session": who.session.title, "date": who.session.words},
        sentences=tuple(sentences),
        facts=_facts(who),
        action=(_("Mon attestation et mon avis") if has_paper and has_survey else _("Ouvrir la page"), _page(who)),
        more=(_refuse(who),) if has_survey else (),
        closing=_("Ce lien est le vôtre : ne le partagez pas."),
        secret=True,
    )  # fmt: skip


def again(event: Event[Registration], reader: Recipient) -> Mail:
    who = event.obj
    return Mail(
        subject=_("Votre attestation : %(session)s, %(date)s") % {"session": who.session.title, "date": who.session.words},
        sentences=(_("Voici de nouveau la page où la télécharger."),),
        facts=_facts(who),
        action=(_("Mon attestation"), _page(who)),
        closing=_("Ce lien est le vôtre : ne le partagez pas."),
        secret=True,
    )  # fmt: skip


def asked_later(event: Event[Survey], reader: Recipient) -> Mail:
    who = event.obj.registration
    return Mail(
        subject=_("Avec le recul, qu'en pensez-vous ? %(session)s, %(date)s")
        % {"session": who.session.title, "date": who.session.words},
        sentences=(_("Quelques semaines ont passé. Deux minutes suffisent pour dire ce qu'il vous en reste."),),
        facts=_facts(who),
        action=(_("Donner mon avis"), _page(who, "after-survey", event.obj.moment)),
        more=(_refuse(who),),
        closing=_("Ce lien est le vôtre : ne le partagez pas."),
        secret=True,
    )


def reminded(event: Event[Survey], reader: Recipient) -> Mail:
    who = event.obj.registration
    return Mail(
        subject=_("Votre avis nous manque : %(session)s, %(date)s") % {"session": who.session.title, "date": who.session.words},
        sentences=(
            _("Vous pouvez encore répondre, jusqu'au %(day)s. C'est notre seule relance.")
            % {"day": moment_day(event.obj.closes_at)},
        ),
        facts=_facts(who),
        action=(_("Donner mon avis"), _page(who, "after-survey", event.obj.moment)),
        more=(_refuse(who),),
        closing=_("Ce lien est le vôtre : ne le partagez pas."),
        secret=True,
    )  # fmt: skip


def a_registration() -> Registration:
    return Registration(
        pk=0, session=sample_session(), first_name="Awa", last_name="Diallo", email="awa@example.org",
        state=RegistrationState.PRESENT,
    )  # fmt: skip


def a_survey() -> Survey:
    return Survey(pk=0, registration=a_registration(), moment=Moment.COLD, sent_at=timezone.now(), closes_at=timezone.now())


AFTER = Message(
    "workshops.registration.after", gettext_lazy("Attestation et questionnaire après une session"), the_participant, thanks, W,
    sample=sample_of(a_registration, codes={"certificate": True, "survey": True}),
)  # fmt: skip
AFTER_AGAIN = Message(
    "workshops.registration.after_again", gettext_lazy("L'attestation, envoyée de nouveau"), the_participant, again, W,
    sample=sample_of(a_registration),
)  # fmt: skip
SURVEY_COLD = Message(
    "workshops.survey.cold", gettext_lazy("Questionnaire à froid"), who_is_asked, asked_later, W, sample=sample_of(a_survey)
)
SURVEY_REMINDER = Message(
    "workshops.survey.reminder", gettext_lazy("Relance d'un questionnaire"), who_is_asked, reminded, W, sample=sample_of(a_survey)
)

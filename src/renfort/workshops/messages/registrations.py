"""What is said to those who take part in a session (W6). Their links open what is theirs: staff never read these e-mails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.templatetags.ui import number
from renfort.workshops.enums import RegistrationState
from renfort.workshops.messages.facts import W, client_of, facts_of_session, sample_of, sample_session
from renfort.workshops.messages.participant_file import participant_file
from renfort.workshops.models import Registration, Session
from renfort.workshops.selectors.join_links import own_link
from renfort.workshops.selectors.registrations import ahead_in_line, told_of_session

R = RegistrationState
To = Callable[[Event[Registration]], Iterable[Recipient]]


def recipient(registration: Registration) -> Recipient:
    """The participant, at the address that was given."""
    return Recipient(
        address=registration.email, name=f"{registration.first_name} {registration.last_name}".strip(),
        language=registration.language,
    )  # fmt: skip


def _in(*states: str) -> To:
    """The participant, when the registration stands so now."""
    return lambda event: [recipient(event.obj)] if event.obj.email and event.obj.state in states else []


def _was(*states: str) -> To:
    """The participant, when the registration stood so before."""
    return lambda event: [recipient(event.obj)] if event.obj.email and event.before in states else []


def _anybody(event: Event[Registration]) -> Iterable[Recipient]:
    return [recipient(event.obj)] if event.obj.email else []


def _head(session: Session) -> dict[str, str]:
    return {"session": session.title, "date": session.words, "client": client_of(session.assignment)}


def _why(event: Event[Any]) -> tuple[str, ...]:
    reason = event.texts.get("reason", "")
    return (reason,) if reason else ()


def invited(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Invitation : %(session)s, %(date)s") % _head(session),
        sentences=(
            _("Vous êtes invité·e à participer à cette session. Dites si vous venez : une minute suffit, sans créer de compte."),
        ),
        facts=facts_of_session(session),
        action=(_("Répondre à l'invitation"), own_link(event.obj)),
        secret=True,
    )


def confirmed(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Vous êtes inscrit·e : %(session)s, %(date)s") % _head(session),
        sentences=(
            _("Votre place est réservée. Le fichier joint met la session dans votre agenda."),
            _("Un empêchement ? Dites-le depuis votre page : votre place ira à quelqu'un d'autre."),
        ),
        facts=facts_of_session(session),
        action=(_("Voir ma participation"), own_link(event.obj)),
        secret=True,
        calendar=participant_file(event.obj),
    )


def queued(event: Event[Registration], reader: Recipient) -> Mail:
    session, place = event.obj.session, ahead_in_line(event.obj) + 1
    return Mail(
        subject=_("Liste d'attente : %(session)s, %(date)s") % _head(session),
        sentences=(
            ngettext(
                "La session est complète. Vous êtes la première personne de la liste d'attente.",
                "La session est complète. Vous êtes à la place %(n)s de la liste d'attente.",
                place,
            )
            % {"n": number(place)},
            _("Dès qu'une place se libère, elle est à vous et un e-mail vous le dit. Vous n'avez rien à faire."),
        ),
        facts=facts_of_session(session),
        action=(_("Voir ma participation"), own_link(event.obj)),
        secret=True,
    )


def seat_freed(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Une place s'est libérée : %(session)s, %(date)s") % _head(session),
        sentences=(
            _("Vous étiez sur liste d'attente : vous êtes maintenant inscrit·e. Le fichier joint va dans votre agenda."),
            _("Vous ne pouvez plus venir ? Dites-le depuis votre page, tout de suite si possible : quelqu'un d'autre attend."),
        ),
        facts=facts_of_session(session),
        action=(_("Voir ma participation"), own_link(event.obj)),
        secret=True,
        calendar=participant_file(event.obj),
    )


def declined(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Vous ne venez pas : %(session)s, %(date)s") % _head(session),
        sentences=(_("C'est noté, merci de l'avoir dit. Le fichier joint enlève la session de votre agenda."),),
        facts=facts_of_session(session),
        action=(_("Changer d'avis"), own_link(event.obj)),
        secret=True,
        calendar=participant_file(event.obj),
    )


def removed(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Votre inscription est annulée : %(session)s, %(date)s") % _head(session),
        sentences=(_("L'organisation de la session a annulé votre inscription : vous n'êtes plus attendu·e."), *_why(event)),
        facts=facts_of_session(session),
        secret=True,
        calendar=participant_file(event.obj) if event.before == R.CONFIRMED else "",
    )


def called_off(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("La session n'aura pas lieu : %(session)s, %(date)s") % _head(session),
        sentences=(
            _("Cette session est annulée : ne vous déplacez pas."),
            *((_("Le fichier joint l'enlève de votre agenda."),) if event.before == R.CONFIRMED else ()),
        ),
        facts=facts_of_session(session),
        secret=True,
        calendar=participant_file(event.obj) if event.before == R.CONFIRMED else "",
    )


def reminder(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Bientôt : %(session)s, %(date)s") % _head(session),
        sentences=(_("Cette session commence bientôt, nous vous attendons. Un empêchement ? Dites-le depuis votre page."),),
        facts=facts_of_session(session),
        action=(_("Voir ma participation"), own_link(event.obj)),
        secret=True,
    )


def already(event: Event[Registration], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Vous êtes déjà sur la liste : %(session)s, %(date)s") % _head(session),
        sentences=(_("Quelqu'un, vous sans doute, a de nouveau donné votre adresse pour cette session. Voici votre page."),),
        facts=facts_of_session(session),
        action=(_("Voir ma participation"), own_link(event.obj)),
        secret=True,
    )


# ── the session has changed: to all who hold a seat or wait for one ───────────────────────────────
def those_who_come(event: Event[Session]) -> Iterable[Recipient]:
    """One query; each reader's registration is kept beside the session for the e-mail."""
    if not event.obj.pk:
        return []
    found = told_of_session(event.obj)
    for each in found:
        each.session = event.obj
    event.obj.told = {each.email: each for each in found}  # type: ignore[attr-defined]  # read by ``moved`` just below
    return [recipient(each) for each in found]


def former(event: Event[Session]) -> Session:
    """The session as it was before the change that the event tells of."""
    was = copy(event.obj)
    for name, (before, _after) in event.changes.items():
        if hasattr(was, name):
            setattr(was, name, datetime.fromisoformat(str(before)) if name in ("starts_at", "ends_at") else before)
    return was


def moved(event: Event[Session], reader: Recipient) -> Mail:
    """Each fact that is another one now, before and after; the file of the calendar follows for who holds a seat."""
    session: Any = event.obj
    mine: Registration = getattr(session, "told", {}).get(reader.address) or a_registration()
    was = dict(facts_of_session(former(event)))
    changed = [(label, was.get(label, ""), value) for label, value in facts_of_session(session) if was.get(label) != value]
    return Mail(
        subject=_("Changement : %(session)s, %(date)s") % _head(session),
        sentences=(
            _("Cette session a changé. Voici ce qu'il en est maintenant."),
            *(_("%(what)s, avant : %(before)s") % {"what": label, "before": before} for label, before, _now in changed if before),
            _("Vous ne pouvez plus venir ? Dites-le depuis votre page."),
        ),
        facts=facts_of_session(session),
        action=(_("Voir ma participation"), own_link(mine)),
        secret=True,
        calendar=participant_file(mine) if mine.state == R.CONFIRMED else "",
    )


# ── invented, for the preview ─────────────────────────────────────────────────────────────────────
def a_registration() -> Registration:
    session = sample_session()
    return Registration(pk=0, session=session, first_name="Awa", last_name="Diallo", email="awa@example.org", state=R.CONFIRMED)


_sample = sample_of(a_registration)


def _say(key: str, label: Any, to: Any, mail: Any, sample: Any = _sample) -> Message[Any]:
    return Message(f"workshops.registration.{key}", label, to, mail, W, notice=False, sample=sample)


GUEST_INVITED = _say("invited", gettext_lazy("Une invitation à participer"), _in(R.INVITED), invited)
GUEST_CONFIRMED = _say("confirmed", gettext_lazy("Votre participation est enregistrée"), _in(R.CONFIRMED), confirmed)
GUEST_QUEUED = _say("queued", gettext_lazy("Vous êtes sur liste d'attente"), _in(R.WAITING), queued)
GUEST_SEATED = _say("seated", gettext_lazy("Une place s'est libérée pour vous"), _anybody, seat_freed)
GUEST_DECLINED = _say("declined", gettext_lazy("Vous ne venez pas"), _was(R.CONFIRMED), declined)
GUEST_REMOVED = _say("removed", gettext_lazy("Votre participation est annulée"), _anybody, removed)
GUEST_CALLED_OFF = _say("called_off", gettext_lazy("La session n'aura pas lieu"), _anybody, called_off)
GUEST_REMINDED = _say("reminded", gettext_lazy("Votre session commence bientôt"), _anybody, reminder)
GUEST_ALREADY = _say("already", gettext_lazy("Vous êtes déjà sur la liste"), _anybody, already)
GUEST_MOVED = _say("moved", gettext_lazy("Votre session a changé"), those_who_come, moved, sample_of(sample_session))

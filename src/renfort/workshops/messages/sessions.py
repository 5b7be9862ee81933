"""What is said of a session to those who lead it (W3, W4)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.workshops.enums import Seat
from renfort.workshops.messages.facilitator_file import session_file
from renfort.workshops.messages.facts import (
    W,
    client_of,
    facts_of_session,
    own_session_page,
    sample_enrolment,
    sample_of,
    sample_session,
    session_page,
    the_coordinator_of_session,
    those_on_session,
    who_is_enrolled,
    who_is_invited,
)
from renfort.workshops.models import Enrolment, Invitee, Session
from renfort.workshops.selectors.links import link_of


def own_page(session: Session, reader: Recipient) -> str:
    """The reader's own page of the session: that of the enrolment."""
    found = Enrolment.objects.filter(session=session.pk, facilitator=reader.person_id or 0).order_by("-pk").first()
    return own_session_page(found.pk if found is not None else 0)


def own_file(session: Session, reader: Recipient, *, off: bool = False) -> str:
    """The reader's calendar file of the session as it is now; "" when the reader leads it not."""
    found = Enrolment.objects.filter(session=session.pk, facilitator=reader.person_id or 0).order_by("-pk").first()
    if found is None:
        return ""
    found.session = session
    return session_file(found, off=off).decode()


def enrolled(event: Event[Enrolment], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Vous animez : %(session)s, %(date)s") % {"session": session.title, "date": session.words},
        sentences=(_("Votre inscription est enregistrée. Le fichier d'agenda est sur la page de la session."),),
        facts=(*facts_of_session(session), (_("Votre rôle"), str(Seat(event.obj.seat).label))),
        action=(_("Voir la session"), own_session_page(event.obj.pk)),
        calendar=session_file(event.obj).decode(),
    )


def left(event: Event[Enrolment], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Une place d'animation est à prendre : %(date)s") % {"date": session.words},
        sentences=(_("%(name)s s'est désinscrit·e de cette session.") % {"name": event.obj.facilitator.person.full_name},),
        facts=facts_of_session(session),
        action=(_("Ouvrir la session"), session_page(session)),
    )


def unenrolled(event: Event[Enrolment], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Vous n'animez plus : %(session)s, %(date)s") % {"session": session.title, "date": session.words},
        sentences=(_("La coordination vous a retiré·e de cette session. Le fichier d'agenda de sa page l'enlève du vôtre."),),
        facts=facts_of_session(session),
        action=(_("Voir la session"), own_session_page(event.obj.pk)),
        calendar=session_file(event.obj, off=True).decode(),
    )


def invited(event: Event[Invitee], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Animer une session pour %(client)s, %(date)s")
        % {"client": client_of(session.assignment), "date": session.words},
        sentences=(_("On vous invite à animer cette session. La page dit les places libres, et vous inscrit en un geste."),),
        facts=facts_of_session(session),
        action=(_("Voir l'invitation"), link_of(session)),
    )


def changed(event: Event[Session], reader: Recipient) -> Mail:
    session = event.obj
    facts = [(label, value) for label, value in facts_of_session(session)]
    before = str(event.changes.get("hours", (None, None))[0] or event.texts.get("hours:before", ""))
    return Mail(
        subject=_("Session modifiée : %(client)s, %(date)s") % {"client": client_of(session.assignment), "date": session.words},
        sentences=(
            _("Voici ce qu'il en est maintenant. Le fichier d'agenda de la page est à jour."),
            *((_("Avant : %(before)s") % {"before": before},) if before else ()),
        ),
        facts=tuple(facts),
        action=(_("Voir la session"), own_page(session, reader)),
        calendar=own_file(session, reader),
    )


def session_cancelled(event: Event[Session], reader: Recipient) -> Mail:
    session = event.obj
    reason = event.texts.get("reason", "")
    return Mail(
        subject=_("Session annulée : %(client)s, %(date)s") % {"client": client_of(session.assignment), "date": session.words},
        sentences=(
            _("Cette session n'aura pas lieu. Le fichier d'agenda de sa page l'enlève de votre agenda."),
            *((reason,) if reason else ()),
        ),
        facts=facts_of_session(session),
        action=(_("Voir la session"), own_page(session, reader)),
        calendar=own_file(session, reader, off=True),
    )


def an_invitee() -> Invitee:
    return Invitee(pk=0, session=sample_session(), email="awa@example.org")


ENROLLED = Message(
    "workshops.enrolment.enrolled", gettext_lazy("Votre inscription à une session"), who_is_enrolled, enrolled, W,
    sample=sample_of(sample_enrolment),
)  # fmt: skip
LEFT = Message(
    "workshops.enrolment.left", gettext_lazy("Une désinscription"), the_coordinator_of_session, left, W,
    sample=sample_of(sample_enrolment),
)  # fmt: skip
UNENROLLED = Message(
    "workshops.enrolment.removed", gettext_lazy("Vous n'animez plus une session"), who_is_enrolled, unenrolled, W,
    sample=sample_of(sample_enrolment),
)  # fmt: skip
INVITED = Message(
    "workshops.session.invited", gettext_lazy("Une invitation à animer"), who_is_invited, invited, W, sample=sample_of(an_invitee)
)
CHANGED = Message(
    "workshops.session.changed", gettext_lazy("Une session a changé"), those_on_session, changed, W,
    sample=sample_of(sample_session),
)  # fmt: skip
SESSION_CANCELLED = Message(
    "workshops.session.cancelled", gettext_lazy("Une session est annulée"), those_on_session, session_cancelled, W,
    sample=sample_of(sample_session),
)  # fmt: skip

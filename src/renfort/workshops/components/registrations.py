"""Pieces of the pages about participants (W6)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.templatetags.ui import badge, number
from renfort.workshops.enums import Language, RegistrationState, SessionState
from renfort.workshops.messages.participant_file import participant_file as calendar_of
from renfort.workshops.models import Registration, Session
from renfort.workshops.workflow import REGISTRATION

__all__ = ["calendar_of", "facts_for_guests", "registration_badge", "seats_words", "where_one_stands"]


def registration_badge(registration: Registration) -> SafeString:
    waits = "clock" if registration.state in (RegistrationState.INVITED, RegistrationState.WAITING) else None
    return badge(label=RegistrationState(registration.state).label, tone=REGISTRATION.tones[registration.state], icon=waits)


def seats_words(session: Session, counts: dict[str, int]) -> str:
    """« 12 inscrit·es pour 14 places, 3 sur liste d'attente »."""
    taken = counts[RegistrationState.CONFIRMED] + counts[RegistrationState.PRESENT]
    words = _("Inscrit·es : %(taken)s · Places : %(places)s") % {"taken": number(taken), "places": number(session.participants)}
    waiting = counts[RegistrationState.WAITING]
    if waiting:
        line = ngettext("%(n)s personne attend une place", "%(n)s personnes attendent une place", waiting)
        words = f"{words} · {line % {'n': number(waiting)}}"
    return words


def facts_for_guests(session: Session, *, inside: bool) -> list[tuple[str, str]]:
    """What a participant has to know; the link of an online session only for who is on its list (``inside``)."""
    zone = "" if session.zone == "Europe/Paris" else _(" (heures de %(zone)s)") % {"zone": session.zone}
    return [
        (_("Date"), f"{session.words}{zone}"),
        (_("Lieu"), session.where),
        *([(_("Lien de visio"), session.video_link)] if inside and session.video_link else []),
        (_("Langue"), str(Language(session.language).label)),
        (_("Organisée pour"), session.assignment.order.client.organisation.name),
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a participant stands, in words: a title, a sentence, the tone of its box."""

    title: str
    sentence: str
    tone: str


def where_one_stands(registration: Registration, place: int) -> Standing:
    """``place``: the rank in the waiting line, from one."""
    session, state = registration.session, registration.state
    if session.state == SessionState.CANCELLED:
        return Standing(_("La session est annulée"), _("Elle n'aura pas lieu : ne vous déplacez pas."), "warning")
    words = {
        RegistrationState.INVITED: Standing(_("Vous êtes invité·e"), _("Dites si vous venez."), "info"),
        RegistrationState.CONFIRMED: Standing(_("Vous êtes inscrit·e"), _("Votre place est réservée."), "success"),
        RegistrationState.WAITING: Standing(
            _("Vous êtes sur liste d'attente"),
            _("Place %(n)s de la liste. Dès qu'une place se libère, elle est à vous et un e-mail vous le dit.")
            % {"n": number(place)},
            "info",
        ),
        RegistrationState.PRESENT: Standing(_("Vous étiez là"), _("Votre présence est notée. Merci !"), "success"),
        RegistrationState.ABSENT: Standing(_("Vous êtes noté·e absent·e"), _("Une erreur ? Dites-le à qui organise."), "warning"),
        RegistrationState.DECLINED: Standing(_("Vous ne venez pas"), _("C'est noté, merci de l'avoir dit."), "info"),
        RegistrationState.CANCELLED: Standing(
            _("Votre inscription est annulée"), _("Vous n'êtes plus attendu·e à cette session."), "warning"
        ),
    }
    return words[RegistrationState(state)]

"""What is said of invitations to lead a session, and of places proposed to others (W4, W12)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.messages.facts import (
    W,
    client_of,
    facts_of_session,
    own_session_page,
    sample_enrolment,
    sample_of,
    sample_session,
    session_page,
    who_is_invited,
)
from renfort.workshops.models import Facilitator, Invitee, Replacement
from renfort.workshops.selectors.links import link_of


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def who_coordinates(event: Event[Invitee]) -> Iterable[Recipient]:
    coordinator = event.obj.session.assignment.coordinator
    return [] if coordinator is None else [recipient_of(coordinator.person)]


def whom_it_is_proposed_to(event: Event[Replacement]) -> Iterable[Recipient]:
    """The person; who coordinates, when it is proposed to whoever conforms."""
    if event.obj.to is not None:
        return [recipient_of(event.obj.to.person)]
    coordinator = event.obj.session.assignment.coordinator
    return [] if coordinator is None or coordinator.pk == event.actor.person_id else [recipient_of(coordinator.person)]


def who_proposed(event: Event[Replacement]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.enrolment.facilitator.person)]


def who_proposed_and_coordinates(event: Event[Replacement]) -> Iterable[Recipient]:
    coordinator = event.obj.session.assignment.coordinator
    people = {event.obj.enrolment.facilitator_id: event.obj.enrolment.facilitator.person}
    if coordinator is not None and coordinator.pk != event.actor.person_id:
        people[coordinator.pk] = coordinator.person
    return [recipient_of(person) for person in people.values()]


# ── what ──────────────────────────────────────────────────────────────────────────────────────────
def invited_again(event: Event[Invitee], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Votre réponse est attendue : animer pour %(client)s, %(date)s")
        % {"client": client_of(session.assignment), "date": session.words},
        sentences=(_("Vous avez été invité·e à animer cette session. Acceptez ou déclinez en un geste : on compte sur vous."),),
        facts=facts_of_session(session),
        action=(_("Répondre à l'invitation"), link_of(session)),
    )


def invitation_declined(event: Event[Invitee], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Une invitation à animer est déclinée : %(date)s") % {"date": session.words},
        sentences=(_("%(address)s ne peut pas animer cette session.") % {"address": event.obj.email},),
        facts=facts_of_session(session),
        action=(_("Ouvrir la session"), session_page(session)),
    )


def place_page(replacement: Replacement) -> str:
    return reverse("workshops:replacement", args=[replacement.pk])


def place_proposed(event: Event[Replacement], reader: Recipient) -> Mail:
    session, mine = event.obj.session, event.obj.enrolment
    words = event.texts.get("words", "")
    return Mail(
        subject=_("%(name)s cherche à être remplacé·e : %(date)s")
        % {"name": mine.facilitator.person.full_name, "date": session.words},
        sentences=(
            _("La place reste la sienne tant que personne ne l'a prise."),
            *((words,) if words else ()),
        ),
        facts=facts_of_session(session),
        action=(_("Voir la place"), place_page(event.obj) if event.obj.to is not None else session_page(session)),
    )


def place_taken(event: Event[Replacement], reader: Recipient) -> Mail:
    session, made = event.obj.session, event.obj.made
    name = made.facilitator.person.full_name if made is not None else ""
    page = (
        own_session_page(event.obj.enrolment_id)
        if reader.person_id == event.obj.enrolment.facilitator_id
        else session_page(session)
    )
    return Mail(
        subject=_("Remplacement trouvé : %(date)s") % {"date": session.words},
        sentences=(
            _("%(name)s prend la place de %(former)s.")
            % {"name": name, "former": event.obj.enrolment.facilitator.person.full_name},
        ),
        facts=facts_of_session(session),
        action=(_("Voir la session"), page),
    )


def place_declined(event: Event[Replacement], reader: Recipient) -> Mail:
    session = event.obj.session
    return Mail(
        subject=_("Votre remplacement reste à trouver : %(date)s") % {"date": session.words},
        sentences=(
            _("La personne ne peut pas prendre votre place : vous êtes toujours attendu·e. Proposez-la à quelqu'un d'autre."),
        ),
        facts=facts_of_session(session),
        action=(_("Voir la session"), own_session_page(event.obj.enrolment_id)),
    )


def an_invitee() -> Invitee:
    return Invitee(pk=0, session=sample_session(), email="awa@example.org")


def a_replacement() -> Replacement:
    mine = sample_enrolment()
    to = Facilitator(person=Person(pk=0, first_name="Camille", last_name="Martin"))
    return Replacement(pk=0, enrolment=mine, session=mine.session, to=to, made=sample_enrolment(), asked_at=timezone.now())


INVITED_AGAIN = Message(
    "workshops.session.invited_again", gettext_lazy("Rappel d'une invitation à animer"), who_is_invited, invited_again, W,
    sample=sample_of(an_invitee),
)  # fmt: skip
INVITATION_DECLINED = Message(
    "workshops.invitee.declined", gettext_lazy("Une invitation à animer est déclinée"), who_coordinates, invitation_declined, W,
    by_mail=False, sample=sample_of(an_invitee),
)  # fmt: skip
PLACE_PROPOSED = Message(
    "workshops.replacement.proposed", gettext_lazy("Une place d'animation proposée"), whom_it_is_proposed_to, place_proposed, W,
    sample=sample_of(a_replacement),
)  # fmt: skip
PLACE_TAKEN = Message(
    "workshops.replacement.taken", gettext_lazy("Un remplacement trouvé"), who_proposed_and_coordinates, place_taken, W,
    sample=sample_of(a_replacement),
)  # fmt: skip
PLACE_DECLINED = Message(
    "workshops.replacement.declined", gettext_lazy("Un remplacement décliné"), who_proposed, place_declined, W,
    sample=sample_of(a_replacement),
)  # fmt: skip

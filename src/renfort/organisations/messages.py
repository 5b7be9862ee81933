"""What organisations and those who join them are told (P4): to whom, and the blocks of the e-mail, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.rules import Text
from renfort.organisations.models import JoinRequest, Network, NetworkMembership, Organisation
from renfort.organisations.selectors import managers_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_managers(event: Event[JoinRequest] | Event[NetworkMembership]) -> Iterable[Recipient]:
    """Each « responsable » of the organisation but the one who did it."""
    held = managers_of(event.obj.organisation_id)
    return [recipient_of(grant.person) for grant in held if grant.person_id != event.actor.person_id]


def the_asker(event: Event[JoinRequest]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


# ── joining an organisation (R9) ──────────────────────────────────────────────────────────────────
def join_asked(event: Event[JoinRequest], reader: Recipient) -> Mail:
    person, organisation = event.obj.person, event.obj.organisation
    return Mail(
        subject=_("%(person)s demande à rejoindre %(organisation)s")
        % {"person": person.full_name, "organisation": organisation.name},
        sentences=(
            _("Cette personne dit faire partie de votre structure et demande à en devenir responsable avec vous."),
            _("Un responsable voit les missions et les coordonnées des bénévoles : n'acceptez que qui vous connaissez."),
        ),
        facts=((_("Nom"), person.full_name), (_("E-mail"), person.email), (_("Structure"), organisation.name)),
        action=(_("Répondre à la demande"), reverse("organisations:team", args=[organisation.pk])),
    )


def join_accepted(event: Event[JoinRequest], reader: Recipient) -> Mail:
    organisation = event.obj.organisation
    return Mail(
        subject=_("Vous avez rejoint %(organisation)s") % {"organisation": organisation.name},
        sentences=(
            _("%(organisation)s a accepté votre demande : vous en êtes responsable.") % {"organisation": organisation.name},
        ),
        action=(_("Voir ma structure"), reverse("organisations:own", args=[organisation.pk])),
        closing=_("Merci de vous engager."),
    )


def join_refused(event: Event[JoinRequest], reader: Recipient) -> Mail:
    organisation = event.obj.organisation
    return Mail(
        subject=_("Réponse à votre demande : %(organisation)s") % {"organisation": organisation.name},
        sentences=tuple(
            filter(
                None,
                (
                    _("%(organisation)s n'a pas accepté votre demande pour l'instant.") % {"organisation": organisation.name},
                    event.texts.get("message", ""),
                ),
            )
        ),
        action=(_("Inscrire une autre structure"), reverse("organisations:open")),
    )


# ── national networks (R5) ────────────────────────────────────────────────────────────────────────
def network_confirmed(event: Event[NetworkMembership], reader: Recipient) -> Mail:
    names = {"network": event.obj.network.label, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("%(network)s : votre appartenance est confirmée") % names,
        sentences=(_("%(organisation)s fait partie du réseau %(network)s ; cela se voit désormais sur vos pages.") % names,),
        action=(_("Voir ma structure"), reverse("organisations:own", args=[event.obj.organisation_id])),
    )


def network_refused(event: Event[NetworkMembership], reader: Recipient) -> Mail:
    names = {"network": event.obj.network.label, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("%(network)s : votre appartenance n'est pas confirmée") % names,
        sentences=(
            _("Nous ne pouvons pas confirmer que %(organisation)s fait partie du réseau %(network)s.") % names,
            event.texts.get("reasons", ""),
        ),
        action=(_("Voir ma structure"), reverse("organisations:own", args=[event.obj.organisation_id])),
        closing=_("Vos missions restent en ligne : seul le nom du réseau n'est pas montré."),
    )


# ── invented events, for the operator's preview (P4) ──────────────────────────────────────────────
def _sample_organisation() -> Organisation:
    return Organisation(pk=0, name=_("Secours Exemple"))


def _sample_request(texts: Mapping[str, Text] | None = None) -> Callable[[], Event[JoinRequest]]:
    def sample() -> Event[JoinRequest]:
        person = Person(first_name="Camille", last_name="Martin", email="camille.martin@exemple.fr")
        return _sample(JoinRequest(pk=0, organisation=_sample_organisation(), person=person), texts)

    return sample


def _sample_membership(texts: Mapping[str, Text] | None = None) -> Callable[[], Event[NetworkMembership]]:
    def sample() -> Event[NetworkMembership]:
        network = Network(label_fr="Réseau Exemple", label_en="Example Network")
        return _sample(NetworkMembership(pk=0, organisation=_sample_organisation(), network=network), texts)

    return sample


def _sample(obj: Any, texts: Mapping[str, Text] | None) -> Event[Any]:
    words = {name: str(text) for name, text in (texts or {}).items()}
    return Event(name="sample", obj=obj, actor=SERVICE, at=timezone.now(), texts=words)


JOIN_ASKED = Message(
    key="organisations.join.asked",
    label=gettext_lazy("Demande pour rejoindre une structure"),
    to=the_managers,
    mail=join_asked,
    sample=_sample_request(),
)
JOIN_ACCEPTED = Message(
    key="organisations.join.accepted",
    label=gettext_lazy("Demande pour rejoindre une structure, acceptée"),
    to=the_asker,
    mail=join_accepted,
    sample=_sample_request(),
)
JOIN_REFUSED = Message(
    key="organisations.join.refused",
    label=gettext_lazy("Demande pour rejoindre une structure, refusée"),
    to=the_asker,
    mail=join_refused,
    sample=_sample_request({"message": gettext_lazy("Notre équipe est déjà complète.")}),
)
NETWORK_CONFIRMED = Message(
    key="organisations.network.confirmed",
    label=gettext_lazy("Réseau national confirmé"),
    to=the_managers,
    mail=network_confirmed,
    sample=_sample_membership(),
)
NETWORK_REFUSED = Message(
    key="organisations.network.refused",
    label=gettext_lazy("Réseau national refusé"),
    to=the_managers,
    mail=network_refused,
    sample=_sample_membership({"reasons": gettext_lazy("Le réseau ne connaît pas votre structure.")}),
)

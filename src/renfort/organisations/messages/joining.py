"""What is said of requests to join and of networks (P4): to whom, and the blocks of the e-mail, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.rules import Text
from renfort.organisations.enums import Programme, Role
from renfort.organisations.messages.readers import sample, sample_organisation, the_managers, those_who_answer
from renfort.organisations.models import JoinRequest, Network, NetworkMembership
from renfort.organisations.selectors import is_managed
from renfort.organisations.selectors.supervision import supervisors_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def the_asker(event: Event[JoinRequest]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


# ── joining an organisation (R9) ──────────────────────────────────────────────────────────────────
def join_asked(event: Event[JoinRequest], reader: Recipient) -> Mail:
    person, organisation = event.obj.person, event.obj.organisation
    return Mail(
        subject=_("%(person)s demande à rejoindre %(organisation)s")
        % {"person": person.full_name, "organisation": organisation.name},
        sentences=(
            _("Cette personne dit faire partie de la structure et demande à rejoindre son équipe. Vous choisissez son rôle."),
            _("Une équipe voit les coordonnées de bénévoles : n'acceptez que qui vous connaissez."),
        ),
        facts=((_("Nom"), person.full_name), (_("E-mail"), person.email), (_("Structure"), organisation.name)),
        action=(
            _("Répondre à la demande"),
            reverse("organisations:team", args=[organisation.pk])
            if is_managed(organisation.pk)
            else reverse("organisations:care"),
        ),
    )


def join_accepted(event: Event[JoinRequest], reader: Recipient) -> Mail:
    organisation = event.obj.organisation
    role = Role(str(event.codes.get("role", Role.MANAGER)))
    names = {"organisation": organisation.name, "role": str(role.label).lower()}
    page = (
        ("organisations:own", _("Voir ma structure"))
        if role == Role.MANAGER
        else ("missions:host-missions", _("Voir les missions"))
    )
    return Mail(
        subject=_("Vous avez rejoint %(organisation)s") % names,
        sentences=(_("%(organisation)s a accepté votre demande : vous êtes %(role)s dans son équipe.") % names,),
        action=(page[1], reverse(page[0], args=[organisation.pk])),
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


def the_supervisors(event: Event[NetworkMembership]) -> Iterable[Recipient]:
    """Who heads the network, but the one who did it."""
    held = supervisors_of(event.obj.network_id)
    return [recipient_of(grant.person) for grant in held if grant.person_id != event.actor.person_id]


def network_claimed(event: Event[NetworkMembership], reader: Recipient) -> Mail:
    names = {"network": event.obj.network.label, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("%(organisation)s dit faire partie du réseau %(network)s") % names,
        sentences=(
            _("Rien ne s'en voit avant votre réponse : ni votre nom sur ses pages, ni ses missions sur les vôtres."),
            _("Confirmez si vous connaissez cette structure ; sinon, dites-lui pourquoi vous refusez."),
        ),
        facts=((_("Structure"), names["organisation"]), (_("Ville"), event.obj.organisation.city)),
        action=(_("Répondre"), reverse("organisations:network-claims", args=[event.obj.network_id or 0])),
    )


def network_ended(event: Event[NetworkMembership], reader: Recipient) -> Mail:
    names = {"network": event.obj.network.label, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("%(organisation)s ne fait plus partie du réseau %(network)s") % names,
        sentences=tuple(
            filter(
                None,
                (
                    _("Le réseau %(network)s a mis fin à l'appartenance de %(organisation)s.") % names,
                    event.texts.get("reasons", ""),
                ),
            )
        ),
        action=(_("Voir ma structure"), reverse("organisations:own", args=[event.obj.organisation_id])),
        closing=_("Vos missions restent en ligne : seul le nom du réseau n'est plus montré."),
    )


# ── invented events, for the operator's preview (P4) ──────────────────────────────────────────────
def _sample_request(texts: Mapping[str, Text] | None = None) -> Callable[[], Event[JoinRequest]]:
    def made() -> Event[JoinRequest]:
        person = Person(first_name="Camille", last_name="Martin", email="camille.martin@exemple.fr")
        return sample(JoinRequest(pk=0, organisation=sample_organisation(), person=person), texts)

    return made


def _sample_membership(texts: Mapping[str, Text] | None = None) -> Callable[[], Event[NetworkMembership]]:
    def made() -> Event[NetworkMembership]:
        network = Network(pk=0, label_fr="Réseau Exemple", label_en="Example Network")
        return sample(NetworkMembership(pk=0, organisation=sample_organisation(), network=network), texts)

    return made


JOIN_ASKED = Message(
    key="organisations.join.asked",
    label=gettext_lazy("Demande pour rejoindre une structure"),
    to=those_who_answer,
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
NETWORK_CLAIMED = Message(
    key="organisations.network.claimed",
    label=gettext_lazy("Réseau national à confirmer"),
    to=the_supervisors,
    mail=network_claimed,
    programme=Programme.RESERVE,
    optional=True,
    sample=_sample_membership(),
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
NETWORK_ENDED = Message(
    key="organisations.network.ended",
    label=gettext_lazy("Réseau national, appartenance terminée"),
    to=the_managers,
    mail=network_ended,
    programme=Programme.RESERVE,
    sample=_sample_membership({"reasons": gettext_lazy("Votre antenne a rejoint une autre fédération.")}),
)

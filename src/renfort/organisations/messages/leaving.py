"""What is said when an organisation changes its name, leaves the platform, comes back (R9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.messages.readers import sample, sample_organisation, the_operators
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import members_of
from renfort.people.selectors import recipient_of

WORDS = {
    "name": gettext_lazy("Nom"),
    "siret": gettext_lazy("SIRET"),
    "department_id": gettext_lazy("Département"),
}


def the_team(event: Event[Organisation]) -> Iterable[Recipient]:
    """Everybody of the team, the one who did it too: it is said in writing to whoever may regret it."""
    return [recipient_of(grant.person) for grant in members_of(event.obj.pk)]


def identity_changed(event: Event[Organisation], reader: Recipient) -> Mail:
    changed = tuple(
        (str(WORDS[name]), _("%(before)s → %(after)s") % {"before": before or "–", "after": after or "–"})
        for name, (before, after) in event.changes.items()
        if name in WORDS
    )
    return Mail(
        subject=_("Une structure a changé d'identité : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(_("Son nom, son SIRET ou son département n'est plus le même. Vérifiez que c'est bien la même structure."),),
        facts=changed,
        action=(_("Voir la page de la structure"), f"/structures/{event.obj.pk}-structure/"),
    )


def organisation_left(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("%(organisation)s n'est plus sur la plateforme") % {"organisation": event.obj.name},
        sentences=(
            _("%(organisation)s a été retirée de la plateforme à la demande d'un de ses responsables.")
            % {"organisation": event.obj.name},
            _("Ses missions à venir sont annulées, les bénévoles prévenus. L'historique et les heures confirmées restent."),
            _("Est-ce une erreur ? Pendant 30 jours, l'équipe du site peut la rétablir : écrivez-lui."),
        ),
        action=(_("Aller à mon espace"), reverse("portal:space")),
        closing=_("Merci pour ce que vous avez fait avec les bénévoles."),
    )


def organisation_left_operator(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Une structure a quitté la plateforme : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(_("Un de ses responsables l'a retirée. Vous pouvez la rétablir pendant 30 jours."),),
        action=(_("Voir les structures parties"), reverse("organisations:care")),
    )


def organisation_restored(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("%(organisation)s est de retour sur la plateforme") % {"organisation": event.obj.name},
        sentences=(
            _("Votre structure est rétablie, avec son équipe et son historique."),
            _("Les missions annulées le restent : dupliquez celles que vous voulez proposer de nouveau."),
        ),
        action=(_("Voir les missions"), reverse("missions:host-missions", args=[event.obj.pk])),
    )


def _sample() -> Event[Organisation]:
    return sample(sample_organisation())


IDENTITY_CHANGED = Message(
    "organisations.organisation.identity", gettext_lazy("Structure : nom, SIRET ou département changé"), the_operators,
    identity_changed, optional=True, sample=_sample,
)  # fmt: skip
ORGANISATION_LEFT = Message(
    "organisations.organisation.left", gettext_lazy("Structure retirée de la plateforme"), the_team, organisation_left,
    sample=_sample,
)  # fmt: skip
ORGANISATION_LEFT_OPERATOR = Message(
    "organisations.organisation.left_operator", gettext_lazy("Structure retirée de la plateforme (opérateur)"), the_operators,
    organisation_left_operator, sample=_sample,
)  # fmt: skip
ORGANISATION_RESTORED = Message(
    "organisations.organisation.restored", gettext_lazy("Structure rétablie"), the_team, organisation_restored, sample=_sample
)

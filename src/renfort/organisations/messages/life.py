"""What an organisation and those who look after it are told of its life: decisions, corrections, a flag (R52)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme
from renfort.organisations.messages.leaving import the_team
from renfort.organisations.messages.readers import sample, sample_organisation
from renfort.organisations.models import Organisation
from renfort.organisations.selectors.decisions import reasons_in_words, who_asked
from renfort.people.selectors import recipient_of


def the_asker(event: Event[Organisation]) -> Iterable[Recipient]:
    """Who asked for the correction, while that person may still decide."""
    asked = who_asked(event.obj, event.obj.department_id)
    return [] if asked is None or asked.pk == event.actor.person_id else [recipient_of(asked)]


def own_page(organisation: Organisation) -> str:
    return reverse("organisations:own", args=[organisation.pk])


def organisation_validated(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre structure est validée : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(
            _("%(organisation)s est validée : bienvenue, et merci de faire appel aux bénévoles.")
            % {"organisation": event.obj.name},
        ),
        action=(_("Voir les missions"), reverse("missions:host-missions", args=[event.obj.pk])),
    )


def organisation_to_correct(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre structure est à corriger : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(
            _("La page de votre structure a été relue. Elle pourra être validée après une correction :"),
            *reasons_in_words(event.codes, event.texts),
            _("Vos missions en ligne le restent pendant ce temps."),
        ),
        action=(_("Corriger ma structure"), own_page(event.obj)),
    )


def organisation_corrected(event: Event[Organisation], reader: Recipient) -> Mail:
    words = event.texts.get("message", "")
    return Mail(
        subject=_("Structure corrigée : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(
            _("%(organisation)s a répondu à votre demande de correction et attend votre décision.")
            % {"organisation": event.obj.name},
            *((_("Son message : « %(words)s »") % {"words": words},) if words else ()),
        ),
        action=(_("Lire la structure"), reverse("organisations:case", args=[event.obj.pk])),
    )


def organisation_refused(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre structure n'est pas acceptée : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(
            _("%(organisation)s ne peut pas être sur la plateforme, pour cette raison :") % {"organisation": event.obj.name},
            *reasons_in_words(event.codes, event.texts),
            _("Ses missions à venir sont annulées ; chaque bénévole concerné reçoit un e-mail qui le dit."),
            _("Est-ce une erreur ? Écrivez à l'équipe du site."),
        ),
        action=(_("Voir ma structure"), own_page(event.obj)),
    )


def organisation_flagged(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre structure est signalée : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(
            _("%(organisation)s est signalée, pour cette raison :") % {"organisation": event.obj.name},
            *reasons_in_words(event.codes, event.texts),
            _("Ses missions à venir ne sont plus en ligne tant que le signalement n'est pas levé."),
            _("Aucune participation n'est annulée : chaque bénévole concerné reçoit un e-mail qui le dit."),
        ),
        action=(_("Voir ma structure"), own_page(event.obj)),
    )


def organisation_cleared(event: Event[Organisation], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Le signalement est levé : %(organisation)s") % {"organisation": event.obj.name},
        sentences=(
            _("%(organisation)s n'est plus signalée.") % {"organisation": event.obj.name},
            _("Ses missions suspendues attendent une nouvelle validation ; vous recevrez un e-mail pour chacune."),
        ),
        action=(_("Voir les missions"), reverse("missions:host-missions", args=[event.obj.pk])),
    )


def _sample() -> Event[Organisation]:
    words = gettext_lazy("Dites-nous qui encadre les bénévoles.")
    return sample(sample_organisation(), texts={"reasons": words, "message": words})


R = Programme.RESERVE
ORGANISATION_VALIDATED = Message(
    "organisations.organisation.validated", pgettext_lazy("e-mail", "Structure validée"), the_team, organisation_validated, R,
    sample=_sample,
)  # fmt: skip
ORGANISATION_TO_CORRECT = Message(
    "organisations.organisation.to_correct", gettext_lazy("Structure à corriger"), the_team, organisation_to_correct, R,
    sample=_sample,
)  # fmt: skip
ORGANISATION_CORRECTED = Message(
    "organisations.organisation.corrected", gettext_lazy("Structure corrigée (référent)"), the_asker, organisation_corrected, R,
    optional=True, sample=_sample,
)  # fmt: skip
ORGANISATION_REFUSED = Message(
    "organisations.organisation.refused", pgettext_lazy("e-mail", "Structure refusée"), the_team, organisation_refused, R,
    sample=_sample,
)  # fmt: skip
ORGANISATION_FLAGGED = Message(
    "organisations.organisation.flagged", pgettext_lazy("e-mail", "Structure signalée"), the_team, organisation_flagged, R,
    sample=_sample,
)  # fmt: skip
ORGANISATION_CLEARED = Message(
    "organisations.organisation.cleared", gettext_lazy("Signalement levé"), the_team, organisation_cleared, R, sample=_sample
)

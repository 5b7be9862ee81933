"""What is said of a mission: decided, changed, cancelled, reopened, to close (R14, R20)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.messages.facts import R, before_and_now, elsewhere, facts, mission_page, when, where
from renfort.missions.messages.readers import the_asker, the_concerned, the_expected, the_managers, the_other_side
from renfort.missions.messages.samples import about_changed_mission, about_mission
from renfort.missions.models import CancellationReason, Mission
from renfort.missions.selectors.changes import LABELS, as_it_was
from renfort.missions.selectors.reasons import reason_words
from renfort.organisations.selectors.decisions import comments_in, reasons_in_words


def mission_validated(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission est en ligne : %(mission)s") % {"mission": event.obj.title},
        sentences=(_("Votre mission a été validée. Les bénévoles peuvent maintenant proposer leur aide."),),
        facts=facts(event.obj),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def mission_to_correct(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission est à corriger : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Votre mission a été relue. Elle pourra être mise en ligne après une correction :"),
            *reasons_in_words(event.codes, event.texts),
        ),
        facts=tuple((str(LABELS[name]), words) for name, words in comments_in(event.texts) if name in LABELS),
        action=(_("Corriger la mission"), mission_page(event.obj)),
    )


def mission_refused(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission n'est pas acceptée : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Votre mission ne peut pas être mise en ligne, pour cette raison :"),
            *reasons_in_words(event.codes, event.texts),
        ),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def mission_corrected(event: Event[Mission], reader: Recipient) -> Mail:
    words = event.texts.get("message", "")
    names = {"mission": event.obj.title, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("Mission corrigée : %(mission)s") % names,
        sentences=(
            _("%(organisation)s a répondu à votre demande de correction et attend votre décision.") % names,
            *((_("Son message : « %(words)s »") % {"words": words},) if words else ()),
        ),
        action=(_("Lire la mission"), reverse("missions:case", args=[event.obj.pk])),
    )


def mission_suspended(event: Event[Mission], reader: Recipient) -> Mail:
    names = {"mission": event.obj.title, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("Votre mission est suspendue : %(mission)s") % names,
        sentences=(
            _("%(organisation)s fait l'objet d'une vérification : sa mission n'est plus en ligne pour l'instant.") % names,
            _("Votre participation n'est pas annulée. Attendez des nouvelles avant de vous rendre sur place."),
            _("Si la mission est annulée, vous recevrez un e-mail. Vous pouvez aussi vous désister dès maintenant."),
        ),
        facts=facts(event.obj),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def case_message(event: Event[Mission], reader: Recipient) -> Mail:
    names = {"mission": event.obj.title, "words": event.texts.get("message", "")}
    from_host = bool(event.codes.get("host"))
    return Mail(
        subject=_("Un message au sujet de votre mission : %(mission)s") % names
        if not from_host
        else _("Un message de la structure : %(mission)s") % names,
        sentences=(_("« %(words)s »") % names,),
        action=(_("Répondre"), reverse("missions:case", args=[event.obj.pk]) if from_host else mission_page(event.obj)),
    )


def mission_cancelled(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Mission annulée : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("La mission est annulée. Les bénévoles concernés sont prévenus par e-mail."),
            _("Raison : %(reason)s.") % {"reason": reason_words(CancellationReason, str(event.codes["reason"]))},
        ),
        facts=facts(event.obj),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def mission_changed(event: Event[Mission], reader: Recipient) -> Mail:
    mission = event.obj
    was = as_it_was(mission, event.changes, event.texts)
    others_were = None if was.addresses_were is None else " ; ".join(was.addresses_were.splitlines())  # type: ignore[attr-defined]  # as_it_was
    sides = (
        (_("Dates"), when(was), when(mission)),
        (_("Horaires"), was.schedule, mission.schedule),
        (_("Lieu"), where(was), where(mission)),
        (_("Autres adresses"), elsewhere(mission) if others_were is None else others_were, elsewhere(mission)),
        (_("Type de mission"), was.kind_label, mission.kind_label),
        (_("Format de mission"), was.format_label, mission.format_label),
    )
    told = tuple((label, now if before == now else before_and_now(before, now)) for label, before, now in sides)
    return Mail(
        subject=_("Votre mission a changé : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a changé la date, le lieu ou le format de votre mission. Voici ce qui vaut maintenant.")
            % {"organisation": mission.organisation.name},
            _("Si cela ne vous convient plus, désistez-vous depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=((_("Mission"), mission.title), (_("Structure"), mission.organisation.name), *(fact for fact in told if fact[1])),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def mission_reopened(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission continue : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("%(organisation)s rouvre votre mission, avec une nouvelle date de fin.")
            % {"organisation": event.obj.organisation.name},
            _("Si cela ne vous convient plus, désistez-vous depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=facts(event.obj),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def mission_to_close(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission est finie : clôturez-la (%(mission)s)") % {"mission": event.obj.title},
        sentences=(
            _("La date de fin de votre mission est passée. Dites qui est venu, puis clôturez la mission."),
            _("Sans nouvelles de vous, elle sera clôturée 30 jours après sa fin."),
        ),
        facts=facts(event.obj),
        action=(_("Clôturer la mission"), mission_page(event.obj)),
    )


MISSION_VALIDATED = Message(
    "missions.mission.validated",
    pgettext_lazy("e-mail", "Mission validée"),
    the_managers,
    mission_validated,
    R,
    sample=about_mission(),
)
MISSION_TO_CORRECT = Message(
    "missions.mission.to_correct", gettext_lazy("Mission à corriger"), the_managers, mission_to_correct, R,
    sample=about_mission(texts={"reasons": gettext_lazy("Précisez qui encadre les bénévoles.")}),
)  # fmt: skip
MISSION_REFUSED = Message(
    "missions.mission.refused", pgettext_lazy("e-mail", "Mission refusée"), the_managers, mission_refused, R,
    sample=about_mission(texts={"reasons": gettext_lazy("Cette mission remplacerait un emploi.")}),
)  # fmt: skip
MISSION_CORRECTED = Message(
    "missions.mission.corrected", gettext_lazy("Mission corrigée (référent)"), the_asker, mission_corrected, R, optional=True,
    sample=about_mission(texts={"message": gettext_lazy("Les horaires sont précisés.")}),
)  # fmt: skip
MISSION_SUSPENDED = Message(
    "missions.mission.suspended", gettext_lazy("Mission suspendue (bénévole)"), the_concerned, mission_suspended, R,
    sample=about_mission(),
)  # fmt: skip
CASE_MESSAGE = Message(
    "missions.mission.message", gettext_lazy("Message sur une mission à valider"), the_other_side, case_message, R,
    sample=about_mission(texts={"message": gettext_lazy("Les bénévoles seront-ils deux par voiture ?")}),
)  # fmt: skip
MISSION_CANCELLED = Message(
    "missions.mission.cancelled", gettext_lazy("Mission annulée (structure)"), the_managers, mission_cancelled, R,
    sample=about_mission(codes={"reason": "safety"}),
)  # fmt: skip
MISSION_CHANGED = Message(
    "missions.mission.changed", gettext_lazy("Mission modifiée (bénévole)"), the_expected, mission_changed, R,
    sample=about_changed_mission,
)  # fmt: skip
MISSION_REOPENED = Message(
    "missions.mission.reopened", gettext_lazy("Mission rouverte (bénévole)"), the_expected, mission_reopened, R,
    sample=about_mission(),
)  # fmt: skip
MISSION_TO_CLOSE = Message(
    "missions.mission.to_close", gettext_lazy("Mission à clôturer"), the_managers, mission_to_close, R,
    optional=True, sample=about_mission(),
)  # fmt: skip

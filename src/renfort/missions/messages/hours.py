"""What is said after the end: who came, absences, hours (R33, R36)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.messages.facts import R, facts, host_page, own_hours, own_page, volunteer_act
from renfort.missions.messages.readers import the_mission_responsible, the_responsible, the_volunteer
from renfort.missions.messages.samples import about_absence, about_mission, about_participation
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.absences import last_day_to_contest


def missed(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    last = last_day_to_contest(event.obj)
    return Mail(
        subject=_("Votre absence est signalée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s indique que vous n'êtes pas venu·e à cette mission.")
            % {"organisation": mission.organisation.name},
            _("Si c'est une erreur, dites-le jusqu'au %(day)s inclus : d'ici là, cela ne compte nulle part.")
            % {"day": date_format(mission.local(last), "DATE_FORMAT") if last else ""},
        ),
        facts=facts(mission),
        action=(_("Je conteste"), volunteer_act(event.obj, "contester")),
        closing=_("Si vous n'êtes pas venu·e, vous n'avez rien à faire."),
    )


def absence_contested(event: Event[Participation], reader: Recipient) -> Mail:
    person = event.obj.person.full_name
    return Mail(
        subject=_("%(person)s conteste son absence : %(mission)s") % {"person": person, "mission": event.obj.mission.title},
        sentences=(
            _("%(person)s dit être venu·e. Tant que vous n'avez pas répondu, l'absence ne compte pas.") % {"person": person},
            _("Ses mots : « %(words)s »") % {"words": event.texts.get("message", "")},
        ),
        facts=facts(event.obj.mission),
        action=(_("Répondre"), host_page(event.obj)),
    )


def absence_kept(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("La structure maintient votre absence : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a lu votre contestation et maintient que vous n'êtes pas venu·e.")
            % {"organisation": mission.organisation.name},
            _("Sa réponse : « %(words)s »") % {"words": event.texts.get("message", "")},
            _("Votre contestation reste écrite à côté, et l'opérateur du site peut la lire."),
        ),
        facts=facts(mission),
        action=(_("Voir ma participation"), own_page(event.obj)),
    )


def absence_lifted(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Votre absence est effacée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s confirme que vous êtes venu·e. Rien ne reste de l'absence signalée.")
            % {"organisation": mission.organisation.name},
        ),
        facts=facts(mission),
        action=(_("Déclarer mes heures"), own_hours(event.obj)),
        closing=_("Merci pour votre aide."),
    )


def how_was_it(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Comment cela s'est-il passé ? Déclarez vos heures (%(mission)s)") % {"mission": mission.title},
        sentences=(
            _("Votre mission est finie. Merci d'être venu·e !"),
            _("Dites combien d'heures vous avez données : une fois confirmées, elles figurent sur vos attestations."),
        ),
        facts=facts(mission),
        action=(_("Déclarer mes heures"), own_hours(event.obj)),
        closing=_("Si vous n'avez pas pu venir, prévenez la structure."),
    )


def who_came(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Qui est venu ? %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Votre mission est finie. Dites en une page qui est venu, et combien d'heures chacun a données."),
            _("Sans réponse, les participations seront dites effectuées 30 jours après la fin."),
        ),
        facts=facts(event.obj),
        action=(_("Dire qui est venu"), reverse("missions:host-presence", args=[event.obj.organisation_id, event.obj.pk])),
    )


def hours_to_confirm(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Des heures attendent votre confirmation : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Des bénévoles ont déclaré leurs heures. Confirmez-les toutes en une page, ou corrigez celles qui ne vont pas."),
            _("Seules les heures confirmées figurent sur leurs attestations."),
        ),
        facts=facts(event.obj),
        action=(_("Voir les heures"), reverse("missions:host-mission-hours", args=[event.obj.organisation_id, event.obj.pk])),
    )


def hours_news(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Du nouveau pour vos heures : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a confirmé, corrigé ou déclaré des heures pour votre mission.")
            % {"organisation": mission.organisation.name},
            _("Celles qu'elle a dites elle-même attendent votre accord. Sans réponse sous 14 jours, elles sont confirmées."),
        ),
        facts=facts(mission),
        action=(_("Voir mes heures"), own_hours(event.obj)),
    )


MISSED = Message(
    "missions.participation.missed", gettext_lazy("Absence signalée"), the_volunteer, missed, R, sample=about_absence(),
)  # fmt: skip
ABSENCE_CONTESTED = Message(
    "missions.participation.contested", gettext_lazy("Absence contestée"), the_responsible, absence_contested, R,
    sample=about_absence(texts={"message": gettext_lazy("J'étais là de 9 h à midi.")}),
)  # fmt: skip
ABSENCE_KEPT = Message(
    "missions.participation.absence_kept", gettext_lazy("Absence maintenue"), the_volunteer, absence_kept, R,
    sample=about_absence(texts={"message": gettext_lazy("La feuille de présence ne porte pas votre nom.")}),
)  # fmt: skip
ABSENCE_LIFTED = Message(
    "missions.participation.absence_lifted", gettext_lazy("Absence effacée"), the_volunteer, absence_lifted, R,
    sample=about_absence(),
)  # fmt: skip
HOW_WAS_IT = Message(
    "missions.participation.how_was_it", gettext_lazy("Fin de mission (bénévole)"), the_volunteer, how_was_it, R,
    optional=True, sample=about_participation(),
)  # fmt: skip
HOURS_NEWS = Message(
    "missions.participation.hours", gettext_lazy("Heures confirmées ou à confirmer (bénévole)"), the_volunteer, hours_news, R,
    optional=True, sample=about_participation(),
)  # fmt: skip
WHO_CAME = Message(
    "missions.mission.who_came", gettext_lazy("Fin de mission (structure)"), the_mission_responsible, who_came, R,
    optional=True, sample=about_mission(),
)  # fmt: skip
HOURS_TO_CONFIRM = Message(
    "missions.mission.hours", gettext_lazy("Heures à confirmer (structure)"), the_mission_responsible, hours_to_confirm, R,
    optional=True, sample=about_mission(),
)  # fmt: skip

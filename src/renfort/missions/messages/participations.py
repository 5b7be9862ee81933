"""What is said of a proposal of help: sent, accepted, refused, withdrawn (R33)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.messages.facts import R, asked_facts, facts, host_page, on_the_day, own_page, prerequisite_facts
from renfort.missions.messages.readers import the_responsible, the_volunteer
from renfort.missions.messages.samples import about_participation
from renfort.missions.models import CancellationReason, Participation, RefusalReason, WithdrawalReason
from renfort.missions.selectors.eligibility import suggestions_for
from renfort.missions.selectors.reasons import reason_words
from renfort.organisations.enums import OrganisationState


def received(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Votre proposition d'aide est partie : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a reçu votre proposition d'aide.") % {"organisation": mission.organisation.name},
            _("Vous recevrez sa réponse par e-mail. D'ici là, vous pouvez changer d'avis à tout moment."),
        ),
        facts=(*facts(mission), *asked_facts(event.obj)),
        action=(_("Suivre ma proposition"), own_page(event.obj)),
        closing=_("Merci de proposer votre aide."),
    )


def to_answer(event: Event[Participation], reader: Recipient) -> Mail:
    person, mission = event.obj.person, event.obj.mission
    return Mail(
        subject=_("%(person)s propose son aide : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s propose son aide pour votre mission.") % {"person": person.full_name},
            _("Une réponse rapide évite que la bonne volonté se perde : acceptez ou refusez en un clic."),
        ),
        facts=(*facts(mission), (_("Bénévole"), person.full_name), *asked_facts(event.obj), *prerequisite_facts(event.obj)),
        action=(_("Répondre"), host_page(event.obj)),
    )


def accepted(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Vous êtes attendu·e : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s accepte votre aide. Une place vous est réservée.") % {"organisation": mission.organisation.name},
            _("Si vous avez un empêchement, prévenez en vous désistant : la place ira à quelqu'un d'autre."),
        ),
        facts=(*facts(mission), *asked_facts(event.obj), *on_the_day(mission)),
        action=(_("Voir ma mission"), own_page(event.obj)),
        more=((_("Ajouter à mon agenda"), reverse("missions:volunteer-participation-file", args=[event.obj.pk])),),
        closing=_("Merci pour votre aide."),
    )


def refused(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    others = _suggested(event.obj)
    reason = reason_words(RefusalReason, event.obj.refusal_reason)
    words = event.texts.get("message", "")
    return Mail(
        subject=_("Votre proposition d'aide n'a pas été retenue : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s ne peut pas accepter votre aide pour cette mission.")
            % {"organisation": mission.organisation.name},
            _("Raison : %(reason)s.") % {"reason": reason},
            *((_("Son message : « %(words)s »") % {"words": words},) if words else ()),
            _("D'autres missions cherchent encore quelqu'un. En voici qui ressemblent à celle-ci.")
            if others
            else _("D'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=facts(mission),
        more=others,
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


def _suggested(participation: Participation) -> tuple[tuple[str, str], ...]:
    """Up to three open missions like the one refused, for this person (R34): what, where, and the address of its page."""
    if not participation.mission_id:  # the operator's preview
        return ((_("Collecte alimentaire, à Bordeaux"), "/missions/"),)
    found = suggestions_for(participation.mission, participation.person)
    remote, there = _("%(mission)s, à distance"), _("%(mission)s, à %(city)s")
    return tuple(
        ((remote if each.is_remote else there) % {"mission": each.title, "city": each.city}, each.get_absolute_url())
        for each in found
    )


def taken_back(event: Event[Participation], reader: Recipient) -> Mail:
    was_accepted = event.before == "accepted"
    return Mail(
        subject=_("Votre participation est de nouveau en attente : %(mission)s") % {"mission": event.obj.mission.title},
        sentences=(
            _("%(organisation)s revient sur son acceptation : votre place n'est plus réservée pour le moment.")
            % {"organisation": event.obj.mission.organisation.name}
            if was_accepted
            else _("%(organisation)s revient sur son refus et examine de nouveau votre proposition.")
            % {"organisation": event.obj.mission.organisation.name},
            _("Vous recevrez sa réponse par e-mail."),
        ),
        facts=facts(event.obj.mission),
        action=(_("Suivre ma proposition"), own_page(event.obj)),
    )


def withdrawn(event: Event[Participation], reader: Recipient) -> Mail:
    person, mission = event.obj.person, event.obj.mission
    had_place = event.before in ("accepted", "ongoing")
    return Mail(
        subject=_("%(person)s se désiste : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s ne participera pas à votre mission.") % {"person": person.full_name},
            _("Raison : %(reason)s.") % {"reason": reason_words(WithdrawalReason, event.obj.withdrawal_reason)},
            *((_("Sa place est de nouveau libre."),) if had_place else ()),
        ),
        facts=facts(mission),
        action=(_("Voir les participations"), reverse("missions:host-participations", args=[event.obj.organisation_id])),
    )


def cancelled_with_mission(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    reason = mission.cancellation_reason  # none when it is the mission that was refused
    return Mail(
        subject=_("La mission est annulée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("La mission pour laquelle vous proposiez votre aide n'aura pas lieu."),
            *((_("Raison : %(reason)s.") % {"reason": reason_words(CancellationReason, reason)},) if reason else ()),
            *(
                (_("%(organisation)s a quitté la plateforme.") % {"organisation": mission.organisation.name},)
                if mission.organisation.left_at is not None
                else ()
            ),
            *(
                (_("%(organisation)s n'est plus acceptée sur la plateforme.") % {"organisation": mission.organisation.name},)
                if mission.organisation.state == OrganisationState.REFUSED
                else ()
            ),
            _("Votre bonne volonté est précieuse : d'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=facts(mission),
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


RECEIVED = Message(
    "missions.participation.received", gettext_lazy("Proposition d'aide envoyée"), the_volunteer, received, R,
    optional=True, sample=about_participation(),
)  # fmt: skip
TO_ANSWER = Message(
    "missions.participation.to_answer", gettext_lazy("Nouvelle proposition d'aide"), the_responsible, to_answer, R,
    optional=True, sample=about_participation(),
)  # fmt: skip
ACCEPTED = Message(
    "missions.participation.accepted", gettext_lazy("Proposition acceptée"), the_volunteer, accepted, R,
    sample=about_participation(),
)  # fmt: skip
REFUSED = Message(
    "missions.participation.refused", gettext_lazy("Proposition refusée"), the_volunteer, refused, R,
    sample=about_participation(texts={"message": gettext_lazy("Merci d'avoir proposé votre aide.")}),
)  # fmt: skip
TAKEN_BACK = Message(
    "missions.participation.taken_back", gettext_lazy("Décision reprise"), the_volunteer, taken_back, R,
    sample=about_participation(before="accepted"),
)  # fmt: skip
WITHDRAWN = Message(
    "missions.participation.withdrawn", gettext_lazy("Désistement"), the_responsible, withdrawn, R,
    optional=True, sample=about_participation(before="accepted"),
)  # fmt: skip
CANCELLED_WITH_MISSION = Message(
    "missions.participation.cancelled", gettext_lazy("Mission annulée (bénévole)"), the_volunteer, cancelled_with_mission, R,
    sample=about_participation(),
)  # fmt: skip

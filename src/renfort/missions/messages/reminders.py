"""What comes by itself before it is too late, and what a colleague leaves behind (R36, R40)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.messages.facts import R, facts, on_the_day, own_page
from renfort.missions.messages.readers import the_late, the_successor, the_volunteer
from renfort.missions.messages.samples import about_participation, event_of
from renfort.missions.models import Participation
from renfort.missions.selectors.reminders import late_of
from renfort.organisations.models import Organisation


def eve(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("C'est demain : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s vous attend demain.") % {"organisation": mission.organisation.name},
            _("Un empêchement ? Prévenez tout de suite votre contact et désistez-vous : la place ira à quelqu'un d'autre."),
        ),
        facts=(*facts(mission), *on_the_day(mission)),
        action=(_("Voir ma mission"), own_page(event.obj)),
        closing=_("Merci pour votre aide."),
    )


def still_waiting(event: Event[Organisation], reader: Recipient) -> Mail:
    late = late_of(event.obj.pk)
    mine = [each for each in late if reader.person_id in each.in_charge] or late
    total = sum(each.total for each in mine)
    return Mail(
        subject=ngettext(
            "%(count)d proposition d'aide attend votre réponse", "%(count)d propositions d'aide attendent votre réponse", total
        )
        % {"count": total},
        sentences=(
            _("Des personnes ont proposé leur aide il y a plus de deux jours et n'ont pas encore de réponse."),
            _("Une réponse rapide, même négative, évite que la bonne volonté se perde."),
        ),
        facts=tuple(
            (
                each.mission.title,
                ngettext("%(count)d en attente", "%(count)d en attente", each.total) % {"count": each.total},
            )
            for each in mine[:10]
        ),
        action=(_("Répondre"), f"{reverse('missions:host-participations', args=[event.obj.pk])}?statut=pending"),
    )


def handed_over(event: Event[Organisation], reader: Recipient) -> Mail:
    count = int(event.codes.get("missions") or 0)
    words = ngettext("%(n)d mission vous est confiée", "%(n)d missions vous sont confiées", count) % {"n": count}
    names = {"words": words, "organisation": event.obj.name}
    return Mail(
        subject=_("%(words)s : %(organisation)s") % names,
        sentences=(
            _("Un collègue qui les suivait quitte l'équipe de %(organisation)s. Vous en êtes désormais responsable.") % names,
            _("Les bénévoles qui proposent leur aide attendent votre réponse."),
        ),
        action=(_("Voir les missions"), reverse("missions:host-missions", args=[event.obj.pk])),
    )


EVE = Message("missions.participation.eve", gettext_lazy("C'est demain"), the_volunteer, eve, R, sample=about_participation())
STILL_WAITING = Message(
    "missions.participation.still_waiting", gettext_lazy("Propositions en attente"), the_late, still_waiting, R, optional=True,
    sample=lambda: event_of(Organisation(pk=0, name=_("Secours Exemple"))),
)  # fmt: skip
HANDED_OVER = Message(
    "missions.team.handed_over", gettext_lazy("Missions confiées par un collègue qui part"), the_successor, handed_over, R,
    sample=lambda: event_of(Organisation(pk=0, name=_("Secours Exemple")), codes={"missions": 3}),
)  # fmt: skip

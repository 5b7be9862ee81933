"""What volunteers are told when the organisation that they help becomes one with another (R55, R37)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.enums import ACTIVE
from renfort.missions.models import Participation
from renfort.organisations.enums import Programme
from renfort.organisations.messages.readers import sample, sample_organisation
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def those_who_help(event: Event[Organisation]) -> Iterable[Recipient]:
    """Everybody whose help is asked for or expected there, once each; asked before the missions move. One query."""
    active = [str(state) for state in ACTIVE]
    helping = Participation.objects.filter(organisation_id=event.codes.get("from") or 0, state__in=active).values("person")
    return [recipient_of(person) for person in Person.objects.filter(pk__in=helping).select_related("account").order_by("pk")]


def host_merged(event: Event[Organisation], reader: Recipient) -> Mail:
    names = {"former": event.texts.get("former", ""), "organisation": event.obj.name}
    return Mail(
        subject=_("%(former)s s'appelle maintenant %(organisation)s") % names,
        sentences=(
            _("%(former)s et %(organisation)s ne font plus qu'une structure sur la plateforme.") % names,
            _("Rien ne change pour vos missions : ni les dates, ni le lieu, ni votre place."),
            _("L'équipe de %(organisation)s suit vos participations et lit vos coordonnées, comme le faisait %(former)s.")
            % names,
        ),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
        more=((_("Qui a vu mes données"), reverse("missions:volunteer-seen")),),
    )


HOST_MERGED = Message(
    "missions.host.merged", gettext_lazy("Structure fusionnée (bénévoles)"), those_who_help, host_merged, Programme.RESERVE,
    sample=lambda: sample(sample_organisation(), texts={"former": gettext_lazy("Entraide Exemple")}),
)  # fmt: skip

"""What somebody who had an organisation in hand is told when it is no longer theirs to decide (R52)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme
from renfort.organisations.messages.readers import sample, sample_organisation
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

HOLDER = "holder"  # the code of an event that says who had the case in hand


def the_holder(event: Event[Any]) -> Iterable[Recipient]:
    """Who had the case in hand until this event, but for the one who did it."""
    number = event.codes.get(HOLDER)
    if not number or number == event.actor.person_id:
        return []
    return [recipient_of(person) for person in Person.objects.select_related("account").filter(pk=number)]


def organisation_moved(event: Event[Organisation], reader: Recipient) -> Mail:
    names = {"organisation": event.obj.name, "department": str(event.obj.department)}
    return Mail(
        subject=_("Un dossier que vous aviez pris a changé de département : %(organisation)s") % names,
        sentences=(
            _("%(organisation)s vient de déménager : son siège est maintenant dans le département « %(department)s ».") % names,
            _("Son dossier n'est plus dans vos mains : il attend, à son rang, qui valide dans ce département."),
        ),
        action=(_("Ouvrir la file"), reverse("organisations:queue")),
    )


def _sample() -> Event[Organisation]:
    organisation = sample_organisation()
    organisation.department_id = "40"
    return sample(organisation, codes={HOLDER: 0})


ORGANISATION_MOVED = Message(
    "organisations.organisation.moved", gettext_lazy("Dossier d'une structure partie ailleurs (référent)"), the_holder,
    organisation_moved, Programme.RESERVE, optional=True, sample=_sample,
)  # fmt: skip

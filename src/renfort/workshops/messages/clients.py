"""What is said to a client's contacts (W11)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.models import Organisation
from renfort.workshops.enums import Audience
from renfort.workshops.messages.facts import W, sample_of
from renfort.workshops.models import Client, ClientContact
from renfort.workshops.selectors.clients import contact_link


def the_contact(event: Event[ClientContact]) -> Iterable[Recipient]:
    return [Recipient(address=event.obj.email)] if event.obj.email else []


def invited(event: Event[ClientContact], reader: Recipient) -> Mail:
    client = event.obj.client.organisation.name
    return Mail(
        subject=_("Suivez les commandes de %(client)s") % {"client": client},
        sentences=(
            _("L'association vous ouvre une page où suivre les sessions commandées par %(client)s.") % {"client": client},
            _("Vous y trouvez les dates, le lien à transmettre aux participant·es, les présences et le bilan."),
            _("Avec ou sans compte, le lien vous guide en une minute."),
        ),
        action=(_("Voir les commandes"), contact_link(event.obj) or reverse("portal:space")),
    )


def a_contact() -> ClientContact:
    client = Client(organisation=Organisation(pk=0, name=_("Lycée Exemple")), audience=Audience.EDUCATION)
    return ClientContact(pk=0, client=client, name="Paul Martin", email="paul@example.org", is_main=True)


CONTACT_INVITED = Message(
    "workshops.clientcontact.invited", gettext_lazy("Une invitation à suivre les commandes"), the_contact, invited, W,
    sample=sample_of(a_contact),
)  # fmt: skip

"""The e-mail that asks somebody of an establishment to come in (S1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.models import AccessInvitation, Establishment
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.people.models import Account, Person
from renfort.people.selectors import INVENTED


def _the_invited(event: Event[AccessInvitation]) -> Iterable[Recipient]:
    """The invited address, as somebody whom the platform does not know yet; in the account's language when there is one."""
    person = event.obj.person
    account: Account | None = getattr(person, "account", None)
    return [Recipient(address=event.obj.email, name=person.full_name, language=account.language if account is not None else "fr")]


def _invited(event: Event[AccessInvitation], reader: Recipient) -> Mail:
    invitation = event.obj
    where = invitation.establishment.organisation.name
    names = {"establishment": where, "person": invitation.invited_by.full_name if invitation.invited_by is not None else ""}
    asked = _("%(person)s vous invite à ouvrir votre accès, pour %(establishment)s.") if invitation.invited_by is not None else ""
    asked = asked or _("Vous êtes invité à ouvrir votre accès, pour %(establishment)s.")
    return Mail(
        subject=_("Ouvrez votre accès au service civique : %(establishment)s") % names,
        sentences=(asked % names, _("Ce lien vous connecte une première fois ; il ne sert qu'une fois.")),
        facts=(
            (_("Établissement"), where),
            (_("Valable jusqu'au"), date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")),
        ),
        action=(_("Ouvrir mon accès"), reverse("civic_service:access", args=[invitation.token or INVENTED])),
        closing=_("Si cela ne vous concerne pas, ne faites rien : aucun compte n'est ouvert."),
        secret=True,
    )


def _sample() -> Event[Any]:
    someone = Person(first_name="Camille", last_name="Martin", email="camille.martin@exemple.fr")
    where = Establishment(organisation=Organisation(name="Lycée Saint-Jean"), network="sgec")
    now = timezone.now()
    invitation = AccessInvitation(
        person=someone,
        establishment=where,
        email=someone.email,
        invited_by=Person(first_name="Claire", last_name="Roussel"),
        sent_at=now,
        expires_at=now + timedelta(days=14),
    )
    return Event(name="sample", obj=invitation, actor=SERVICE, at=now)


ACCESS_INVITED = Message(
    "civic_service.access.invited",
    gettext_lazy("Invitation à ouvrir son accès"),
    _the_invited,
    _invited,
    Programme.CIVIC_SERVICE,
    notice=False,
    sample=_sample,
)

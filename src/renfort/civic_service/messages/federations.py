"""What is said to those who manage cases for a federation (S5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.models import Federation, ManagerInvitation
from renfort.civic_service.selectors.federations import manager_link
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

S = Programme.CIVIC_SERVICE


def the_address(event: Event[ManagerInvitation]) -> Iterable[Recipient]:
    return [Recipient(address=event.obj.email, name=event.obj.name)]


def invited(event: Event[ManagerInvitation], reader: Recipient) -> Mail:
    name = event.obj.federation.organisation.name
    return Mail(
        subject=_("Devenez gestionnaire du service civique : %(name)s") % {"name": name},
        sentences=(
            _("%(name)s vous confie la gestion du service civique de son territoire.") % {"name": name},
            _("Vous y étudiez les projets d'accueil des établissements, et vous les accompagnez."),
            _("Le lien s'ouvre une fois, jusqu'au %(day)s. Avec ou sans compte, il vous guide en une minute.")
            % {"day": date_format(timezone.localtime(event.obj.expires_at), "DATE_FORMAT")},
        ),
        action=(_("Voir l'invitation"), manager_link(event.obj)),
        secret=True,
    )


def who_held_it(event: Event[Grant]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def removed(event: Event[Grant], reader: Recipient) -> Mail:
    name = event.obj.organisation.name if event.obj.organisation is not None else ""
    return Mail(
        subject=_("Vous ne gérez plus le service civique de %(name)s") % {"name": name},
        sentences=(
            _("La gestion nationale a mis fin à votre rôle de gestionnaire."),
            _("Vos autres rôles et votre compte restent comme ils sont."),
        ),
        action=(_("Ouvrir mon espace"), reverse("portal:space")),
    )


# ── invented, for the operator's preview (P4) ─────────────────────────────────────────────────────
def _federation() -> Federation:
    return Federation(organisation=Organisation(pk=0, name=_("Udogec Exemple")), kind="udogec")


def _sample(obj: Any) -> Event[Any]:
    return Event(name="sample", obj=obj, actor=SERVICE, at=timezone.now())


def an_invitation() -> Event[ManagerInvitation]:
    return _sample(
        ManagerInvitation(
            pk=0, federation=_federation(), name="Paul Martin", email="paul@example.org", link_seed="exemple",
            sent_at=timezone.now(), expires_at=timezone.now(),
        )
    )  # fmt: skip


def a_grant() -> Event[Grant]:
    return _sample(
        Grant(
            pk=0, person=Person(pk=0, first_name="Paul", last_name="Martin", email="paul@example.org"), programme=S,
            role=Role.CASE_MANAGER, scope_kind=ScopeKind.ORGANISATION, organisation=_federation().organisation,
        )
    )  # fmt: skip


MANAGER_INVITED = Message(
    "civic_service.manager.invited", gettext_lazy("Une invitation à gérer le service civique d'un territoire"), the_address,
    invited, S, sample=an_invitation,
)  # fmt: skip
MANAGER_REMOVED = Message(
    "civic_service.manager.removed", gettext_lazy("Fin d'un rôle de gestionnaire du service civique"), who_held_it, removed, S,
    sample=a_grant,
)  # fmt: skip

"""What is said between a network and the branches it invites (R56)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import InvitationState, Programme, Role
from renfort.organisations.messages.readers import sample, sample_organisation, sample_person
from renfort.organisations.messages.team import INVENTED
from renfort.organisations.models import BranchInvitation, Network
from renfort.organisations.selectors import able_managers_of, grants_in_force
from renfort.people.selectors import account_of, recipient_of
from renfort.territories.models import Department


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_invited(event: Event[BranchInvitation]) -> Iterable[Recipient]:
    """The managers of the organisation that is asked; else the address alone, whether it has an account or not."""
    invitation = event.obj
    if invitation.asked_id is not None:
        return [recipient_of(grant.person) for grant in able_managers_of(invitation.asked_id)]
    account = account_of(invitation.email)
    language = account.language if account is not None else (get_language() or "fr")[:2]
    return [Recipient(address=invitation.email, name=invitation.full_name, language=language)]


def the_inviter(event: Event[BranchInvitation]) -> Iterable[Recipient]:
    """Who invited, while heading the network; else those who head it now."""
    heads = grants_in_force().filter(programme=Programme.RESERVE, role=Role.SUPERVISOR, network_id=event.obj.network_id)
    people = [grant.person for grant in heads.select_related("person__account").order_by("id")]
    who = [person for person in people if person.pk == event.obj.invited_by_id] or people
    return [recipient_of(person) for person in who if person.pk != event.actor.person_id]


# ── what ──────────────────────────────────────────────────────────────────────────────────────────
def _names(invitation: BranchInvitation) -> dict[str, str]:
    return {"network": invitation.network.label, "branch": invitation.name, "person": invitation.invited_by.full_name}


def invited(event: Event[BranchInvitation], reader: Recipient) -> Mail:
    """To the branch: what is proposed, by whom, until when."""
    invitation = event.obj
    return _asked(invitation) if invitation.asked_id is not None else _invited(invitation)


def _until(invitation: BranchInvitation) -> tuple[str, str]:
    return _("Valable jusqu'au"), date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")


def _invited(invitation: BranchInvitation) -> Mail:
    names = _names(invitation)
    return Mail(
        subject=_("%(network)s vous invite à ouvrir la page de %(branch)s") % names,
        sentences=(
            _("%(person)s, pour le réseau %(network)s, vous invite à inscrire %(branch)s : vous pourrez y proposer vos missions.")
            % names,
            _("Ce que le réseau nous a dit de votre antenne est déjà rempli. Vous le relisez et le complétez."),
            _("Avec ou sans compte, le lien vous guide en quelques minutes."),
        ),
        facts=((_("Antenne"), invitation.name), (_("Lieu"), invitation.place), _until(invitation)),
        action=(_("Répondre à l'invitation"), reverse("organisations:branch-invitation", args=[invitation.token or INVENTED])),
        closing=_("Ce lien n'est que pour vous : ne le transmettez pas."),
        secret=True,
    )


def _asked(invitation: BranchInvitation) -> Mail:
    names = _names(invitation)
    here = [invitation.asked_id, invitation.pk or 0]
    return Mail(
        subject=_("%(network)s vous propose de rejoindre son réseau") % names,
        sentences=(
            _("%(person)s, pour le réseau %(network)s, propose à %(branch)s d'en faire partie sur la plateforme.") % names,
            _("Si vous acceptez, le réseau lit vos missions et vos participations, et son nom est sur vos pages."),
        ),
        facts=((_("Structure"), invitation.name), _until(invitation)),
        action=(_("Accepter l'invitation du réseau"), reverse("organisations:branch-answer", args=[*here, "accepter"])),
        more=((_("Décliner l'invitation"), reverse("organisations:branch-answer", args=[*here, "decliner"])),),
    )


def _list(invitation: BranchInvitation) -> tuple[str, str]:
    return _("Voir les antennes invitées"), reverse("organisations:branches", args=[invitation.network_id])


def accepted(event: Event[BranchInvitation], reader: Recipient) -> Mail:
    invitation = event.obj
    said = _("La structure fait désormais partie de votre réseau.")
    if invitation.asked_id is None:
        said = _("Sa page s'ouvre à la fin de l'inscription ; elle sera aussitôt dans votre réseau.")
    return Mail(
        subject=_("%(branch)s accepte votre invitation") % _names(invitation),
        sentences=(said,),
        facts=((_("Antenne"), invitation.name), (_("Lieu"), invitation.place)),
        action=_list(invitation),
    )


def declined(event: Event[BranchInvitation], reader: Recipient) -> Mail:
    invitation = event.obj
    return Mail(
        subject=_("%(branch)s décline votre invitation") % _names(invitation),
        sentences=(_("Rien ne change pour cette antenne, et aucun fichier ne lui écrira pendant trois mois."),),
        facts=((_("Antenne"), invitation.name), (_("Lieu"), invitation.place)),
        action=_list(invitation),
    )


# ── the declarations, each with an invented event for the operator's preview (P4) ──────────────────
def _invented(**more: Any) -> Event[BranchInvitation]:
    now = timezone.now()
    return sample(
        BranchInvitation(
            pk=0, network=Network(pk=0, key="exemple", label_fr="Secours Exemple", label_en="Example Relief"),
            name=_("Secours Exemple, antenne de Bordeaux"), first_name="Awa", last_name="Diallo", email="awa.diallo@exemple.fr",
            department=Department(code="33", name="Gironde", zone="Europe/Paris"), postcode="33000", city="Bordeaux",
            invited_by=sample_person(), sent_at=now, expires_at=now + timedelta(days=30), state=InvitationState.SENT, **more,
        )
    )  # fmt: skip


def _sample_asked() -> Event[BranchInvitation]:
    return _invented(asked=sample_organisation())


R = Programme.RESERVE
BRANCH_INVITED = Message(
    "organisations.branch.invited", gettext_lazy("Antenne invitée par son réseau"), the_invited, invited, R, sample=_invented
)
BRANCH_ASKED = Message(
    "organisations.branch.asked", gettext_lazy("Structure invitée à rejoindre un réseau"), the_invited, invited, R,
    sample=_sample_asked,
)  # fmt: skip
BRANCH_ACCEPTED = Message(
    "organisations.branch.accepted", gettext_lazy("Invitation d'une antenne acceptée"), the_inviter, accepted, R,
    optional=True, sample=_invented,
)  # fmt: skip
BRANCH_DECLINED = Message(
    "organisations.branch.declined", gettext_lazy("Invitation d'une antenne déclinée"), the_inviter, declined, R,
    optional=True, sample=_invented,
)  # fmt: skip

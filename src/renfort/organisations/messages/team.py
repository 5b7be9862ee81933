"""What the people of a team are told: invitations, roles, departures (R40)."""

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
from renfort.organisations.messages.readers import sample, sample_organisation, sample_person, the_managers
from renfort.organisations.models import Grant, Invitation
from renfort.organisations.selectors import is_member
from renfort.people.selectors import account_of, recipient_of

INVENTED = "exemple"  # the token of an invitation that exists only in the operator's preview: it opens nothing


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_invited(event: Event[Invitation]) -> Iterable[Recipient]:
    """The address alone: nobody is known to read it, it is no person's, whether it has an account or not."""
    invitation = event.obj
    account = account_of(invitation.email)
    language = account.language if account is not None else (get_language() or "fr")[:2]
    return [Recipient(address=invitation.email, name=invitation.full_name, language=language)]


def the_inviter(event: Event[Invitation]) -> Iterable[Recipient]:
    """Who invited; the « responsables » when that person is of the team no more."""
    invitation = event.obj
    if is_member(invitation.invited_by_id, invitation.organisation_id):
        return [recipient_of(invitation.invited_by)]
    return the_managers(event)


def the_member(event: Event[Grant]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


# ── invitations ───────────────────────────────────────────────────────────────────────────────────
def role_sentence(role: str) -> str:
    """What the role is for, to the one who is invited."""
    if role == Role.MISSION_TUTOR:
        return _(
            "Comme tuteur, vous créez des missions et vous les suivez : vous répondez aux bénévoles qui proposent leur aide."
        )
    return _("Comme responsable, vous gérez avec l'équipe toutes les missions, les bénévoles et la structure.")


def invited(event: Event[Invitation], reader: Recipient) -> Mail:
    invitation = event.obj
    names = {"person": invitation.invited_by.full_name, "organisation": invitation.organisation.name}
    return Mail(
        subject=_("%(person)s vous invite dans l'équipe de %(organisation)s") % names,
        sentences=(
            _("%(person)s vous invite à rejoindre l'équipe de %(organisation)s.") % names,
            role_sentence(invitation.role),
            _("Avec ou sans compte, le lien vous guide en une minute."),
        ),
        facts=(
            (_("Structure"), invitation.organisation.name),
            (_("Rôle"), str(Role(invitation.role).label)),
            (_("Valable jusqu'au"), date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")),
        ),
        action=(_("Répondre à l'invitation"), reverse("organisations:invitation", args=[invitation.token or INVENTED])),
        closing=_("Ce lien n'est que pour vous : ne le transmettez pas."),
        secret=True,
    )


def invitation_accepted(event: Event[Invitation], reader: Recipient) -> Mail:
    invitation = event.obj
    person = invitation.person or invitation.invited_by
    names = {"person": person.full_name, "organisation": invitation.organisation.name}
    return Mail(
        subject=_("%(person)s a rejoint l'équipe de %(organisation)s") % names,
        sentences=(_("%(person)s a accepté votre invitation et fait désormais partie de l'équipe.") % names,),
        facts=((_("Rôle"), str(Role(invitation.role).label)), (_("Invitation envoyée à"), invitation.email)),
        action=(_("Voir l'équipe"), reverse("organisations:team", args=[invitation.organisation_id])),
    )


def invitation_declined(event: Event[Invitation], reader: Recipient) -> Mail:
    names = {"person": event.obj.full_name, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("%(person)s décline votre invitation") % names,
        sentences=(_("%(person)s ne rejoint pas l'équipe de %(organisation)s pour l'instant.") % names,),
        action=(_("Voir l'équipe"), reverse("organisations:team", args=[event.obj.organisation_id])),
    )


def invitation_expired(event: Event[Invitation], reader: Recipient) -> Mail:
    names = {"person": event.obj.full_name, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("L'invitation de %(person)s a expiré") % names,
        sentences=(
            _("%(person)s n'a pas répondu à l'invitation dans l'équipe de %(organisation)s.") % names,
            _("Le lien ne s'ouvre plus. Vous pouvez lui en envoyer un nouveau depuis la page de l'équipe."),
        ),
        facts=((_("Invitation envoyée à"), event.obj.email),),
        action=(_("Voir l'équipe"), reverse("organisations:team", args=[event.obj.organisation_id])),
    )


# ── roles ─────────────────────────────────────────────────────────────────────────────────────────
def role_changed(event: Event[Grant], reader: Recipient) -> Mail:
    grant = event.obj
    organisation = grant.organisation or sample_organisation()
    names = {"role": str(Role(grant.role).label), "organisation": organisation.name}
    return Mail(
        subject=_("Votre rôle a changé : %(role)s · %(organisation)s") % names,
        sentences=(
            _("Un responsable de %(organisation)s a changé votre rôle dans l'équipe.") % names,
            role_sentence(grant.role),
        ),
        action=(_("Voir les missions"), reverse("missions:host-missions", args=[organisation.pk])),
    )


def member_removed(event: Event[Grant], reader: Recipient) -> Mail:
    organisation = event.obj.organisation or sample_organisation()
    return Mail(
        subject=_("Vous ne faites plus partie de l'équipe de %(organisation)s") % {"organisation": organisation.name},
        sentences=(
            _("Un responsable vous a retiré de l'équipe de %(organisation)s : vous ne voyez plus ses missions ni ses bénévoles.")
            % {"organisation": organisation.name},
            _("Les missions que vous suiviez sont confiées à un collègue. Votre compte reste le vôtre."),
        ),
        action=(_("Aller à mon espace"), reverse("portal:space")),
        closing=_("Merci pour ce que vous avez fait."),
    )


def member_left(event: Event[Grant], reader: Recipient) -> Mail:
    organisation = event.obj.organisation or sample_organisation()
    names = {"person": event.obj.person.full_name, "organisation": organisation.name}
    return Mail(
        subject=_("%(person)s a quitté l'équipe de %(organisation)s") % names,
        sentences=(_("Ses missions sont confiées à un collègue ; l'historique garde ce qui a été fait."),),
        action=(_("Voir l'équipe"), reverse("organisations:team", args=[organisation.pk])),
    )


# ── the declarations, each with an invented event for the operator's preview (P4) ──────────────────
def _sample_invitation() -> Event[Any]:
    now = timezone.now()
    return sample(
        Invitation(
            pk=0, organisation=sample_organisation(), role=Role.MISSION_TUTOR, first_name="Awa", last_name="Diallo",
            email="awa.diallo@exemple.fr", invited_by=sample_person(), state=InvitationState.SENT, sent_at=now,
            expires_at=now + timedelta(days=14),
        )
    )  # fmt: skip


def _sample_grant() -> Event[Any]:
    return sample(Grant(pk=0, person=sample_person(), organisation=sample_organisation(), role=Role.MISSION_TUTOR))


R = Programme.RESERVE
INVITED = Message(
    "organisations.invitation.sent", gettext_lazy("Invitation dans une équipe"), the_invited, invited, R,
    notice=False, sample=_sample_invitation,
)  # fmt: skip
INVITATION_ACCEPTED = Message(
    "organisations.invitation.accepted", gettext_lazy("Invitation acceptée"), the_managers, invitation_accepted, R,
    optional=True, sample=_sample_invitation,
)  # fmt: skip
INVITATION_DECLINED = Message(
    "organisations.invitation.declined", gettext_lazy("Invitation déclinée"), the_inviter, invitation_declined, R,
    optional=True, sample=_sample_invitation,
)  # fmt: skip
INVITATION_EXPIRED = Message(
    "organisations.invitation.expired", gettext_lazy("Invitation expirée"), the_inviter, invitation_expired, R,
    optional=True, sample=_sample_invitation,
)  # fmt: skip
ROLE_CHANGED = Message(
    "organisations.member.role", gettext_lazy("Rôle changé dans une équipe"), the_member, role_changed, R, sample=_sample_grant
)
MEMBER_REMOVED = Message(
    "organisations.member.removed", gettext_lazy("Retiré d'une équipe"), the_member, member_removed, R, sample=_sample_grant
)
MEMBER_LEFT = Message(
    "organisations.member.left", gettext_lazy("Départ d'un membre de l'équipe"), the_managers, member_left, R,
    optional=True, sample=_sample_grant,
)  # fmt: skip

"""What is said to referents and of them: invitations, perimeters, delegations (R50, R65)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import InvitationState, Programme, Role
from renfort.organisations.messages.readers import sample, sample_person, the_operators
from renfort.organisations.messages.team import INVENTED
from renfort.organisations.models import Delegation, Grant, Network, Referent, ReferentInvitation
from renfort.people.models import Person
from renfort.people.selectors import account_of, recipient_of
from renfort.territories.selectors import departments_in_words


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_invited(event: Event[ReferentInvitation]) -> Iterable[Recipient]:
    """The address alone, whether it has an account or not."""
    invitation = event.obj
    account = account_of(invitation.email)
    language = account.language if account is not None else (get_language() or "fr")[:2]
    return [Recipient(address=invitation.email, name=invitation.full_name, language=language)]


def the_inviter(event: Event[ReferentInvitation]) -> Iterable[Recipient]:
    """The operators; the referent who lends a part of the perimeter."""
    if event.obj.delegation_id is None:
        return the_operators(event)
    return [recipient_of(event.obj.invited_by)]


def the_referent(event: Event[Referent]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_receiver(event: Event[Delegation]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.receiver)] if event.obj.receiver is not None else []


def both_sides(event: Event[Delegation]) -> Iterable[Recipient]:
    """Who lends and to whom, but the one who did it."""
    people = [event.obj.giver, *([event.obj.receiver] if event.obj.receiver is not None else [])]
    return [recipient_of(person) for person in people if person.pk != event.actor.person_id]


# ── invitations (R50) ─────────────────────────────────────────────────────────────────────────────
def where_words(invitation: ReferentInvitation) -> str:
    """« Gironde et Landes », « Bretagne »; the name of the network that one is to head (R56)."""
    if invitation.network is not None:
        return invitation.network.label
    return invitation.region.name if invitation.region is not None else departments_in_words(invitation.departments, most=9)


def invited(event: Event[ReferentInvitation], reader: Recipient) -> Mail:
    invitation = event.obj
    if invitation.network is not None:
        return _invited_supervisor(invitation)
    names = {"person": invitation.invited_by.full_name, "where": where_words(invitation)}
    facts = [(_("Territoire"), names["where"])]
    if invitation.function:
        facts.append((_("Fonction"), invitation.function))
    if invitation.delegation is not None:
        facts.append((_("Période"), period(invitation.delegation)))
    facts.append((_("Valable jusqu'au"), date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")))
    lent = invitation.delegation is not None
    return Mail(
        subject=_("%(person)s vous confie le rôle de référent : %(where)s") % names,
        sentences=(
            _("%(person)s vous demande de suivre une partie de son territoire pendant une période.") % names
            if lent
            else _("Vous êtes invité à devenir référent de la réserve civique : %(where)s.") % names,
            _("Un référent relit les missions et les structures de son territoire et les accompagne."),
            _("Avec ou sans compte, le lien vous guide en une minute."),
        ),
        facts=tuple(facts),
        action=(_("Répondre à l'invitation"), reverse("organisations:referent-invitation", args=[invitation.token or INVENTED])),
        closing=_("Ce lien n'est que pour vous : ne le transmettez pas."),
        secret=True,
    )


def _invited_supervisor(invitation: ReferentInvitation) -> Mail:
    names = {"person": invitation.invited_by.full_name, "network": where_words(invitation)}
    return Mail(
        subject=_("%(person)s vous confie la supervision du réseau %(network)s") % names,
        sentences=(
            _("Vous êtes invité à superviser le réseau %(network)s dans la réserve civique.") % names,
            _("Un superviseur confirme les structures de son réseau, et lit leurs missions et leurs participations."),
            _("Avec ou sans compte, le lien vous guide en une minute."),
        ),
        facts=(
            (_("Réseau"), names["network"]),
            (_("Valable jusqu'au"), date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")),
        ),
        action=(_("Répondre à l'invitation"), reverse("organisations:referent-invitation", args=[invitation.token or INVENTED])),
        closing=_("Ce lien n'est que pour vous : ne le transmettez pas."),
        secret=True,
    )


def _answered(subject: str, sentence: str, invitation: ReferentInvitation) -> Mail:
    names = {"person": (invitation.person or invitation).full_name, "where": where_words(invitation)}
    if invitation.network is not None:
        return Mail(
            subject=subject % names,
            sentences=(sentence % names,),
            facts=((_("Réseau"), names["where"]), (_("Invitation envoyée à"), invitation.email)),
            action=(_("Voir les superviseurs"), reverse("organisations:supervisors")),
        )
    page = "organisations:referents" if invitation.delegation_id is None else "organisations:delegations"
    return Mail(
        subject=subject % names,
        sentences=(sentence % names,),
        facts=((_("Territoire"), names["where"]), (_("Invitation envoyée à"), invitation.email)),
        action=(_("Voir les référents") if invitation.delegation_id is None else _("Voir les délégations"), reverse(page)),
    )


def accepted(event: Event[ReferentInvitation], reader: Recipient) -> Mail:
    if event.obj.network is not None:
        subject = _("%(person)s supervise désormais le réseau %(where)s")
        return _answered(subject, _("%(person)s a accepté l'invitation."), event.obj)
    return _answered(_("%(person)s est désormais référent : %(where)s"), _("%(person)s a accepté l'invitation."), event.obj)


def declined(event: Event[ReferentInvitation], reader: Recipient) -> Mail:
    if event.obj.network is not None:
        subject = _("%(person)s ne supervisera pas le réseau %(where)s")
        return _answered(subject, _("%(person)s a décliné l'invitation."), event.obj)
    return _answered(_("%(person)s ne sera pas référent : %(where)s"), _("%(person)s a décliné l'invitation."), event.obj)


def expired(event: Event[ReferentInvitation], reader: Recipient) -> Mail:
    return _answered(
        _("L'invitation de %(person)s a expiré"),
        _("%(person)s n'a pas répondu : le lien ne s'ouvre plus. Vous pouvez en envoyer un nouveau."),
        event.obj,
    )


# ── perimeters (R50) ──────────────────────────────────────────────────────────────────────────────
def perimeter_changed(event: Event[Referent], reader: Recipient) -> Mail:
    where = departments_in_words(str(event.codes.get("departments", "")).split(), most=9)
    return Mail(
        subject=_("Votre territoire a changé : %(where)s") % {"where": where},
        sentences=(_("L'opérateur du site a changé les départements que vous suivez comme référent."),),
        facts=((_("Territoire"), where),),
        action=(_("Voir le tableau de bord"), reverse("missions:referent")),
    )


def removed(event: Event[Referent], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Vous n'êtes plus référent de la réserve civique"),
        sentences=(
            _("L'opérateur du site a mis fin à votre rôle de référent : vous ne voyez plus les pages de votre territoire."),
            _("Ce que vous aviez en main retourne dans la file. Votre compte reste le vôtre."),
        ),
        action=(_("Aller à mon espace"), reverse("portal:space")),
        closing=_("Merci pour ce que vous avez fait."),
    )


def supervisor_removed(event: Event[Grant], reader: Recipient) -> Mail:
    names = {"network": event.obj.network.label if event.obj.network is not None else ""}
    return Mail(
        subject=_("Vous ne supervisez plus le réseau %(network)s") % names,
        sentences=(
            _("L'opérateur du site a mis fin à votre rôle de superviseur : vous ne voyez plus les pages de ce réseau."),
            _("Votre compte reste le vôtre."),
        ),
        action=(_("Aller à mon espace"), reverse("portal:space")),
        closing=_("Merci pour ce que vous avez fait."),
    )


def the_holder(event: Event[Grant]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


# ── delegations (R65) ─────────────────────────────────────────────────────────────────────────────
def period(delegation: Delegation) -> str:
    """« du 3 mars 2026 au 9 mars 2026 », in days of the place."""
    first, last = date_format(delegation.starts_on, "DATE_FORMAT"), date_format(delegation.ends_on, "DATE_FORMAT")
    return _("du %(first)s au %(last)s") % {"first": first, "last": last}


def _delegation(subject: str, sentence: str, delegation: Delegation, closing: str = "") -> Mail:
    names = {
        "giver": delegation.giver.full_name,
        "receiver": delegation.receiver.full_name if delegation.receiver is not None else "–",
        "where": departments_in_words(delegation.departments, most=9),
    }
    return Mail(
        subject=subject % names,
        sentences=(sentence % names,),
        facts=((_("Territoire"), names["where"]), (_("Période"), period(delegation))),
        action=(_("Voir les délégations"), reverse("organisations:delegations")),
        closing=closing,
    )


def delegation_given(event: Event[Delegation], reader: Recipient) -> Mail:
    return _delegation(
        _("%(giver)s vous délègue : %(where)s"),
        _("Pendant cette période, vous voyez et vous traitez ce que %(giver)s vous délègue. Cela commence et finit tout seul."),
        event.obj,
    )


def delegation_started(event: Event[Delegation], reader: Recipient) -> Mail:
    return _delegation(
        _("La délégation commence : %(where)s"), _("%(receiver)s remplace %(giver)s à partir d'aujourd'hui."), event.obj
    )


def delegation_ended(event: Event[Delegation], reader: Recipient) -> Mail:
    return _delegation(_("La délégation est terminée : %(where)s"), _("%(receiver)s ne remplace plus %(giver)s."), event.obj)


def delegation_revoked(event: Event[Delegation], reader: Recipient) -> Mail:
    return _delegation(
        _("La délégation est retirée : %(where)s"),
        _("%(receiver)s ne remplace plus %(giver)s : les droits prêtés se sont arrêtés."),
        event.obj,
    )


# ── the declarations, each with an invented event for the operator's preview (P4) ──────────────────
def _someone() -> Person:
    return Person(pk=0, first_name="Awa", last_name="Diallo", email="awa.diallo@exemple.fr")


def _sample_invitation() -> Event[Any]:
    now = timezone.now()
    return sample(
        ReferentInvitation(
            pk=0, first_name="Awa", last_name="Diallo", email="awa.diallo@exemple.fr", function=_("Chargée de mission"),
            departments=["33", "40"], invited_by=sample_person(), state=InvitationState.SENT, sent_at=now,
            expires_at=now + timedelta(days=14),
        )
    )  # fmt: skip


def _sample_referent() -> Event[Any]:
    return sample(Referent(pk=0, person=_someone(), function=_("Chargée de mission")), codes={"departments": "33 40"})


def _sample_supervisor() -> Event[Any]:
    network = Network(pk=0, label_fr="Réseau Exemple", label_en="Example Network")
    return sample(Grant(pk=0, person=_someone(), programme=Programme.RESERVE, role=Role.SUPERVISOR, network=network))


def _sample_delegation() -> Event[Any]:
    now, first = timezone.now(), date(2026, 3, 2)
    return sample(
        Delegation(
            pk=0, giver=sample_person(), receiver=Person(pk=-1, first_name="Awa", last_name="Diallo", email="a@exemple.fr"),
            departments=["33", "40"], starts_on=first, ends_on=first + timedelta(days=7), starts_at=now, ends_at=now,
        )
    )  # fmt: skip


R = Programme.RESERVE
REFERENT_INVITED = Message(
    "organisations.referent.invited", gettext_lazy("Invitation d'un référent"), the_invited, invited, R,
    notice=False, sample=_sample_invitation,
)  # fmt: skip
REFERENT_ACCEPTED = Message(
    "organisations.referent.accepted", gettext_lazy("Invitation d'un référent, acceptée"), the_inviter, accepted, R,
    optional=True, sample=_sample_invitation,
)  # fmt: skip
REFERENT_DECLINED = Message(
    "organisations.referent.declined", gettext_lazy("Invitation d'un référent, déclinée"), the_inviter, declined, R,
    optional=True, sample=_sample_invitation,
)  # fmt: skip
REFERENT_EXPIRED = Message(
    "organisations.referent.expired", gettext_lazy("Invitation d'un référent, expirée"), the_inviter, expired, R,
    optional=True, sample=_sample_invitation,
)  # fmt: skip
PERIMETER_CHANGED = Message(
    "organisations.referent.perimeter", gettext_lazy("Territoire d'un référent changé"), the_referent, perimeter_changed, R,
    sample=_sample_referent,
)  # fmt: skip
REFERENT_REMOVED = Message(
    "organisations.referent.removed", gettext_lazy("Rôle de référent retiré"), the_referent, removed, R, sample=_sample_referent
)
SUPERVISOR_REMOVED = Message(
    "organisations.supervisor.removed", gettext_lazy("Rôle de superviseur retiré"), the_holder, supervisor_removed, R,
    sample=_sample_supervisor,
)  # fmt: skip
DELEGATION_GIVEN = Message(
    "organisations.delegation.given", gettext_lazy("Délégation reçue"), the_receiver, delegation_given, R,
    sample=_sample_delegation,
)  # fmt: skip
DELEGATION_STARTED = Message(
    "organisations.delegation.started", gettext_lazy("Début d'une délégation"), both_sides, delegation_started, R,
    sample=_sample_delegation,
)  # fmt: skip
DELEGATION_ENDED = Message(
    "organisations.delegation.ended", gettext_lazy("Fin d'une délégation"), both_sides, delegation_ended, R,
    sample=_sample_delegation,
)  # fmt: skip
DELEGATION_REVOKED = Message(
    "organisations.delegation.revoked", gettext_lazy("Délégation retirée"), both_sides, delegation_revoked, R,
    sample=_sample_delegation,
)  # fmt: skip

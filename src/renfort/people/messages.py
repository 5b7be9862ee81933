"""What people are told about their account (P4).

Each mail is rendered from the event's object: links are made here, at the moment of writing, so that no secret stands in
an event or in the history. None of them is a line behind the bell: most readers are not signed in, or should not be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.people.enums import Joins
from renfort.people.models import Account, AddressChange, Identity, Intent, Person
from renfort.people.selectors import (
    INVENTED,
    account_of,
    back_key,
    change_key,
    confirmation_key,
    open_intents,
    password_key,
    recipient_of,
    signed_intent,
)


def _address_alone(event: Event[Account]) -> Iterable[Recipient]:
    """A sign-up not yet confirmed: nobody is known to read this address, it is no person's."""
    account = event.obj
    return [Recipient(address=account.email, name=account.person.full_name, language=account.language)]


def _holder(event: Event[Account]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def _stranger(event: Event[Intent]) -> Iterable[Recipient]:
    return [Recipient(address=event.obj.address, language=(get_language() or "fr")[:2])]


def _confirm_action(account: Account) -> tuple[str, str]:
    return _("Confirmer mon adresse"), reverse("people:confirm", args=[confirmation_key(account)])


def _confirm_mail(event: Event[Account], recipient: Recipient) -> Mail:
    waiting = [intent.label for intent in open_intents(recipient.address) if intent.label]
    sentences = [_("Bienvenue ! Confirmez votre adresse e-mail pour terminer votre inscription.")]
    if waiting:
        sentences.append(_("Votre proposition d'aide part dès que vous avez confirmé, pas avant."))
    return Mail(
        subject=_("Confirmez votre adresse e-mail"),
        sentences=tuple(sentences),
        facts=tuple((_("Vous proposez votre aide pour"), label) for label in waiting),
        action=_confirm_action(event.obj),
        closing=_("Ce lien est valable trois jours. Si vous n'avez rien demandé, ignorez ce message : rien ne sera fait."),
        secret=True,
    )


def _confirm_again_mail(event: Event[Account], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Confirmez votre adresse e-mail"),
        sentences=(_("Voici un nouveau lien pour confirmer votre adresse e-mail."),),
        action=_confirm_action(event.obj),
        closing=_("Ce lien est valable trois jours. Si vous n'avez rien demandé, ignorez ce message : rien ne sera fait."),
        secret=True,
    )


def _known_mail(event: Event[Account], recipient: Recipient) -> Mail:
    query: dict[str, str] = {}
    facts: list[tuple[str, str]] = []
    intent = Intent.objects.filter(pk=_number(event, "intent")).first()
    if intent is not None:
        query["intention"] = signed_intent(intent.pk)
        facts = [(_("Vous proposez votre aide pour"), intent.label)] if intent.label else []
    elif event.codes.get("joins") == Joins.MANAGER:
        query["next"] = reverse("organisations:open")
    elif event.codes.get("joins") == Joins.VOLUNTEER:
        query["next"] = reverse("people:sign-up-volunteer")
    link = reverse("people:sign-in") + (f"?{urlencode(query)}" if query else "")
    return Mail(
        subject=_("Vous avez déjà un compte"),
        sentences=(
            _("Quelqu'un vient de s'inscrire avec votre adresse e-mail ; vous avez déjà un compte."),
            _("Si c'est vous, connectez-vous : ce que vous aviez commencé vous attend."),
        ),
        facts=tuple(facts),
        action=(_("Se connecter"), link),
        closing=_(
            "Mot de passe oublié ? La page de connexion permet d'en choisir un autre. Si ce n'est pas vous, ne faites rien."
        ),
        secret=True,
    )


def _number(event: Event[Any], code: str) -> int:
    value = event.codes.get(code)
    return value if isinstance(value, int) else 0


def _lost_mail(event: Event[Account], recipient: Recipient) -> Mail:
    uid, key = password_key(event.obj)
    return Mail(
        subject=_("Choisissez un nouveau mot de passe"),
        sentences=(_("Vous avez demandé à changer de mot de passe. Ce lien ouvre la page où en choisir un nouveau."),),
        action=(_("Choisir un mot de passe"), reverse("people:password-new", args=[uid, key])),
        closing=_("Si vous n'avez rien demandé, ignorez ce message : votre mot de passe ne change pas."),
        secret=True,
    )


def _unknown_mail(event: Event[Intent], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Aucun compte à cette adresse"),
        sentences=(
            _("Quelqu'un a demandé un lien de connexion pour cette adresse e-mail, mais aucun compte ne l'utilise."),
            _("Si c'est vous, essayez une autre adresse, ou inscrivez-vous."),
        ),
        action=(_("M'inscrire"), reverse("people:sign-up-volunteer")),
        closing=_("Si ce n'est pas vous, ne faites rien."),
    )


def _changed_mail(event: Event[Account], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mot de passe a changé"),
        sentences=(_("Le mot de passe de votre compte vient d'être changé."),),
        action=(_("Ce n'était pas moi"), reverse("people:password-lost")),
        closing=_("Si c'est bien vous, il n'y a rien à faire."),
    )


# ── another address (R8) ──────────────────────────────────────────────────────────────────────────
def _new_address(event: Event[AddressChange]) -> Iterable[Recipient]:
    """Nobody is known to read it yet, and whoever does must not learn a name."""
    return [Recipient(address=event.obj.address, language=event.obj.account.language)]


def _former_address(event: Event[AddressChange]) -> Iterable[Recipient]:
    account = event.obj.account
    who = account.person
    return [Recipient(address=event.obj.former, name=who.full_name, language=account.language, person_id=who.pk)]


def _owner(event: Event[AddressChange]) -> Iterable[Recipient]:
    account = event.obj.account
    who = account.person
    return [Recipient(address=event.obj.address, name=who.full_name, language=account.language, person_id=who.pk)]


def _who_has_it(event: Event[AddressChange]) -> Iterable[Recipient]:
    known = account_of(event.obj.address)
    return [] if known is None else [recipient_of(known.person)]


def _link_mail(event: Event[AddressChange], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Confirmez votre nouvelle adresse e-mail"),
        sentences=(
            _("Vous avez demandé à vous connecter avec cette adresse."),
            _("Ouvrez ce lien, sur cet appareil ou sur un autre. Tant qu'il n'est pas ouvert, rien ne change."),
        ),
        action=(_("Confirmer ma nouvelle adresse"), reverse("people:address-confirm", args=[change_key(event.obj)])),
        closing=_("Ce lien est valable trois jours. Si vous n'avez rien demandé, ignorez ce message : rien ne sera fait."),
        secret=True,
    )


def _asked_mail(event: Event[AddressChange], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Une nouvelle adresse a été demandée pour votre compte"),
        sentences=(
            _("Quelqu'un qui connaît votre mot de passe a demandé à changer l'adresse de votre compte."),
            _("Rien ne change tant que le lien envoyé à la nouvelle adresse n'est pas ouvert."),
        ),
        facts=((_("Nouvelle adresse"), event.obj.address),),
        action=(_("Ce n'était pas moi : changer mon mot de passe"), reverse("people:password-lost")),
        closing=_(
            "Un nouveau mot de passe annule la demande et déconnecte vos appareils. Si c'est bien vous, il n'y a rien à faire."
        ),
    )


def _taken_mail(event: Event[AddressChange], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Vous avez déjà un compte"),
        sentences=(
            _("Quelqu'un a demandé à se connecter avec votre adresse à la place de la sienne ; elle sert déjà à votre compte."),
            _("Rien ne change. Si c'est vous, et que vous avez deux comptes, connectez-vous à celui-ci avec cette adresse."),
        ),
        action=(_("Se connecter"), reverse("people:sign-in")),
        closing=_("Si ce n'est pas vous, ne faites rien."),
    )


def _moved_mail(event: Event[AddressChange], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Votre adresse a changé"),
        sentences=(_("Vous vous connectez maintenant avec cette adresse, et c'est à elle que nous vous écrivons."),),
        facts=((_("Ancienne adresse"), event.obj.former),),
        action=(_("Voir mon compte"), reverse("people:account")),
    )


def _left_mail(event: Event[AddressChange], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("L'adresse de votre compte a changé"),
        sentences=(
            _("Votre compte a maintenant une autre adresse. Nous n'écrirons plus à celle-ci."),
            _("Ce n'était pas vous ? Reprenez votre compte : l'adresse redevient celle-ci, et vous choisissez un mot de passe."),
        ),
        facts=((_("Nouvelle adresse"), event.obj.address),),
        action=(_("Ce n'était pas moi"), reverse("people:address-back", args=[back_key(event.obj)])),
        closing=_("Ce lien est valable sept jours. Si c'est bien vous, il n'y a rien à faire."),
        secret=True,
    )


def _back_mail(event: Event[AddressChange], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("L'ancienne adresse a repris le compte"),
        sentences=(
            _("Le changement d'adresse a été annulé depuis l'ancienne adresse : celle-ci ne sert plus à se connecter."),
            _("Tous les appareils ont été déconnectés."),
        ),
        action=(_("S'inscrire avec cette adresse"), reverse("people:sign-up-volunteer")),
        closing=_("Si vous ne savez pas pourquoi, quelqu'un qui lit les messages de votre ancienne adresse l'a fait."),
    )


# ── the network's identity provider (S1) ──────────────────────────────────────────────────────────
def _both(event: Event[Identity]) -> Iterable[Recipient]:
    """The account's address, and the identity's when it is another one: whoever did not ask for it learns it."""
    account = event.obj.account
    who = account.person
    readers = [Recipient(address=account.email, name=who.full_name, language=account.language, person_id=who.pk)]
    if event.obj.email and event.obj.email != account.email:
        readers.append(Recipient(address=event.obj.email, language=account.language))
    return readers


def _provider() -> str:
    return settings.IDENTITY.name or _("votre réseau")


def _proof_mail(event: Event[Account], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Reliez votre identité à votre compte"),
        sentences=(
            _("Quelqu'un veut se connecter à votre compte par %(provider)s.") % {"provider": _provider()},
            _("Si c'est vous, ouvrez ce lien dans le navigateur où vous l'avez demandé : il prouve que le compte est à vous."),
        ),
        action=(_("Relier mon compte"), reverse("people:identity-proof", args=[event.obj.proof or INVENTED])),
        closing=_("Ce lien est valable trente minutes. Si ce n'est pas vous, ne faites rien : rien ne change."),
        secret=True,
    )


def _linked_mail(event: Event[Identity], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Une identité est reliée à votre compte"),
        sentences=(
            _("Vous pouvez maintenant vous connecter par %(provider)s.") % {"provider": _provider()},
            _("Si ce n'était pas vous, changez de mot de passe, puis déliez cette identité dans « Paramètres de compte »."),
        ),
        facts=((_("Identité"), event.obj.email or event.obj.subject),),
        action=(_("Voir mon compte"), reverse("people:account")),
    )


def _unlinked_mail(event: Event[Identity], recipient: Recipient) -> Mail:
    return Mail(
        subject=_("Une identité n'est plus reliée à votre compte"),
        sentences=(
            _("On ne se connecte plus à votre compte par %(provider)s : votre mot de passe reste.") % {"provider": _provider()},
        ),
        facts=((_("Identité"), event.obj.email or event.obj.subject),),
        action=(_("Voir mon compte"), reverse("people:account")),
        closing=_("Si ce n'était pas vous, changez de mot de passe."),
    )


# ── invented accounts, for the operator's preview (P4): their links open nothing ─────────────────────
def _sample_account() -> Event[Account]:
    person = Person(first_name="Camille", last_name="Martin")
    account = Account(person=person, email="camille.martin@exemple.fr")
    return Event(name="sample", obj=account, actor=SERVICE, at=timezone.now())


def _sample_intent() -> Event[Intent]:
    return Event(name="sample", obj=Intent(address="camille.martin@exemple.fr"), actor=SERVICE, at=timezone.now())


def _sample_change() -> Event[AddressChange]:
    account = _sample_account().obj
    change = AddressChange(account=account, former=account.email, address="camille@exemple.fr", asked_at=timezone.now())
    return Event(name="sample", obj=change, actor=SERVICE, at=timezone.now())


def _sample_identity() -> Event[Identity]:
    account = _sample_account().obj
    identity = Identity(
        account=account,
        issuer="https://identite.exemple.fr",
        subject="248289761001",
        email=account.email,
        linked_at=timezone.now(),
    )
    return Event(name="sample", obj=identity, actor=SERVICE, at=timezone.now())


CONFIRM = Message(
    key="people.confirm",
    label=gettext_lazy("Confirmation de l'adresse"),
    to=_address_alone,
    mail=_confirm_mail,
    notice=False,
    sample=_sample_account,
)
CONFIRM_AGAIN = Message(
    key="people.confirm_again",
    label=gettext_lazy("Nouveau lien de confirmation"),
    to=_address_alone,
    mail=_confirm_again_mail,
    notice=False,
    sample=_sample_account,
)
KNOWN = Message(
    key="people.known",
    label=gettext_lazy("Inscription à une adresse déjà connue"),
    to=_holder,
    mail=_known_mail,
    notice=False,
    sample=_sample_account,
)
PASSWORD_LOST = Message(
    key="people.password_lost",
    label=gettext_lazy("Mot de passe oublié"),
    to=_holder,
    mail=_lost_mail,
    notice=False,
    sample=_sample_account,
)
UNKNOWN = Message(
    key="people.unknown",
    label=gettext_lazy("Mot de passe oublié, compte inconnu"),
    to=_stranger,
    mail=_unknown_mail,
    notice=False,
    sample=_sample_intent,
)
PASSWORD_CHANGED = Message(
    key="people.password_changed",
    label=gettext_lazy("Mot de passe changé"),
    to=_holder,
    mail=_changed_mail,
    notice=False,
    sample=_sample_account,
)
ADDRESS_LINK = Message(
    key="people.address_link",
    label=gettext_lazy("Confirmation d'une nouvelle adresse"),
    to=_new_address,
    mail=_link_mail,
    notice=False,
    sample=_sample_change,
)
ADDRESS_ASKED = Message(
    key="people.address_asked",
    label=gettext_lazy("Nouvelle adresse demandée"),
    to=_former_address,
    mail=_asked_mail,
    notice=False,
    sample=_sample_change,
)
ADDRESS_TAKEN = Message(
    key="people.address_taken",
    label=gettext_lazy("Nouvelle adresse déjà connue"),
    to=_who_has_it,
    mail=_taken_mail,
    notice=False,
    sample=_sample_change,
)
ADDRESS_CHANGED = Message(
    key="people.address_changed",
    label=gettext_lazy("Adresse changée"),
    to=_owner,
    mail=_moved_mail,
    notice=False,
    sample=_sample_change,
)
ADDRESS_LEFT = Message(
    key="people.address_left",
    label=gettext_lazy("Adresse changée, à l'ancienne"),
    to=_former_address,
    mail=_left_mail,
    notice=False,
    sample=_sample_change,
)
ADDRESS_BACK = Message(
    key="people.address_back",
    label=gettext_lazy("Compte repris par l'ancienne adresse"),
    to=_owner,
    mail=_back_mail,
    notice=False,
    sample=_sample_change,
)
IDENTITY_PROOF = Message(
    key="people.identity_proof",
    label=gettext_lazy("Preuve avant de relier une identité"),
    to=_holder,
    mail=_proof_mail,
    notice=False,
    sample=_sample_account,
)
IDENTITY_LINKED = Message(
    key="people.identity_linked",
    label=gettext_lazy("Identité reliée"),
    to=_both,
    mail=_linked_mail,
    notice=False,
    sample=_sample_identity,
)
IDENTITY_UNLINKED = Message(
    key="people.identity_unlinked",
    label=gettext_lazy("Identité déliée"),
    to=_both,
    mail=_unlinked_mail,
    notice=False,
    sample=_sample_identity,
)

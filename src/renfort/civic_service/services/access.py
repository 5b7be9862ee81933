"""Ask somebody of an establishment to come in, and what the link then opens (S1)."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.civic_service.messages import ACCESS_INVITED
from renfort.civic_service.models import AccessInvitation, Establishment
from renfort.civic_service.rules.access import may_invite
from renfort.civic_service.selectors.access import (
    access_digest,
    access_of_token,
    has_come_in,
    person_of_key,
    still_works,
    works_at,
)
from renfort.kernel.actors import ANONYMOUS, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.rules import MOST_TIMES_SENT
from renfort.parameters.catalogue import INVITATION_DAYS
from renfort.parameters.selectors import value_of
from renfort.people import services as people
from renfort.people.models import Account, Person, lower_email

TOKEN_BYTES = 32
AGAIN_AFTER = timedelta(minutes=10)  # asked twice at once, by two tabs or two people: one e-mail


class LinkOver(Refused):
    """The link opens nothing (any more)."""


def invite_person(*, actor: Actor, person: Person, establishment: Establishment) -> tuple[AccessInvitation, bool]:
    """Ask a person of the establishment to come in, at the address known of them; asked again, another link is sent.

    Returns the invitation, and whether an e-mail has left: asked twice within ten minutes is one e-mail.

    Raises:
        NotAllowed: the actor is neither « Référent » of the establishment nor a case manager of its territory.
        Refused: no post there, no address, in already, or written to often enough.
    """
    if not may_invite(actor, establishment):
        raise NotAllowed(_("Seul le référent de l'établissement ou son gestionnaire peut inviter quelqu'un."))
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        names = {"person": locked.full_name}
        if not works_at(locked.pk, establishment):
            raise Refused(_("%(person)s n'a pas de rôle dans cet établissement : ajoutez-en un d'abord.") % names)
        if has_come_in(locked.pk):
            raise Refused(_("%(person)s s'est déjà connecté : il n'y a rien à envoyer.") % names)
        if not locked.email:
            raise Refused(_("Nous n'avons pas d'adresse e-mail pour %(person)s : ajoutez-la d'abord.") % names)
        now = timezone.now()
        found = AccessInvitation.objects.filter(person=locked, used_at=None).first()
        if found is not None:
            is_same = found.email == lower_email(locked.email)
            if is_same and found.sent_at > now - AGAIN_AFTER:
                return found, False
            if is_same and found.times_sent >= MOST_TIMES_SENT and found.expires_at > now:
                raise Refused(_("%(person)s a déjà reçu plusieurs messages : vérifiez l'adresse avec cette personne.") % names)
            found.times_sent = found.times_sent + 1 if is_same and found.expires_at > now else 1
        made = found or AccessInvitation(person=locked)
        made.establishment, made.invited_by_id, made.email = establishment, actor.person_id, lower_email(locked.email)
        made.token = secrets.token_urlsafe(TOKEN_BYTES)
        made.digest = access_digest(made.token)
        made.sent_at, made.expires_at = now, now + timedelta(days=value_of(INVITATION_DAYS))
        made.save()
        codes = {"establishment": establishment.pk, "times": made.times_sent}
        publish("civic_service.accessinvitation.send", made, actor=actor, tells=(ACCESS_INVITED,), codes=codes)
    return made, True


def usable_access(token: str) -> AccessInvitation:
    """The invitation that a link opens now.

    Raises:
        LinkOver: with the sentence that says why it opens nothing.
    """
    found = access_of_token(token)
    if found is None:
        raise LinkOver(_("Il est incomplet, ou un lien plus récent vous a été envoyé : ouvrez le dernier message reçu."))
    if found.used_at is not None or has_come_in(found.person_id):
        raise LinkOver(_("Ce lien a déjà servi : connectez-vous avec votre compte."))
    if found.expires_at <= timezone.now():
        raise LinkOver(_("Ce lien a expiré. Demandez à votre établissement de vous en renvoyer un."))
    if not still_works(found.person_id):
        raise LinkOver(_("Votre rôle dans cet établissement a pris fin : demandez à votre établissement ce qu'il en est."))
    return found


def open_access(*, token: str, password: str, language: str) -> Account:
    """Open the account of the invited person, who has chosen a password (hashed here); the reader of the link has the address.

    Raises:
        LinkOver: the link opens nothing any more; another tab was faster.
        people.AddressTaken: the address signs somebody else in.
    """
    with transaction.atomic():
        found = usable_access(token)
        Person.objects.select_for_update().get(pk=found.person_id)  # the same order as ``invite_person``
        held = AccessInvitation.objects.select_for_update().get(pk=found.pk)
        if held.used_at is not None or held.digest != found.digest:
            raise LinkOver(_("Ce lien a déjà servi : connectez-vous avec votre compte."))
        account = people.open_account(
            actor=ANONYMOUS, person=found.person, address=held.email, password=password, language=language
        )
    return account


def note_opened(*, person_id: int) -> None:
    """An account was opened for this person, by whatever door: a link that waits opens nothing any more."""
    AccessInvitation.objects.filter(person_id=person_id, used_at=None).update(used_at=timezone.now())


def known_by(claims: people.Claims, token: str) -> people.Known | None:
    """Whom the programme recognises by an identity (S1): the person whom the directory names by this key, else the invited one
    whose link was opened in this browser.

    The reader of a link has the invited address, whatever the provider calls them; somebody whom the directory names is that
    person, whoever's link was opened.
    """
    try:
        found = usable_access(token) if token else None
    except LinkOver:
        found = None
    person = person_of_key(claims.key)
    if person is not None:
        return people.Known(person=person, address=found.email if found is not None and found.person_id == person.pk else "")
    return people.Known(person=found.person, address=found.email) if found is not None else None

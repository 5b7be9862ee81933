"""A client's own facts, its contacts, and who of them follows its orders (W11)."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors.directory import Listed, SilentError, directory
from renfort.organisations.services.roles import end_role, give_role
from renfort.people.models import Person
from renfort.workshops.messages import CONTACT_INVITED
from renfort.workshops.models import Client, ClientContact
from renfort.workshops.selectors.clients import contact_digest, contact_grant, contact_token
from renfort.workshops.selectors.roles import is_staff

MOST_CONTACTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """A contact as the form says it; ``email`` in lower case, ``phone`` in E.164."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""
    is_main: bool = False


def _only_staff(actor: Actor) -> None:
    if not is_staff(actor):
        raise NotAllowed(_("Cette action est réservée à l'association."))


# ── the public directory ──────────────────────────────────────────────────────────────────────────
def look_up(siret: str) -> Listed | None:
    """What the public directory of companies knows under a SIRET, None when it knows nothing. At most a few seconds.

    Raises:
        Refused: nobody can be asked, or it does not answer: the form is filled in by hand.
    """
    service = directory()
    if not service.is_on:
        raise Refused(_("Aucun annuaire n'est branché : remplissez la fiche à la main."))
    try:
        return service.look_up(siret)
    except SilentError as error:
        raise Refused(_("L'annuaire ne répond pas : remplissez la fiche à la main, ou réessayez plus tard.")) from error


# ── the client ────────────────────────────────────────────────────────────────────────────────────
def change_client(*, actor: Actor, client: Client, audience: str) -> None:
    """Change the audience that its next orders start with; those noted before keep theirs.

    Raises:
        NotAllowed: the actor does not work for the association.
    """
    _only_staff(actor)
    with transaction.atomic():
        locked: Client = lock_row(client)
        if locked.audience == audience:
            return
        before, locked.audience = locked.audience, audience
        locked.save(update_fields=["audience"])
        publish("workshops.client.change", locked, actor=actor, changes={"audience": (before, audience)})


# ── its contacts ──────────────────────────────────────────────────────────────────────────────────
def add_contact(*, actor: Actor, client: Client, facts: ContactFacts) -> ClientContact:
    """Note a contact; the first one, or one said to be, is whom to call first.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the address is another contact's, or there are too many.
    """
    _only_staff(actor)
    with transaction.atomic():
        locked: Client = lock_row(client)
        contacts = ClientContact.objects.filter(client=locked)
        if contacts.count() >= MOST_CONTACTS:
            raise Refused(_("Un client a au plus %(n)d contacts.") % {"n": MOST_CONTACTS})
        _check_address(locked, facts.email)
        is_main = facts.is_main or not contacts.filter(is_main=True).exists()
        if is_main:
            contacts.filter(is_main=True).update(is_main=False)
        made = ClientContact.objects.create(client=locked, **{**asdict(facts), "is_main": is_main})
        publish("workshops.clientcontact.add", made, actor=actor)
    return made


def change_contact(*, actor: Actor, contact: ClientContact, facts: ContactFacts, seen: int | None = None) -> ClientContact:
    """Change a contact. With another address, the link sent to the former one opens nothing any more.

    Raises:
        NotAllowed: the actor does not work for the association.
        Stale: it has changed since the page was opened.
        Refused: the address is another contact's; nobody would be whom to call first.
    """
    _only_staff(actor)
    with transaction.atomic():
        client: Client = lock_row(contact.client)
        locked: ClientContact = lock_row(contact)
        if seen is not None and seen != locked.version:
            raise Stale(_("Quelqu'un d'autre a modifié ce contact entre-temps. Relisez-le, puis recommencez."))
        if locked.is_main and not facts.is_main:
            raise Refused(_("Il faut un contact principal : désignez-en plutôt un autre, celui-ci ne le sera plus."))
        if locked.email != facts.email:
            _check_address(client, facts.email)
            locked.link_seed = locked.link_digest = ""
        if facts.is_main and not locked.is_main:
            ClientContact.objects.filter(client=client, is_main=True).update(is_main=False)
        for name, value in asdict(facts).items():
            setattr(locked, name, value)
        locked.version += 1
        locked.save()
        publish("workshops.clientcontact.change", locked, actor=actor)
    return locked


def _check_address(client: Client, email: str) -> None:
    if email and ClientContact.objects.filter(client=client, email=email).exists():
        raise Refused(_("Un autre contact de ce client a déjà cette adresse."))


def remove_contact(*, actor: Actor, contact: ClientContact) -> None:
    """Forget a contact; who followed the orders with it does so no more.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: it is the one to call first.
    """
    _only_staff(actor)
    with transaction.atomic():
        lock_row(contact.client)
        locked = ClientContact.objects.select_for_update(of=("self",)).filter(pk=contact.pk).first()
        if locked is None:
            return
        if locked.is_main:
            raise Refused(_("C'est le contact principal : désignez-en d'abord un autre."))
        _end_access(actor, locked)
        publish("workshops.clientcontact.remove", locked, actor=actor)
        locked.delete()


# ── who follows the orders ────────────────────────────────────────────────────────────────────────
def invite_contact(*, actor: Actor, contact: ClientContact) -> ClientContact:
    """Send the link that lets a contact follow the client's orders; a former link opens nothing any more.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the contact has no address, or follows them already.
    """
    _only_staff(actor)
    with transaction.atomic():
        locked: ClientContact = lock_row(contact)
        if not locked.email:
            raise Refused(_("Ce contact n'a pas d'adresse e-mail : ajoutez-la d'abord."))
        if locked.person_id is not None:
            raise Refused(_("Ce contact suit déjà les commandes."))
        locked.link_seed = secrets.token_urlsafe(32)
        locked.link_digest = contact_digest(contact_token(locked.link_seed))
        locked.invited_at = timezone.now()
        locked.save(update_fields=["link_seed", "link_digest", "invited_at"])
        publish("workshops.clientcontact.invite", locked, actor=actor, tells=(CONTACT_INVITED,))
    return locked


def accept_contact(*, actor: Actor, contact: ClientContact) -> ClientContact:
    """Who opened the link follows the client's orders from now on; the link works once.

    Raises:
        Refused: the link was used or taken back meanwhile, or the person follows these orders as another contact.
    """
    try:
        with transaction.atomic():
            locked: ClientContact = lock_row(contact)
            if not locked.link_digest or locked.link_digest != contact.link_digest or actor.person_id is None:
                raise Refused(_("Ce lien ne s'ouvre plus : demandez-en un autre à l'association."))
            locked.person = Person.objects.get(pk=actor.person_id)
            locked.link_seed = locked.link_digest = ""
            locked.save(update_fields=["person", "link_seed", "link_digest"])
            organisation = Client.objects.select_related("organisation").get(pk=locked.client_id).organisation
            give_role(
                actor=actor, person=locked.person, programme=Programme.WORKSHOPS, role=Role.CLIENT_CONTACT,
                organisation=organisation,
            )  # fmt: skip
            publish("workshops.clientcontact.accept", locked, actor=actor)
    except IntegrityError as error:
        if "workshops_contact_person_once" in str(error):
            raise Refused(_("Vous suivez déjà les commandes de cette structure.")) from error
        raise
    return locked


def end_access(*, actor: Actor, contact: ClientContact) -> None:
    """Take the access back, and the link with it; the contact stays.

    Raises:
        NotAllowed: the actor does not work for the association.
    """
    _only_staff(actor)
    with transaction.atomic():
        locked: ClientContact = lock_row(contact)
        _end_access(actor, locked)
        locked.person = None
        locked.link_seed = locked.link_digest = ""
        locked.save(update_fields=["person", "link_seed", "link_digest"])
        codes: dict[str, Plain] = {"client": locked.client_id}
        publish("workshops.clientcontact.end_access", locked, actor=actor, codes=codes)


def _end_access(actor: Actor, contact: ClientContact) -> None:
    grant = contact_grant(contact)
    if grant is not None:
        end_role(actor=actor, grant=grant, why="removed")

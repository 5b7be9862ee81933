"""Another address to sign in with (R8): asked for with the password, done by the link that is sent to it, known at both."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.sentences import Sentence
from renfort.people import messages
from renfort.people.models import Account, AddressChange
from renfort.people.selectors import (
    CHANGE_KEPT,
    account_of,
    actor_of_account,
    change_of_back_key,
    change_of_key,
    is_confirmed,
)
from renfort.people.services.accounts import AddressTaken, forget_account, one_at_a_time
from renfort.people.services.sessions import end_sessions


class LinkDead(Sentence):
    """The link was used, is too old, or something has changed since."""


def ask_address(*, actor: Actor, account: Account, address: str) -> AddressChange:
    """Send a link to ``address`` and a notice to the present one; a newer request replaces an older one.

    The same happens, as far as the asker can see, when another account has this address: its holder is told instead.
    """
    with transaction.atomic():
        held = Account.objects.select_for_update().get(pk=account.pk)
        AddressChange.objects.filter(account=held, done_at=None).delete()
        change = AddressChange.objects.create(account=held, former=held.email, address=address, asked_at=timezone.now())
        known = account_of(address)
        to_new = messages.ADDRESS_TAKEN if known is not None and is_confirmed(known) else messages.ADDRESS_LINK
        publish("people.addresschange.ask", change, actor=actor, tells=(messages.ADDRESS_ASKED, to_new))
    return change


def drop_address(*, actor: Actor, account: Account) -> None:
    """Give a change up before its link was opened; nothing when there is none."""
    with transaction.atomic():
        for change in AddressChange.objects.select_for_update().filter(account=account, done_at=None):
            publish("people.addresschange.drop", change, actor=actor)
            change.delete()


def change_address(*, key: str) -> AddressChange:
    """Do what the link of the new address says: its reader has opened it. Done once, whoever and however many open it at once.

    The contact e-mail follows when it was the former address.

    Raises:
        LinkDead: used, too old, given up, or the password or the address has changed since it was sent.
        AddressTaken: somebody else was quicker.
    """
    found = change_of_key(key)
    if found is None:
        raise LinkDead(_("Ce lien ne s'ouvre plus."))
    with transaction.atomic():
        one_at_a_time(found.address)
        account = Account.objects.select_for_update().get(pk=found.account_id)
        change = change_of_key(key)
        if change is None or change.done_at is not None:
            raise LinkDead(_("Ce lien ne s'ouvre plus."))
        _free(change.address)
        _move(account, change.former, change.address)
        change.done_at = timezone.now()
        change.save(update_fields=["done_at"])
        tells = (messages.ADDRESS_CHANGED, messages.ADDRESS_LEFT)
        publish("people.addresschange.done", change, actor=actor_of_account(account), tells=tells)
    return change


def take_address_back(*, key: str) -> Account:
    """« Ce n'était pas moi »: the former address has its account again, closed everywhere and without a password.

    The caller leads the reader of the former address to the page where a new one is chosen.

    Raises:
        LinkDead: too old, used, or the account has another address by now.
        AddressTaken: the former address has an account of its own by now.
    """
    found = change_of_back_key(key)
    if found is None:
        raise LinkDead(_("Ce lien ne s'ouvre plus."))
    with transaction.atomic():
        one_at_a_time(found.former)
        account = Account.objects.select_for_update().get(pk=found.account_id)
        change = change_of_back_key(key)
        if change is None or account.email != change.address:
            raise LinkDead(_("Ce lien ne s'ouvre plus."))
        _free(change.former)
        AddressChange.objects.filter(account=account, done_at=None).delete()  # what an intruder may have asked for since
        _move(account, change.address, change.former)
        account.set_unusable_password()
        account.save(update_fields=["password"])
        change.taken_back_at = timezone.now()
        change.save(update_fields=["taken_back_at"])
        actor = actor_of_account(account)
        end_sessions(actor=actor, account=account)
        publish("people.addresschange.take_back", change, actor=actor, tells=(messages.ADDRESS_BACK,))
    return account


def _free(address: str) -> None:
    """Make sure that an address proved to be read is nobody else's: a sign-up that nobody confirmed gives way.

    Raises:
        AddressTaken: its account is confirmed, or its person is known for another reason.
    """
    other = account_of(address)
    if other is None:
        return
    held = EmailAddress.objects.select_for_update().filter(user=other)  # its own link may be opened at this moment
    try:
        if not any(each.verified for each in held):
            return forget_account(other)
    except ProtectedError:
        pass
    raise AddressTaken(_("Cette adresse sert maintenant à un autre compte."))


def _move(account: Account, former: str, address: str) -> None:
    person = account.person
    if person.email.lower() == former:
        person.email = address
        person.save(update_fields=["email"])
    account.email = address
    account.save(update_fields=["email"])
    EmailAddress.objects.filter(user=account).exclude(email=address).delete()
    EmailAddress.objects.update_or_create(user=account, email=address, defaults={"primary": True, "verified": True})


def forget_old_changes() -> int:
    """Remove changes asked for more than a month ago, done or not (P10); returns how many. Called by the clock."""
    removed, _each = AddressChange.objects.filter(asked_at__lte=timezone.now() - CHANGE_KEPT).delete()
    return removed

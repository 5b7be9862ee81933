"""Sign-up and confirmation: from an address that somebody typed to an account that somebody holds (R3, design decision 7)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.sentences import Sentence
from renfort.people.enums import Joins
from renfort.people.models import Account, Person, lower_email
from renfort.people.selectors import account_of, actor_of_account, is_confirmed
from renfort.people.services.intents import Performed, perform

SIGNED_UP = "people.signed_up"  # key of the session
UNCONFIRMED_KEPT = timedelta(days=30)
NO_PASSWORD = "!"  # noqa: S105 -- Django's prefix of « nobody signs in with this »


class AddressTaken(Sentence):
    """Another account has been confirmed with this address meanwhile. Said only to who proved to read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What a sign-up form says, cleaned; ``password`` is already hashed."""

    address: str
    first_name: str
    last_name: str
    password: str
    joins: str
    language: str = "fr"
    postcode: str = ""
    mobile_phone: str = ""
    birth_date: date | None = None

    def keep(self, session: SessionBase) -> None:
        """Note in the browser's session what was typed in this browser: see ``confirm``."""
        session[SIGNED_UP] = asdict(self) | {"birth_date": self.birth_date.isoformat() if self.birth_date else None}

    @classmethod
    def of(cls, session: SessionBase, address: str) -> SignUp | None:
        """What this browser typed when it signed this address up, or None."""
        kept = session.get(SIGNED_UP)
        if not kept or kept["address"] != address:
            return None
        born = kept["birth_date"]
        return cls(**kept | {"birth_date": date.fromisoformat(born) if born else None})


def sign_up(*, actor: Actor, facts: SignUp) -> Account | None:
    """Note a sign-up: the account exists, unconfirmed, without rights and without a password.

    Returns the account whose address is to be confirmed; None when the address already has a confirmed account, in which
    nothing is touched. Whoever asks learns nothing of that: the page, its status and the password's hash are the same.

    Nobody's password is put on the account here. An attacker could sign somebody else's address up and wait for its owner
    to open the link: the password waits in the session of the browser that typed it, and ``confirm`` takes it from there.
    """
    with transaction.atomic():
        one_at_a_time(facts.address)
        account = account_of(facts.address)
        if account is not None and is_confirmed(account):
            return None
        if account is not None:
            _write(account, facts)
            return account
        person = Person.objects.create(first_name=facts.first_name, last_name=facts.last_name)
        account = Account(person=person, email=facts.address, language=facts.language)
        account.set_unusable_password()
        _write(account, facts)
        EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
        publish("people.account.sign_up", account, actor=actor, codes={"joins": facts.joins})
    return account


def one_at_a_time(address: str) -> None:
    """Two verbs on one address (sign-ups, a change to it) wait for each other, instead of failing on its uniqueness."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people.account:{address}"])


def _write(account: Account, facts: SignUp) -> None:
    """The last sign-up of an unconfirmed address counts; ``confirm`` puts back those of the browser that opens the link."""
    person = account.person
    person.first_name, person.last_name, person.email = facts.first_name, facts.last_name, facts.address
    if facts.joins == Joins.VOLUNTEER:
        person.postcode, person.birth_date, person.mobile_phone = facts.postcode, facts.birth_date, facts.mobile_phone
    person.save()
    account.language, account.joins = facts.language, facts.joins
    account.save()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """An account whose link was opened, and what became of what waited for it."""

    account: Account
    performed: Performed


def confirm(*, address: EmailAddress, chosen: SignUp | None) -> Confirmed | None:
    """Confirm an address: its reader has opened the link. Done once, whoever and however many open it at once.

    ``chosen`` is what the opening browser typed when it signed up. Then its password stands. On another device nobody
    can tell whether the reader of the address is the one who signed up: the account is confirmed without a password, and
    its holder chooses one. So a password that somebody else typed never opens the account.

    Returns None when the link opens nothing any more: it does until a password stands (a scanner of the mail server
    that presses the button locks nobody out), and never longer than its three days.
    """
    with transaction.atomic():
        waiting = EmailAddress.objects.select_for_update(of=("self",)).select_related("user__person")
        held = waiting.filter(pk=address.pk).first()
        if held is None:
            return None  # given up meanwhile: its reader uses it for another account
        account: Account = held.user
        is_first = not held.verified
        if not account.is_active or not (is_first or not account.has_usable_password()):
            return None
        if chosen is not None:
            if is_first:
                _write(account, chosen)
            account.password = chosen.password
            account.save(update_fields=["password"])
        if is_first:
            _welcome(account, held)
        return Confirmed(account=account, performed=perform(account=account))


def _welcome(account: Account, address: EmailAddress) -> None:
    """Write that the address is confirmed and say so: who hears gives the role that was signed up for."""
    address.set_verified()
    address.set_as_primary(conditional=True)
    joins = account.joins
    if joins == Joins.VOLUNTEER:  # a manager still has an organisation to register
        account.joins = ""
        account.save(update_fields=["joins"])
    publish("people.account.confirmed", account, actor=actor_of_account(account), codes={"joins": joins})


def make_account(*, actor: Actor, facts: SignUp) -> Account:
    """Make a confirmed account without any e-mail: for commands at the machine, the demonstration and the tests.

    ``facts.password`` is a hash, or ``NO_PASSWORD``. Roles are given apart.

    Raises:
        ValueError: the address has a confirmed account already.
    """
    with transaction.atomic():
        account = sign_up(actor=actor, facts=replace(facts, address=lower_email(facts.address)))
        if account is None:
            raise ValueError(f"{facts.address} has an account already")
        account.password = facts.password
        account.save(update_fields=["password"])
        _welcome(account, EmailAddress.objects.get(user_id=account.pk))
    return account


def open_account(*, actor: Actor, person: Person, address: str, password: str = "", language: str = "fr") -> Account:
    """Give somebody whom the platform already knows an account, confirmed: the caller has proof that they read this address.

    ``password`` is as typed; "" for somebody who signs in through the identity provider. A sign-up with this address that nobody
    confirmed gives way: it proved nothing.

    Raises:
        AddressTaken: the address signs somebody else in, or the person has an account already.
    """
    address = lower_email(address)
    with transaction.atomic():
        held = Person.objects.select_for_update().get(pk=person.pk)
        one_at_a_time(address)
        if Account.objects.filter(person=held).exists():
            raise AddressTaken(_("Vous avez déjà un compte : connectez-vous, ou demandez un nouveau mot de passe."))
        known = account_of(address)
        if known is not None and is_confirmed(known):
            raise AddressTaken(
                _("Cette adresse sert déjà à un autre compte. Demandez à qui vous a invité de nommer plutôt ce compte.")
            )
        if known is not None:
            try:
                forget_account(known)
            except ProtectedError:
                raise AddressTaken(_("Cette adresse sert déjà à un autre compte.")) from None
        account = Account(person=held, email=address, language=language)
        if password:
            account.set_password(password)
        else:
            account.set_unusable_password()
        account.save()
        if not held.email:
            held.email = address
            held.save(update_fields=["email"])
        EmailAddress.objects.create(user=account, email=address, primary=True, verified=True)
        publish("people.account.open", account, actor=actor_of_account(account) if actor.person_id is None else actor)
    return account


def set_language(*, actor: Actor, account: Account, language: str) -> None:
    """Speak to this account in another language from now on; nothing is written when it is the same."""
    with transaction.atomic():
        before, account.language = account.language, language
        if before == language:
            return
        account.save(update_fields=["language"])
        publish("people.account.language", account, actor=actor, changes={"language": (before, language)})


def settle(*, person: Person) -> None:
    """What the account signed up for is done: sign-in no longer leads there."""
    Account.objects.filter(person=person).exclude(joins="").update(joins="")


def forget_unconfirmed() -> int:
    """Remove accounts that nobody confirmed within a month, with their persons (P10); returns how many. For the clock."""
    before = timezone.now() - UNCONFIRMED_KEPT
    stale = Account.objects.filter(date_joined__lt=before, last_login=None, emailaddress__verified=False)
    removed = 0
    for account in stale.exclude(emailaddress__verified=True).select_related("person").order_by("pk")[:1000]:
        try:
            forget_account(account)
            removed += 1
        except ProtectedError:
            continue  # the person is known for another reason: only a merge may remove it
    return removed


def forget_account(account: Account) -> None:
    """Remove an account that nobody confirmed, with its person.

    Raises:
        ProtectedError: the person is known for another reason; nothing is removed.
    """
    with transaction.atomic():
        account.delete()
        account.person.delete()

"""Reads on persons, accounts and intents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from allauth.account import app_settings
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36

from renfort.kernel.actors import Actor
from renfort.kernel.messages import Recipient
from renfort.people.models import Account, AddressChange, Identity, Intent, OpenSession, Person, lower_email

INTENT_SALT = "people.intent"
INTENT_KEPT = timedelta(days=30)  # an intent that nobody confirmed is forgotten, with the account that was not either
LINK_LIVES = timedelta(days=3)
CHANGE_SALT, BACK_SALT = "people.address", "people.address.back"
CHANGE_KEPT = timedelta(days=30)
BACK_LIVES = timedelta(days=7)  # how long the former address may take the account back
MOST_SESSIONS = 20  # shown; « tous les autres » closes those that are not, too
PROOF_SALT = "people.identity"
PROOF_LIVES = timedelta(minutes=30)
INVENTED = "exemple"  # the key of an account that exists only in the operator's preview: it opens nothing
DEMO_DOMAIN = "@demo.test"


def today() -> date:
    """The day in Paris, whatever the zone of the page: ages and limits are counted there."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def actor_of_account(account: Account) -> Actor:
    """The person of an account, without roles: grants stand above people."""
    return Actor(kind="person", person_id=account.person_id)


def account_of(address: str) -> Account | None:
    """The account that signs in with this address, with its person, confirmed or not. One query."""
    return Account.objects.select_related("person").filter(email=lower_email(address)).first()


def is_confirmed(account: Account) -> bool:
    """Whether somebody has proved to read this account's address. One query."""
    return EmailAddress.objects.filter(user_id=account.pk, verified=True).exists()


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """The full names of people, by number. One query; none for nobody."""
    wanted = list(ids)
    return {person.pk: person.full_name for person in Person.objects.filter(pk__in=wanted)} if wanted else {}


def recipient_of(person: Person) -> Recipient:
    """How a person is written to: the account's address and language, else the contact e-mail, in French.

    One query when neither the account nor its absence was loaded with the person.
    """
    account: Account | None = getattr(person, "account", None)
    if account is None:
        return Recipient(address=person.email, name=person.full_name, person_id=person.pk)
    return Recipient(address=account.email, name=person.full_name, language=account.language, person_id=person.pk)


# ── links: the key is made from the row each time, so that no secret is ever written in an event ──────
def confirmation_key(account: Account) -> str:
    """The key of the link that confirms an account's address: signed, valid for three days."""
    if account._state.adding:
        return INVENTED
    address = EmailAddress.objects.get(user_id=account.pk, email=account.email)
    return str(EmailConfirmationHMAC.create(address).key)


def address_of_key(key: str) -> EmailAddress | None:
    """The address that a confirmation key is for, even confirmed since; None when the key is wrong or older than three days."""
    try:
        number = signing.loads(key, salt=app_settings.SALT, max_age=LINK_LIVES)
    except signing.BadSignature:
        return None
    found: EmailAddress | None = EmailAddress.objects.select_related("user__person").filter(pk=number).first()
    return found


def password_key(account: Account) -> tuple[str, str]:
    """The two parts of the link that sets a new password: the account's, and a token that dies with the present password."""
    if account._state.adding:
        return INVENTED, INVENTED
    return int_to_base36(account.pk), str(default_token_generator.make_token(account))


def account_of_password_key(uid: str, key: str) -> Account | None:
    """The account whose password a link may set; None when the link is wrong, used or expired."""
    try:
        account = Account.objects.select_related("person").filter(pk=base36_to_int(uid)).first()
    except (ValueError, OverflowError):
        return None
    if account is None or not account.is_active or not default_token_generator.check_token(account, key):
        return None
    return account


# ── another address ───────────────────────────────────────────────────────────────────────────────
def open_change(account: Account) -> AddressChange | None:
    """The change of address whose link waits to be opened, or None. One query."""
    since = timezone.now() - LINK_LIVES
    return AddressChange.objects.filter(account=account, done_at=None, asked_at__gt=since).first()


def change_key(change: AddressChange) -> str:
    """The key of the link sent to a new address. It dies with the present password: who doubts a change sets a new one."""
    if change._state.adding:
        return INVENTED
    return signing.dumps([change.pk, change.account.get_session_auth_hash()[:24]], salt=CHANGE_SALT)


def change_of_key(key: str) -> AddressChange | None:
    """The change that a link is for, even done since; None when the link is wrong, too old, replaced or outdated."""
    try:
        number, password = signing.loads(key, salt=CHANGE_SALT, max_age=LINK_LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    change = AddressChange.objects.select_related("account__person").filter(pk=number, taken_back_at=None).first()
    if change is None or not change.account.is_active:
        return None
    account = change.account
    if change.done_at is not None:
        return change if account.email == change.address else None
    return change if account.email == change.former and account.get_session_auth_hash()[:24] == password else None


def back_key(change: AddressChange) -> str:
    """The key of the link that gives a former address its account back."""
    return INVENTED if change._state.adding else signing.dumps(change.pk, salt=BACK_SALT)


def change_of_back_key(key: str) -> AddressChange | None:
    """The change that a link takes back; None when it is wrong, older than a week, used, or the address is another by now."""
    try:
        number = signing.loads(key, salt=BACK_SALT, max_age=BACK_LIVES)
    except signing.BadSignature:
        return None
    change = AddressChange.objects.select_related("account__person").filter(pk=number, taken_back_at=None).first()
    if change is None or change.done_at is None or change.account.email != change.address:
        return None
    return change


# ── identities (S1) ────────────────────────────────────────────────────────────────────────────────
def identity_of(account: Account) -> Identity | None:
    """The identity linked to an account, the last one linked; None when there is none. One query."""
    return Identity.objects.filter(account=account).order_by("-linked_at", "-pk").first()


def proof_key(account: Account, issuer: str, subject: str) -> str:
    """The key of the link that proves that an account's address is read, for one identity. It dies with the next sign-in."""
    said = [account.pk, issuer, subject, account.last_login.isoformat() if account.last_login else ""]
    return signing.dumps(said, salt=PROOF_SALT)


def proves(key: str, account: Account, issuer: str, subject: str) -> bool:
    """Whether this is the key of that link, in time and not used yet."""
    try:
        said = signing.loads(key, salt=PROOF_SALT, max_age=PROOF_LIVES)
    except signing.BadSignature:
        return False
    return bool(said == [account.pk, issuer, subject, account.last_login.isoformat() if account.last_login else ""])


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────
def open_sessions(account: Account) -> QuerySet[OpenSession]:
    """Where this account is signed in, last seen first."""
    return OpenSession.objects.filter(account=account, session__expire_date__gt=timezone.now()).order_by("-seen_at", "-pk")


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────
def picture_path(key: str, size: int) -> str:
    """Where one rendition of a picture is stored."""
    return f"pictures/{key[:2]}/{key}-{size}.webp"


def person_of_picture(key: str) -> Person | None:
    """Whose present picture has this key; None: nobody's. One query, by an index of those who have one."""
    return Person.objects.only("picture").filter(picture=key).exclude(picture="").first()


# ── intents ───────────────────────────────────────────────────────────────────────────────────────
def open_intents(address: str) -> QuerySet[Intent]:
    """What waits for this address to be confirmed, oldest first."""
    return Intent.objects.filter(
        address=lower_email(address), done_at=None, created_at__gt=timezone.now() - INTENT_KEPT
    ).order_by("pk")


def last_result(address: str) -> str:
    """Where the last thing confirmed by this address's link led; "" when there was none."""
    since = timezone.now() - LINK_LIVES
    done = Intent.objects.filter(address=lower_email(address), done_at__gt=since).exclude(result="").order_by("-done_at", "-pk")
    return done.values_list("result", flat=True).first() or ""


def signed_intent(number: int) -> str:
    """The text that stands for one intent in the link of « vous avez déjà un compte »."""
    return signing.dumps(number, salt=INTENT_SALT)


def intent_of(signed: str) -> Intent | None:
    """The open intent that a link carries; None when the text is wrong, too old, or the intent was done."""
    try:
        number = signing.loads(signed, salt=INTENT_SALT, max_age=INTENT_KEPT)
    except signing.BadSignature:
        return None
    return Intent.objects.filter(pk=number, done_at=None).first()


def demo_accounts(names: list[str]) -> QuerySet[Account]:
    """Those people of the demonstration whose address begins with one of these names."""
    addresses = [f"{name}{DEMO_DOMAIN}" for name in names]
    return Account.objects.select_related("person").filter(email__in=addresses, is_active=True)

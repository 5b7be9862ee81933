"""Sign in through the network's identity provider (S1): who is recognised, what is linked, after which proof.

An identity is an issuer and a subject. It opens an account when it is linked to it; otherwise

1. an account that exists is joined only after its holder's proof (its password once, or a link sent to its address and opened in
   the same browser), whoever says that the two are one person: the provider by a verified address, or the directory by its key;
2. somebody whom the platform knows without account (the directory's people, the invited) gets one, linked from the start;
3. nobody else gets in, unless the operator lets newcomers in (``RENFORT_OIDC_NEWCOMERS``).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Protocol

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from renfort.kernel.actors import ANONYMOUS, Actor
from renfort.kernel.events import publish
from renfort.kernel.sentences import Sentence
from renfort.people import messages
from renfort.people.models import Account, Identity, Person
from renfort.people.selectors import account_of, actor_of_account, is_confirmed, proof_key
from renfort.people.services.accounts import open_account

ATTEMPTS, WAITS, ID_TOKEN = "people.identity.attempts", "people.identity.waits", "people.identity.token"  # keys of the session
MOST_ATTEMPTS, ATTEMPT_LIVES = 5, 600  # tabs; seconds between leaving for the provider and coming back
WAITS_FOR = 1800  # seconds for the proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One departure to the provider: the browser's session holds it, and it serves once."""

    state: str
    nonce: str
    verifier: str
    next_url: str = ""
    token: str = ""  # of the link with which somebody invited came
    left_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who the provider says it is; everything but issuer and subject may be "". ``email`` in lower case."""

    issuer: str
    subject: str
    email: str = ""
    is_verified: bool = False
    first_name: str = ""
    last_name: str = ""
    key: str = ""

    @property
    def verified_email(self) -> str:
        """The address, when the provider says that it belongs to this person."""
        return self.email if self.is_verified else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What coming back from the provider gave; ``id_token`` is what signing out of it asks for."""

    claims: Claims
    id_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom a storey above recognises: a person, and the address that is proved to be theirs, "" when none is."""

    person: Person
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An identity that waits for the proof of the account's holder; kept in the session of its browser."""

    issuer: str
    subject: str
    email: str
    name: str
    account: int
    next_url: str
    id_token: str
    since: float


class ProviderSilent(Sentence):
    """The provider does not answer, or not in its documented form."""


class ProofRefused(Sentence):
    """The provider refused, or what it said does not hold."""


class Unknown(Sentence):
    """The identity is nobody's here: its text says what to do."""


class Taken(Sentence):
    """The identity, or the account, is linked otherwise."""


class IdentityProvider(Protocol):
    """The port."""

    name: str
    is_on: bool

    def begin(self, attempt: Attempt, back: str) -> str: ...

    def finish(self, attempt: Attempt, code: str, back: str) -> Proof: ...

    def end(self, id_token: str, back: str) -> str: ...


Knower = Callable[[Claims, str], Known | None]


def identity_provider() -> IdentityProvider:
    """The provider in use, by ``settings.IDENTITY_PROVIDER``."""
    make: Callable[[], IdentityProvider] = import_string(settings.IDENTITY_PROVIDER)
    return make()


# ── leaving and coming back ───────────────────────────────────────────────────────────────────────
def leave(session: SessionBase, *, next_url: str = "", token: str = "") -> Attempt:
    """Note a departure in the session; at most five at a time, the oldest gives way."""
    attempt = Attempt(
        state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48),
        next_url=next_url, token=token, left_at=time.time(),
    )  # fmt: skip
    kept = sorted(session.get(ATTEMPTS, []), key=lambda each: float(each["left_at"]))[-(MOST_ATTEMPTS - 1) :]
    session[ATTEMPTS] = [*kept, asdict(attempt)]
    return attempt


def come_back(session: SessionBase, state: str) -> Attempt | None:
    """The departure that this state ends, once; None when this browser did not leave with it, has come back, or is too late."""
    kept = [Attempt(**each) for each in session.get(ATTEMPTS, [])]
    found = next((each for each in kept if state and secrets.compare_digest(each.state.encode(), state.encode())), None)
    if found is None:
        return None
    session[ATTEMPTS] = [asdict(each) for each in kept if each is not found]
    return found if time.time() - found.left_at <= ATTEMPT_LIVES else None


# ── who it is ─────────────────────────────────────────────────────────────────────────────────────
def linked(claims: Claims) -> Identity | None:
    """The link of this identity, with account and person. One query."""
    found = Identity.objects.select_related("account__person").filter(issuer=claims.issuer, subject=claims.subject)
    return found.first()


def recognised(claims: Claims, token: str) -> Known | None:
    """Whom the storeys above know by this identity, or by the link with which it came; the first that knows says."""
    for path in settings.IDENTITY_KNOWERS:
        knower: Knower = import_string(path)
        found = knower(claims, token)
        if found is not None:
            return found
    return None


def to_join(claims: Claims, known: Known | None) -> Account | None:
    """The account that exists for whoever this is, which its holder's proof alone opens to the identity; None without one."""
    if known is not None:
        return Account.objects.select_related("person").filter(person=known.person).first()
    address = claims.verified_email
    account = account_of(address) if address else None
    return account if account is not None and is_confirmed(account) else None


def welcome(*, claims: Claims, known: Known | None, language: str) -> Account:
    """Open the account of somebody known without one, or of a newcomer where they are let in; linked from the start.

    Raises:
        Unknown: nobody knows this identity, or it says too little.
        AddressTaken: its address signs somebody else in.
    """
    with transaction.atomic():
        if known is None:
            person, address = _newcomer(claims), claims.verified_email
        else:
            person = known.person
            is_theirs = bool(claims.email) and claims.email == person.email.lower()
            address = known.address or claims.verified_email or (claims.email if is_theirs else "")
        if not address:
            raise Unknown(
                _("Votre fournisseur d'identité ne nous donne pas votre adresse e-mail : demandez-lui de la transmettre.")
            )
        account = open_account(actor=ANONYMOUS, person=person, address=address, language=language)
        link(actor=actor_of_account(account), account=account, claims=claims, is_told=False)
    return account


def _newcomer(claims: Claims) -> Person:
    if not settings.IDENTITY.newcomers:
        raise Unknown(
            _(
                "Personne ne vous connaît encore ici sous cette identité. "
                "Demandez à votre établissement, ou à votre gestionnaire, de vous ajouter."
            )
        )
    if not claims.first_name or not claims.last_name or not claims.verified_email:
        raise Unknown(
            _("Votre fournisseur d'identité ne nous donne pas votre nom et votre adresse : demandez-lui de les transmettre.")
        )
    return Person.objects.create(first_name=claims.first_name, last_name=claims.last_name, email=claims.verified_email)


# ── links ─────────────────────────────────────────────────────────────────────────────────────────
def link(*, actor: Actor, account: Account, claims: Claims, is_told: bool = True) -> Identity:
    """Link an identity to an account; the same link asked again is the one that stands.

    The holder is told at the account's address, and at the identity's when it is another one; not for an account that has just
    been opened with it (``is_told``).

    Raises:
        Taken: the identity is another account's, or the account has another identity of this provider.
    """
    try:
        with transaction.atomic():
            held = Account.objects.select_for_update().get(pk=account.pk)
            found = Identity.objects.filter(issuer=claims.issuer, subject=claims.subject).first()
            if found is not None and found.account_id == held.pk:
                return found
            if found is not None:
                raise Taken(_("Cette identité est déjà reliée à un autre compte."))
            made = Identity.objects.create(
                account=held, issuer=claims.issuer, subject=claims.subject, email=claims.email, linked_at=timezone.now()
            )
            tells = (messages.IDENTITY_LINKED,) if is_told else ()
            publish("people.identity.link", made, actor=actor, tells=tells, codes={"account": held.pk})
    except IntegrityError:  # another tab or another account was faster, or the account has another one already
        raise Taken(
            _("Ce compte est déjà relié à une autre identité : déliez-la d'abord dans « Paramètres de compte ».")
        ) from None
    return made


def unlink(*, actor: Actor, account: Account) -> int:
    """Cut every link of an account. Returns how many there were.

    Raises:
        Sentence: the account has no password: its holder could not come in any more.
    """
    with transaction.atomic():
        held = Account.objects.select_for_update().get(pk=account.pk)
        if not held.has_usable_password():
            raise Sentence(_("Choisissez d'abord un mot de passe : sans lui, vous ne pourriez plus vous connecter."))
        found = list(Identity.objects.select_related("account__person").filter(account=held))
        for each in found:
            publish("people.identity.unlink", each, actor=actor, tells=(messages.IDENTITY_UNLINKED,), codes={"account": held.pk})
            each.delete()
    return len(found)


def note_use(identity: Identity) -> None:
    """Somebody has signed in through this identity: the history says so."""
    with transaction.atomic():
        Identity.objects.filter(pk=identity.pk).update(used_at=timezone.now())
        actor = actor_of_account(identity.account)
        publish("people.identity.sign_in", identity, actor=actor, codes={"account": identity.account_id})


# ── the proof ─────────────────────────────────────────────────────────────────────────────────────
def wait(session: SessionBase, *, proof: Proof, account: Account, next_url: str) -> None:
    """Keep an identity in the browser's session until the account's holder has proved to be it."""
    claims = proof.claims
    name = f"{claims.first_name} {claims.last_name}".strip()
    waiting = Waiting(
        issuer=claims.issuer, subject=claims.subject, email=claims.email, name=name, account=account.pk, next_url=next_url,
        id_token=proof.id_token, since=time.time(),
    )  # fmt: skip
    session[WAITS] = asdict(waiting)


def waiting_of(session: SessionBase) -> Waiting | None:
    """The identity that waits in this browser, or None."""
    kept = session.get(WAITS)
    found = Waiting(**kept) if kept else None
    return found if found is not None and time.time() - found.since <= WAITS_FOR else None


def send_proof(*, account: Account, waiting: Waiting) -> None:
    """Send the link that proves that the account's address is read; it opens only in the browser where the identity waits."""
    with transaction.atomic():
        account.proof = proof_key(account, waiting.issuer, waiting.subject)
        publish("people.account.ask_proof", account, actor=ANONYMOUS, tells=(messages.IDENTITY_PROOF,))


def join(session: SessionBase, *, account: Account, waiting: Waiting) -> Identity:
    """Link the identity that waits to the account whose holder has just proved to be it.

    Raises:
        Taken: one of the two is linked otherwise.
    """
    claims = Claims(issuer=waiting.issuer, subject=waiting.subject, email=waiting.email)
    made = link(actor=actor_of_account(account), account=account, claims=claims)
    session.pop(WAITS, None)
    return made

"""Persons and accounts. A person is whom the platform knows; an account is how one signs in (design decision 5)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func
from django.db.models.functions import Lower
from django.urls import reverse

from renfort.kernel.models import CodeField
from renfort.people.enums import Joins

PICTURE_SIZES = (64, 256)  # pixels on a side


class Person(models.Model):
    """Somebody the platform knows, with or without a login (guardians and participants have none).

    ``email`` is where this person is written to; it is not unique: a family may share one. Dates of birth are dates.
    """

    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254, blank=True)
    mobile_phone = models.CharField(max_length=20, blank=True)  # E.164
    landline_phone = models.CharField(max_length=20, blank=True)  # E.164
    postcode = models.CharField(max_length=10, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    picture = models.CharField(max_length=32, blank=True, default="", db_default="")  # its key: a name nobody guesses; "": none
    created_at = models.DateTimeField(auto_now_add=True)
    search_name = models.GeneratedField(  # « José LE GOFF » is found by « jose », « goff » (design decision 21)
        expression=Func(
            template="public.sort_key(first_name || ' ' || last_name || ' ' || email)", output_field=models.TextField()
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(name="people_person_search", fields=["search_name"], opclasses=["gin_trgm_ops"]),
            models.Index(name="people_person_picture", fields=["picture"], condition=~models.Q(picture="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters shown until there is a picture (R7)."""
        return (self.first_name[:1] + self.last_name[:1]).upper() or "?"

    @property
    def picture_small(self) -> str:
        """The address of the small picture, for lists and the header; "" while there is none. Whoever may not see it gets 404."""
        return reverse("people:picture", args=[self.picture, PICTURE_SIZES[0]]) if self.picture else ""

    @property
    def picture_large(self) -> str:
        """The address of the large picture, or ""."""
        return reverse("people:picture", args=[self.picture, PICTURE_SIZES[1]]) if self.picture else ""


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by ``people.services``, which also makes the person."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """How one person signs in: a unique address, a password, a language. What a person may do stands in grants."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    email = models.EmailField(max_length=254, unique=True)  # kept in lower case
    language = models.CharField(max_length=5, default="fr")
    joins = CodeField(states=Joins, blank=True)  # what was signed up for and remains to be done; "" once it is
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    proof = ""  # in memory alone, between its making and its e-mail: the key that proves that the address is read

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="people_account_email_lower"),
        ]

    def __str__(self) -> str:
        return self.email


class Identity(models.Model):
    """A link between an account and who somebody is for the network's identity provider (S1): issuer and subject, once.

    ``email`` is what the provider said when it was linked; nobody is recognised by it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)  # the provider's address, without a slash at its end
    subject = models.CharField(max_length=255)  # OpenID Connect Core 1.0, 2: at most 255 characters, case counts
    email = models.EmailField(max_length=254, blank=True)
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # the last sign-in through it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="people_identity_once"),
            models.UniqueConstraint(fields=["account", "issuer"], name="people_identity_one_each"),
            models.CheckConstraint(condition=~models.Q(issuer="") & ~models.Q(subject=""), name="people_identity_known"),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk} of account {self.account_id}"


class Intent(models.Model):
    """What somebody was doing when asked for an account: kept « à confirmer » by address until the link is opened (R3).

    No person and nothing of the intent exists before: nobody is told, no place is held.
    """

    address = models.EmailField(max_length=254)  # lower case
    kind = models.CharField(max_length=60)  # missions.apply
    label = models.CharField(max_length=200, blank=True)  # Distribution de repas · Secours Bordeaux
    url = models.CharField(max_length=500, blank=True)  # where it began, and where one is led when nobody sets a result
    payload = models.JSONField(default=dict)  # mission, ticked wordings and when
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=500, blank=True)  # where the one who confirmed is led; set by who hears of it

    class Meta:
        indexes = [models.Index(fields=["address", "kind"], name="people_intent_address", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} of {self.address}"


class OpenSession(models.Model):
    """One browser in which somebody is signed in, as its holder sees it among « Appareils connectés » (R8, P11).

    The session itself is Django's; this row goes with it, at once (the database cascades), whether it is closed from another
    device, signed out of, or over. Of the browser two words are kept and no address (P10).
    """

    session = models.OneToOneField("sessions.Session", models.DO_NOTHING, db_constraint=False, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    device = models.CharField(max_length=40)  # kernel.devices: Chrome/Android
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # to some minutes: it is not written at each page

    def __str__(self) -> str:
        return f"{self.device} of account {self.account_id}"


class AddressChange(models.Model):
    """Somebody asked to sign in with another address; nothing changes until the link sent to it is opened (R8).

    Kept for a month: the former address may take the account back for a week.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    former = models.EmailField(max_length=254)  # lower case
    address = models.EmailField(max_length=254)  # lower case
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=models.Q(done_at=None), name="people_addresschange_one_open"),
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None) | models.Q(done_at__isnull=False), name="people_addresschange_done_first"
            ),
        ]

    def __str__(self) -> str:
        return f"another address of account {self.account_id}"


def lower_email(value: Any) -> str:
    """How an address is kept and looked up."""
    return str(value).strip().lower()

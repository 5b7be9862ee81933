"""What a client organisation bought (W11)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from renfort.kernel.models import CodeField, known_state
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.workshops.enums import Audience, Kind, Presence


class Client(models.Model):
    """An organisation that orders sessions: the facts of this programme about it (design decision 5)."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    audience = CodeField(states=Audience)  # what its orders are for as a rule
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [known_state(Audience, field="audience")]

    def __str__(self) -> str:
        return f"client {self.pk}"

    @cached_property
    def main_contact(self) -> ClientContact | None:
        """Whom to call first; of the contacts that were fetched beforehand when they were, else one query."""
        if not self.pk or self._state.adding:
            return None
        return next((each for each in self.contacts.all() if each.is_main), None)

    @property
    def contact_name(self) -> str:
        """The main contact's name, "" without one."""
        return self.main_contact.name if self.main_contact else ""

    @property
    def contact_email(self) -> str:
        """The main contact's address, "" without one."""
        return self.main_contact.email if self.main_contact else ""

    @property
    def contact_phone(self) -> str:
        """The main contact's number in E.164, "" without one."""
        return self.main_contact.phone if self.main_contact else ""


class ClientContact(models.Model):
    """Somebody at a client's: whom to call, and who may follow its orders once they have opened their link (W11).

    ``invited_*``: the link sent by e-mail is made of the seed and the site's key and recognised by its digest; both are empty
    once it was used or taken back. ``person``: who opened it, and holds « Contact client · organisation ».
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    function = models.CharField(max_length=120, blank=True)  # « Direction des ressources humaines »
    email = models.EmailField(max_length=254, blank=True)  # in lower case
    phone = models.CharField(max_length=20, blank=True)  # E.164
    is_main = models.BooleanField(default=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(null=True, editable=False)
    link_seed = models.CharField(max_length=43, blank=True, editable=False)
    link_digest = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-is_main", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(is_main=True), name="workshops_contact_one_main"),
            models.UniqueConstraint(fields=["client", "email"], condition=~Q(email=""), name="workshops_contact_once"),
            models.UniqueConstraint(fields=["client", "person"], name="workshops_contact_person_once"),
            models.UniqueConstraint(fields=["link_digest"], condition=~Q(link_digest=""), name="workshops_contact_link"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Order(models.Model):
    """One purchase, with its lines. ``audience`` sets tariffs and levels, whatever the client's legal form is.

    What becomes of it stands on its assignments: one at a time is under way; a mistake found after the closing is a new order
    whose assignment ``follows`` the closed one. ``aim`` to ``payment``: what its convention says beside lines and dates (Code du
    travail, D6353-1). ``signed_on``: the day on which the client signed it; the terms change no more.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="orders")
    title = models.CharField(max_length=120)
    audience = CodeField(states=Audience)
    details = models.TextField(max_length=2000, blank=True)  # what the coordinator has to know
    first_on = models.DateField(null=True, blank=True)  # the wanted period, both days included
    last_on = models.DateField(null=True, blank=True)
    wanted_on = ArrayField(models.DateField(), default=list, blank=True)  # the very days that the client wants, in order
    aim = models.TextField(max_length=1000, blank=True)
    content = models.TextField(max_length=2000, blank=True)
    means = models.TextField(max_length=1000, blank=True)
    duration = models.CharField(max_length=200, blank=True)  # « 3 heures par atelier »
    follow_up = models.TextField(max_length=1000, blank=True)  # how it is followed, assessed and sanctioned
    payment = models.TextField(max_length=1000, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=120, blank=True)  # who signed for the client
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            known_state(Audience, field="audience"),
            models.CheckConstraint(
                condition=Q(first_on=None, last_on=None) | Q(first_on__isnull=False, last_on__gte=F("first_on")),
                name="workshops_order_period",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None, signed_by="") | (Q(signed_on__isnull=False) & ~Q(signed_by="")),
                name="workshops_order_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"


class OrderLine(models.Model):
    """So many services of one kind: one facilitator who leads one workshop is one. Money is cents before tax, per service."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    kind = CodeField(states=Kind)
    presence = CodeField(states=Presence)
    quantity = models.PositiveIntegerField()
    participants = models.PositiveIntegerField(default=0)  # of all these services together; 0: not said
    languages = ArrayField(models.CharField(max_length=5))
    unit_price = models.PositiveIntegerField()  # cents before tax

    class Meta:
        constraints = [
            known_state(Kind, field="kind"),
            known_state(Presence, field="presence"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="workshops_orderline_quantity"),
            models.CheckConstraint(condition=Q(languages__len__gte=1), name="workshops_orderline_languages"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def total(self) -> int:
        """Cents before tax."""
        return self.quantity * self.unit_price

"""What a client organisation bought (W11)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import CodeField, known_state
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.workshops.enums import Audience, Kind, Presence

CENTS = 100  # in a euro


class Client(models.Model):
    """An organisation that orders sessions: the facts of this programme about it (design decision 5)."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    audience = CodeField(states=Audience)  # what its orders are for as a rule
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField(max_length=254, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)  # E.164
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [known_state(Audience, field="audience")]

    def __str__(self) -> str:
        return f"client {self.pk}"


class Order(models.Model):
    """One purchase, with its lines. ``audience`` sets tariffs and levels, whatever the client's legal form is.

    What becomes of it stands on its assignments: one at a time is under way; a mistake found after the closing is a new one.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="orders")
    title = models.CharField(max_length=120)
    audience = CodeField(states=Audience)
    details = models.TextField(max_length=2000, blank=True)  # what the coordinator has to know
    first_on = models.DateField(null=True, blank=True)  # the wanted period, both days included
    last_on = models.DateField(null=True, blank=True)
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

"""How a facilitator is paid: account, company, and the mandate to invoice in their name (W11)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, known_state
from renfort.workshops.enums import Country, VatRegime
from renfort.workshops.models.facilitator import Facilitator


class Payee(models.Model):
    """« Coordonnées de paiement » of a facilitator, as they said them. Read by that person and the association alone.

    A payment keeps a copy of holder, IBAN and BIC, an invoice one of all the rest: what changes here changes neither.
    """

    facilitator = models.OneToOneField(Facilitator, models.PROTECT, primary_key=True, related_name="payee")
    holder = models.CharField(max_length=70)  # of the account, as the bank knows it
    iban = models.CharField(max_length=34)  # without spaces
    bic = models.CharField(max_length=11, blank=True)
    company = models.CharField(max_length=120)
    siret = models.CharField(max_length=14, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    vat_regime = CodeField(states=VatRegime)
    address = models.CharField(max_length=200)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=100)
    country = CodeField(states=Country, default=Country.FR)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            known_state(VatRegime, field="vat_regime"),
            known_state(Country, field="country"),
            models.CheckConstraint(condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"), name="workshops_payee_iban"),
            models.CheckConstraint(condition=~Q(country=Country.FR) | ~Q(siret=""), name="workshops_payee_siret"),
            models.CheckConstraint(
                condition=~Q(country=Country.FR) | ~Q(vat_regime=VatRegime.REVERSE), name="workshops_payee_regime"
            ),
        ]

    def __str__(self) -> str:
        return f"payee {self.pk}"

    @property
    def masked(self) -> str:
        """The IBAN as anybody sees it, its owner too."""
        return masked(self.iban)


def masked(iban: str) -> str:
    """« FR76 •••• 0189 »: enough to recognise one's own, nothing to pay with."""
    return f"{iban[:4]} •••• {iban[-4:]}"


class Mandate(models.Model):
    """A payee lets the association write their invoices (CGI art. 289 I-2). The text is kept as it was accepted.

    ``ended_at``: withdrawn, or the company it was given for has changed. At most one of a person is in force.
    """

    facilitator = models.ForeignKey(Facilitator, models.PROTECT, related_name="mandates")
    number = models.CharField(max_length=40, unique=True)
    text = models.TextField()
    accepted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facilitator"], condition=Q(ended_at=None), name="workshops_mandate_one_in_force")
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk}"

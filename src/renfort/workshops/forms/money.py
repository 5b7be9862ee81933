"""The association's forms about money: a client's invoice, its payment (W11)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section, StepperInput
from renfort.people.selectors import today
from renfort.workshops.models.order import CENTS
from renfort.workshops.selectors.money import Proposed

MOST = 500
DEAREST = Decimal(1_000_000)


class InvoiceForm(OnceForm):
    """« Faire la facture »: how many services of each line; proposed is what took place."""

    def __init__(self, *args: Any, lines: Sequence[Proposed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"line-{line.number}"] = forms.IntegerField(
                label=line.words, min_value=0, max_value=MOST, initial=line.quantity, widget=StepperInput(),
                help_text=_g("Commandé : %(ordered)d. Effectué : %(done)d.") % {"ordered": line.ordered, "done": line.quantity},
            )  # fmt: skip

    def quantities(self) -> dict[int, int]:
        """By the number of the order's line; call after ``is_valid()``."""
        return {line.number: self.cleaned_data[f"line-{line.number}"] for line in self.lines}


class OutsideForm(OnceForm):
    """« Noter une facture faite ailleurs »."""

    number = forms.CharField(label=_("Numéro de facture"), max_length=40)
    issued_on = forms.DateField(label=_("Date de facture"), widget=DateInput())
    excl = forms.DecimalField(label=_("Montant hors taxes, en euros"), min_value=Decimal(0), max_value=DEAREST, decimal_places=2)
    vat = forms.DecimalField(label=_("TVA, en euros"), min_value=Decimal(0), max_value=DEAREST, decimal_places=2, initial=0)

    sections = (Section("", ["number", "issued_on", "excl", "vat"], pairs=True),)

    def clean_issued_on(self) -> Any:
        """Not a day to come."""
        day = self.cleaned_data["issued_on"]
        if day > today():
            raise forms.ValidationError(_g("Cette date est à venir."))
        return day

    def facts(self) -> dict[str, Any]:
        """The clean data as the service takes it, money in cents; call after ``is_valid()``."""
        said = self.cleaned_data
        return {
            "number": " ".join(said["number"].split()), "issued_on": said["issued_on"], "excl": int(said["excl"] * CENTS),
            "vat": int(said["vat"] * CENTS),
        }  # fmt: skip


class PaidForm(forms.Form):
    """« Noter le paiement »."""

    paid_on = forms.DateField(label=_("Payée le"), widget=DateInput(), initial=today)

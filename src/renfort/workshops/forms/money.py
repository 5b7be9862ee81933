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
from renfort.kernel.money import CENTS
from renfort.people.selectors import today
from renfort.workshops.selectors.money import Proposed
from renfort.workshops.services.bills import SentBill

MOST = 500
MOST_BYTES = 10 * 1024 * 1024
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


class SentBillForm(forms.Form):
    """« Envoyer ma facture »: a PDF, with what the association reads first."""

    number = forms.CharField(label=_("Numéro de votre facture"), max_length=40)
    issued_on = forms.DateField(label=_("Date de facture"), widget=DateInput())
    vat = forms.DecimalField(label=_("TVA, en euros"), min_value=Decimal(0), max_value=DEAREST, decimal_places=2, initial=0)
    file = forms.FileField(
        label=_("La facture, en PDF"), help_text=_("10 Mo au plus."), widget=forms.FileInput({"accept": "application/pdf,.pdf"})
    )

    def clean_issued_on(self) -> Any:
        """Not a day to come."""
        day = self.cleaned_data["issued_on"]
        if day > today():
            raise forms.ValidationError(_g("Cette date est à venir."))
        return day

    def clean_file(self) -> bytes:
        """What it holds, if that is a PDF: the name and the announced type prove nothing."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_g("Ce fichier est trop lourd : 10 Mo au plus."))
        content: bytes = sent.read()
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
            raise forms.ValidationError(_g("Ce fichier n'est pas un PDF. Enregistrez votre facture en PDF, puis choisissez-la."))
        return content

    def sent(self) -> SentBill:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        number = " ".join(said["number"].split())
        return SentBill(number=number, issued_on=said["issued_on"], vat=int(said["vat"] * CENTS), content=said["file"])


class TransferForm(OnceForm):
    """« Préparer un virement »: the day on which the bank carries it out."""

    execution_on = forms.DateField(label=_("À exécuter le"), widget=DateInput(), initial=today)


class ReportForm(forms.Form):
    """What the bank did: all paid, but those that are ticked."""

    settled_on = forms.DateField(label=_("Date du compte rendu"), widget=DateInput(), initial=today)


class PeriodForm(forms.Form):
    """From which day to which, both included."""

    du = forms.DateField(label=_("Du"), widget=DateInput())
    au = forms.DateField(label=_("Au (inclus)"), widget=DateInput())

    sections = (Section("", ["du", "au"], pairs=True),)

    def clean(self) -> dict[str, Any]:
        """In order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("du") and said.get("au") and said["au"] < said["du"]:
            self.add_error("au", _g("La fin vient après le début."))
        return said

"""« Coordonnées de paiement » (W11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as vats

from renfort.kernel.forms import Section
from renfort.organisations.forms.fields import SiretField
from renfort.workshops.enums import Country, VatRegime
from renfort.workshops.models import Payee
from renfort.workshops.rules.money import clean_iban, why_not_bic, why_not_iban
from renfort.workshops.services.payees import PayeeFacts

NAMES = ("holder", "bic", "company", "siret", "vat_number", "vat_regime", "address", "postcode", "city", "country")
QUIET = {"autocomplete": "off", "spellcheck": "false"}


class IbanField(forms.CharField):
    """An account number as it is written on papers, with spaces or without; cleans to its signs alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, widget=forms.TextInput(QUIET), **kwargs)

    def clean(self, value: Any) -> str:
        iban = clean_iban(super().clean(value) or "")
        if iban and (sentence := why_not_iban(iban)):
            raise forms.ValidationError(sentence, code="invalid")
        return iban


class PayeeForm(forms.Form):
    """How one is paid. The IBAN on record is never shown whole: left empty, it stays."""

    holder = forms.CharField(label=_("Titulaire du compte"), max_length=70)
    iban = IbanField(label=_("IBAN"), required=False)
    bic = forms.CharField(
        label=_("BIC"), max_length=14, required=False, widget=forms.TextInput(QUIET), help_text=_("Facultatif dans la zone SEPA.")
    )
    company = forms.CharField(
        label=_("Nom de votre entreprise"), max_length=120, help_text=_("Le vôtre pour une micro-entreprise.")
    )
    country = forms.ChoiceField(label=_("Pays"), choices=Country.choices, initial=Country.FR)
    siret = SiretField(label=_("SIRET"), required=False, help_text=_("Quatorze chiffres, en France."))
    vat_regime = forms.ChoiceField(label=_("TVA"), choices=VatRegime.choices, widget=forms.RadioSelect)
    vat_number = forms.CharField(
        label=_("Numéro de TVA"), max_length=24, required=False, widget=forms.TextInput(QUIET),
        help_text=_("Si vous facturez la TVA, ou hors de France."),
    )  # fmt: skip
    address = forms.CharField(label=_("Adresse"), max_length=200)
    postcode = forms.CharField(label=_("Code postal"), max_length=10)
    city = forms.CharField(label=_("Ville"), max_length=100)

    sections = (
        Section(_("Votre compte"), ["holder", "iban", "bic"]),
        Section(_("Votre entreprise"), ["company", "country", "siret", "vat_regime", "vat_number"]),
        Section(_("Son adresse"), ["address", "postcode", "city"], pairs=True),
    )

    def __init__(self, *args: Any, known: Payee | None = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs.setdefault("initial", {name: getattr(known, name) for name in NAMES})
        super().__init__(*args, **kwargs)
        self.known = known
        field = self.fields["iban"]
        if known is None:
            field.required = True
        else:
            field.help_text = _g("Enregistré : %(iban)s. Laissez vide pour le garder.") % {"iban": known.masked}

    def clean(self) -> dict[str, Any]:
        """What depends on several answers: the bank's country, the SIRET in France, the regime abroad, the tax number."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        iban = said.get("iban") or (self.known.iban if self.known and "iban" in said else "")
        said["iban"] = iban
        said["bic"] = "".join(str(said.get("bic", "")).split()).upper()
        if sentence := why_not_bic(said["bic"], iban):
            self.add_error("bic", sentence)
        country, regime = said.get("country"), said.get("vat_regime")
        said["vat_number"] = "".join(str(said.get("vat_number", "")).split()).upper()
        if country == Country.FR and not said.get("siret") and "siret" not in self.errors:
            self.add_error("siret", _g("Indiquez le SIRET de votre entreprise."))
        if country == Country.FR and regime == VatRegime.REVERSE:
            self.add_error("vat_regime", _g("Ce choix est réservé aux entreprises établies hors de France."))
        if country and country != Country.FR:
            said["siret"] = ""
            if regime and regime != VatRegime.REVERSE:
                self.add_error("vat_regime", _g("Hors de France, la TVA est due par le client : choisissez la dernière ligne."))
        if regime == VatRegime.STANDARD and not said["vat_number"]:
            self.add_error("vat_number", _g("Indiquez votre numéro de TVA, puisque vous la facturez."))
        elif said["vat_number"] and country not in (Country.CH, Country.GB) and not vats.is_valid(said["vat_number"]):
            self.add_error("vat_number", _g("Ce numéro de TVA n'est pas exact : vérifiez-le sur vos papiers."))
        return said

    def facts(self) -> PayeeFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return PayeeFacts(iban=self.cleaned_data["iban"], **{name: self.cleaned_data[name] for name in NAMES})

"""Fields about organisations; each refuses with a sentence that says what to do, whatever is typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from renfort.organisations.rules import is_rna, is_siret

JOINERS = "\u200c\u200d"  # inside Persian and Indian words, and inside some pictograms
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # make the rest of a line read backwards
LINKS = re.compile(r"https?:|www\.|[<>\\]", re.IGNORECASE)
FEWEST_LETTERS = 3


class OrganisationNameField(forms.CharField):
    """The name of an organisation, in any script, with its pictograms if it has some; never a link that an e-mail would carry."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.error_messages["max_length"] = _("200 caractères au plus : écrivez un nom plus court.")

    def clean(self, value: Any) -> str:
        name: str = super().clean(" ".join(unicodedata.normalize("NFC", TURNING.sub("", str(value or ""))).split()))
        if LINKS.search(name):
            raise ValidationError(_("Un nom ne contient ni adresse ni lien."))
        if any(unicodedata.category(char)[0] == "C" and char not in JOINERS for char in name):
            raise ValidationError(_("Ce nom contient un signe invisible : écrivez-le à nouveau."))
        if name and sum(char.isalnum() for char in name) < FEWEST_LETTERS:
            raise ValidationError(_("Un nom a au moins trois lettres. Évitez les sigles."))
        return name


class ProseField(forms.CharField):
    """A few lines of text; characters that would turn the page around are left out."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": str(rows)}), **kwargs)

    def clean(self, value: Any) -> str:
        return str(super().clean(TURNING.sub("", str(value or ""))))


class SiretField(forms.CharField):
    """A SIRET as it is written on papers, with spaces or without; cleans to its fourteen digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        number = re.sub(r"[\s.\-\u00a0]", "", super().clean(value))
        if number and not is_siret(number):
            raise ValidationError(
                _("Ce SIRET n'est pas exact : vérifiez ses quatorze chiffres, ou laissez ce champ vide."), code="invalid"
            )
        return number


class RnaField(forms.CharField):
    """The number of an association in the national register; cleans to « W331234567 »."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput({"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        number = re.sub(r"[\s.\-\u00a0]", "", super().clean(value)).upper()
        if number and not is_rna(number):
            raise ValidationError(_("Un numéro RNA est un W suivi de neuf chiffres, comme W331234567."), code="invalid")
        return number


class WebsiteField(forms.URLField):
    """The address of a site, with or without « https:// »."""

    default_validators = [URLValidator(schemes=["http", "https"], message=_("Écrivez l'adresse du site, comme www.exemple.fr."))]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "url", "autocomplete": "url", "spellcheck": "false"})
        super().__init__(max_length=200, assume_scheme="https", widget=widget, **kwargs)
        self.error_messages["invalid"] = self.error_messages["max_length"] = _("Écrivez l'adresse du site, comme www.exemple.fr.")


class DependentField(forms.ChoiceField):
    """A list of which only a part fits what is chosen above it; ``sorted_choices`` are grouped so that it reads without scripts.

    Shown as required, because where it applies it is; whether it applies is the form's business.
    """

    def validate(self, value: Any) -> None:
        if value in self.empty_values:
            return
        super().validate(value)

"""Fields about persons; each refuses with a sentence that says what to do, whatever is typed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
)

from renfort.kernel.forms import DateInput, EmailInput, PhoneInput, PostcodeInput
from renfort.people.models import Person, lower_email
from renfort.people.rules import OLDEST, age_on
from renfort.people.selectors import today

LINKS = re.compile(r"https?:|www\.|[@/<>\\]", re.IGNORECASE)
JOINERS = "\u200c\u200d"  # written inside Persian and Indian names
MARKS = " '’ʼ.·-‐‑" + JOINERS
POSTCODE = re.compile(r"(0[1-9]|[1-8]\d|9[0-8])\d{3}", re.ASCII)
REGIONS = {
    "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT",
    "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
FRANCE = 33
LANDLINES = {PhoneNumberType.FIXED_LINE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.TOLL_FREE}


class NameField(forms.CharField):
    """A first or last name, as people write theirs: accents, hyphens, any script; never a link that an e-mail would carry."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.error_messages["max_length"] = _("80 caractères au plus : écrivez un nom plus court.")

    def clean(self, value: Any) -> str:
        name = " ".join(unicodedata.normalize("NFC", super().clean(value)).split())
        if not name:
            return name
        if LINKS.search(name):
            raise ValidationError(_("Un nom ne contient ni adresse ni lien."))
        if strange := [char for char in name if char not in MARKS and unicodedata.category(char)[0] not in "LM"]:
            raise ValidationError(_("Écrivez ce nom avec des lettres, sans « %(sign)s »."), params={"sign": _visible(strange[0])})
        if not any(unicodedata.category(char)[0] == "L" for char in name):
            raise ValidationError(_("Un nom a au moins une lettre."))
        return name


def _visible(char: str) -> str:
    """A sign as a sentence may show it: those that hide or turn the text are named by number."""
    return char if char.isprintable() else f"U+{ord(char):04X}"


class AddressField(forms.EmailField):
    """The e-mail address of an account, kept in lower case."""

    widget = EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, label=kwargs.pop("label", _("E-mail")), **kwargs)
        self.error_messages["invalid"] = _("Écrivez une adresse e-mail complète, comme prenom.nom@exemple.fr.")

    def clean(self, value: Any) -> str:
        return lower_email(super().clean(value))


class PostcodeField(forms.CharField):
    """A French postcode of five digits."""

    widget = PostcodeInput

    def clean(self, value: Any) -> str:
        code = "".join(super().clean(value).split())
        if code and not POSTCODE.fullmatch(code):
            raise ValidationError(_("Écrivez un code postal français de cinq chiffres, comme 33000."))
        return code


class BirthDateField(forms.DateField):
    """A date of birth that somebody alive may have."""

    def __init__(self, **kwargs: Any) -> None:
        widget = DateInput(attrs={"autocomplete": "bday"})
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
        super().__init__(label=kwargs.pop("label", _("Date de naissance")), widget=widget, input_formats=formats, **kwargs)
        self.error_messages["invalid"] = _("Cette date n'existe pas : écrivez jour, mois et année, comme 29/02/2004.")

    def clean(self, value: Any) -> date | None:
        born: date | None = super().clean(value)
        if born is not None and born > today():
            raise ValidationError(_("Cette date n'est pas encore passée : vérifiez l'année."))
        if born is not None and age_on(born, today()) > OLDEST:
            raise ValidationError(_("Vérifiez l'année de naissance : elle est trop ancienne."))
        return born


class PasswordField(forms.CharField):
    """A password, never trimmed, never sent back to the page."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=1000, widget=widget, **kwargs)


def new_password_fields() -> tuple[PasswordField, PasswordField]:
    """The field of a new password, and its confirmation."""
    return (
        PasswordField(
            autocomplete="new-password",
            label=_("Mot de passe"),
            help_text=_("Dix caractères au moins. Une suite de mots est plus sûre, et plus facile à retenir."),
        ),
        PasswordField(autocomplete="new-password", label=_("Confirmation du mot de passe")),
    )


def check_new_password(form: forms.Form, holder: Person) -> None:
    """Say on the form what is wrong with a new password; ``holder`` has the names that it should not resemble."""
    data = form.cleaned_data
    password, again = data.get("password1"), data.get("password2")
    if password:
        try:
            validate_password(password, holder)  # type: ignore[arg-type]  # reads the fields by name
        except ValidationError as error:
            form.add_error("password1", [_worded(each) for each in error.error_list])
    if password and again and password != again:
        form.add_error("password2", _("Les deux mots de passe diffèrent : tapez deux fois le même."))


def _worded(error: ValidationError) -> ValidationError:
    """Django names the field of the model; people do not know it."""
    if error.code != "password_too_similar":
        return error
    return ValidationError(_("Ce mot de passe ressemble trop à votre nom ou à votre adresse."), code=error.code)


class PhoneField(forms.CharField):
    """A phone number; ``in_e164`` makes the stored form of it once the postcode is known."""

    widget = PhoneInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored number is shown as people read it; what was just typed, as it was typed."""
        return in_words(value) if isinstance(value, str) and value.startswith("+") else value


def in_e164(number: str, *, postcode: str, mobile: bool) -> str:
    """A typed number in its international form. « 0692… » is of La Réunion when the postcode is, or when nothing else fits.

    Raises:
        ValidationError: not a number that anybody may have, or a landline where a mobile is asked.
    """
    if not number.strip():
        return ""
    near = REGIONS.get(postcode[:3], "FR")
    for region in dict.fromkeys([near, "FR", *REGIONS.values()]):
        try:
            parsed = parse(number, region)
        except NumberParseException:
            continue
        if is_valid_number(parsed):
            if mobile and number_type(parsed) in LANDLINES:
                raise ValidationError(_("C'est le numéro d'une ligne fixe : indiquez un mobile, où l'on peut vous joindre."))
            return format_number(parsed, PhoneNumberFormat.E164)
    raise ValidationError(_("Ce numéro n'existe pas : écrivez-le comme 06 12 34 56 78, ou avec l'indicatif du pays (+32…)."))


def in_words(number: str) -> str:
    """A stored number as people read it: « 06 12 34 56 78 », with the country's code when it is not France's."""
    try:
        parsed = parse(number)
    except NumberParseException:
        return number
    is_french = parsed.country_code == FRANCE
    return format_number(parsed, PhoneNumberFormat.NATIONAL if is_french else PhoneNumberFormat.INTERNATIONAL)


def put_phone(form: forms.Form, name: str, *, mobile: bool) -> None:
    """Replace a number of the form by its stored form, or say what is wrong with it."""
    try:
        postcode = form.cleaned_data.get("postcode") or ""
        form.cleaned_data[name] = in_e164(form.cleaned_data.get(name) or "", postcode=postcode, mobile=mobile)
    except ValidationError as error:
        form.add_error(name, error)

"""The forms of « Paramètres de compte » and « Profil » (R7, R8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import Section
from renfort.people.forms.fields import (
    AddressField,
    BirthDateField,
    NameField,
    PasswordField,
    PhoneField,
    PostcodeField,
    check_new_password,
    new_password_fields,
    put_phone,
)
from renfort.people.models import Account, Person
from renfort.people.services.profile import too_young


class PasswordNewForm(forms.Form):
    """A new password, twice: after « mot de passe oublié », or for an account that has none yet."""

    password1, password2 = new_password_fields()

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        super().clean()
        person = self.account.person
        check_new_password(self, Person(first_name=person.first_name, last_name=person.last_name, email=self.account.email))
        return self.cleaned_data


class PasswordChangeForm(PasswordNewForm):
    """« Paramètres de compte »: the old password, the new one, its confirmation (R8)."""

    password = PasswordField(autocomplete="current-password", label=_("Mot de passe actuel"))
    field_order = ["password", "password1", "password2"]

    def clean_password(self) -> str:
        """The view has counted the try: a session left open is no way to guess."""
        return checked(self.account, self.cleaned_data["password"])


def checked(account: Account, password: str) -> str:
    """The present password, as typed.

    Raises:
        ValidationError: it is another one.
    """
    if not account.check_password(password):
        raise ValidationError(_("Ce n'est pas votre mot de passe actuel."))
    return password


class NewAddressForm(forms.Form):
    """Another address to sign in with (R8). Field names and ids differ from those of the page's other forms."""

    email = AddressField(label=_("Nouvelle adresse e-mail"))
    present_password = PasswordField(autocomplete="current-password", label=_("Mot de passe actuel"))

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        super().__init__(data, auto_id="adresse_%s", **kwargs)
        self.account = account

    def clean_email(self) -> str:
        """Whether another account has it is never said here."""
        address: str = self.cleaned_data["email"]
        if address == self.account.email:
            raise ValidationError(_("C'est déjà l'adresse de votre compte."))
        return address

    def clean_present_password(self) -> str:
        """The view has counted the try."""
        return checked(self.account, self.cleaned_data["present_password"])


class LanguageForm(forms.Form):
    """The language of the pages and e-mails (P8)."""

    language = forms.ChoiceField(label=_("Langue"), choices=settings.LANGUAGES)


class ProfileForm(forms.Form):
    """« Profil » (R7). A volunteer keeps what the réserve needs: mobile, postcode and date of birth stay required."""

    first_name = NameField(label=_("Prénom"), widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = NameField(label=_("Nom"), widget=forms.TextInput({"autocomplete": "family-name"}))
    email = AddressField(
        label=_("E-mail de contact"), required=False, help_text=_("Celui que lisent les structures que vous aidez.")
    )
    mobile_phone = PhoneField(label=_("Téléphone mobile"), required=False)
    landline_phone = PhoneField(label=_("Téléphone fixe"), required=False)
    postcode = PostcodeField(label=_("Code postal"), required=False)
    birth_date = BirthDateField(required=False)

    sections = (
        Section(_("Votre identité"), ["first_name", "last_name", "postcode", "birth_date"], pairs=True),
        Section(_("Vous joindre"), ["email", "mobile_phone", "landline_phone"], pairs=True),
    )

    def __init__(self, data: Any = None, *, volunteer: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.volunteer = volunteer
        for name in ("mobile_phone", "postcode", "birth_date"):
            self.fields[name].required = volunteer

    def clean_birth_date(self) -> date | None:
        """A volunteer's age still counts after sign-up (R3)."""
        born: date | None = self.cleaned_data["birth_date"]
        if self.volunteer and born is not None and (refusal := too_young(born)):
            raise ValidationError(refusal)
        return born

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name, mobile in (("mobile_phone", True), ("landline_phone", False)):
            if name in self.cleaned_data:
                put_phone(self, name, mobile=mobile)
        return self.cleaned_data

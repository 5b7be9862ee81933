"""The sign-up forms (R2, R3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.people.forms.fields import (
    AddressField,
    BirthDateField,
    NameField,
    PhoneField,
    PostcodeField,
    check_new_password,
    new_password_fields,
    put_phone,
)
from renfort.people.models import Person
from renfort.people.services.profile import too_young

YOU = Section(_("Vous"), ["first_name", "last_name"], pairs=True)
ACCOUNT = Section(_("Votre compte"), ["email", "password1", "password2"])


class AccountForm(OnceForm):
    """What every account needs: a name, an address, a password."""

    first_name = NameField(label=_("Prénom"), widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = NameField(label=_("Nom"), widget=forms.TextInput({"autocomplete": "family-name"}))
    email = AddressField()
    password1, password2 = new_password_fields()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = {name: data.get(name, "") for name in ("first_name", "last_name", "email")}
        check_new_password(self, Person(**names))
        return self.cleaned_data


class ManagerForm(AccountForm):
    """« Inscrire ma structure »: the account of its first manager (R2)."""

    sections = (YOU, ACCOUNT)


class AdultMixin(forms.Form):
    """The facts that the réserve needs of a volunteer (R3)."""

    postcode = PostcodeField(
        label=_("Code postal"), help_text=_("Pour savoir où sont les renforts ; aucune structure ne le voit.")
    )
    birth_date = BirthDateField()
    mobile_phone = PhoneField(
        label=_("Téléphone mobile"), help_text=_("Donné seulement aux structures auxquelles vous proposez votre aide.")
    )

    def clean_birth_date(self) -> date:
        """Joining the réserve requires the operator's minimum age, today in Paris (R3)."""
        born: date = self.cleaned_data["birth_date"]
        if refusal := too_young(born):
            raise ValidationError(refusal)
        return born

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "mobile_phone" in self.cleaned_data:
            put_phone(self, "mobile_phone", mobile=True)
        return self.cleaned_data


class VolunteerForm(AdultMixin, AccountForm):
    """« Je veux aider »: an account and what the réserve needs to know (R3)."""

    field_order = ["first_name", "last_name", "email", "password1", "password2", "postcode", "birth_date", "mobile_phone"]
    sections = (YOU, ACCOUNT, Section(_("Pour la réserve"), ["postcode", "birth_date", "mobile_phone"], pairs=True))


class JoinForm(AdultMixin, forms.Form):
    """Somebody who has an account joins the réserve: only what is not known yet is asked."""

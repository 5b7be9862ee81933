"""« Vous »: who registers the organisation, and how to reach them (R4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import Section
from renfort.people.forms.fields import NameField, PhoneField, put_phone
from renfort.people.models import Person
from renfort.people.services import PersonFacts


class YouForm(forms.Form):
    """Names as they are known, a mobile phone that is required, a landline that is not."""

    mobile_phone = PhoneField(
        label=_("Téléphone mobile"), help_text=_("Pour que les bénévoles acceptés puissent vous joindre ; jamais public.")
    )
    landline_phone = PhoneField(label=_("Téléphone fixe"), required=False)
    first_name = NameField(label=_("Prénom"), widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = NameField(label=_("Nom"), widget=forms.TextInput({"autocomplete": "family-name"}))

    sections = (
        Section(_("Vous joindre"), ["mobile_phone", "landline_phone"], pairs=True),
        Section(_("Votre nom"), ["first_name", "last_name"], pairs=True),
    )

    def __init__(self, data: Any = None, *, person: Person, **kwargs: Any) -> None:
        known = {name: getattr(person, name) for name in self.base_fields}
        super().__init__(data, initial=known, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Numbers are understood as they are dialled where this person lives."""
        super().clean()
        self.cleaned_data["postcode"] = self.person.postcode
        for name, mobile in (("mobile_phone", True), ("landline_phone", False)):
            if name in self.cleaned_data:
                put_phone(self, name, mobile=mobile)
        return self.cleaned_data

    def facts(self) -> PersonFacts:
        """The person with what this step says; call after ``is_valid()``."""
        person, said = self.person, {name: self.cleaned_data[name] for name in self.base_fields}
        return PersonFacts(email=person.email, postcode=person.postcode, birth_date=person.birth_date, **said)

"""The form of the first access (S1)."""

from __future__ import annotations

from typing import Any

from django import forms

from renfort.people.forms.fields import check_new_password, new_password_fields
from renfort.people.models import Person


class FirstAccessForm(forms.Form):
    """A password, twice, for somebody whose name and address are known."""

    password1, password2 = new_password_fields()

    def __init__(self, data: Any = None, *, person: Person, email: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.person, self.email = person, email

    def clean(self) -> dict[str, Any]:
        super().clean()
        known = Person(first_name=self.person.first_name, last_name=self.person.last_name, email=self.email)
        check_new_password(self, known)
        return self.cleaned_data

"""The proof that an account is one's own, before an identity is linked to it (S1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.people.forms.account import checked
from renfort.people.forms.fields import PasswordField
from renfort.people.models import Account


class ProofForm(forms.Form):
    """The password of the account, once. The view has counted the try."""

    password = PasswordField(autocomplete="current-password", label=_("Mot de passe de votre compte"))

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """The present password.

        Raises:
            ValidationError: it is another one.
        """
        return checked(self.account, self.cleaned_data["password"])

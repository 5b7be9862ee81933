"""Sign-in, and asking for a link by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from renfort.people.forms.fields import AddressField, PasswordField
from renfort.people.models import Account


class SignInForm(forms.Form):
    """E-mail and password. A wrong one says the same whether the address is known or not; failures are counted (allauth)."""

    email = AddressField()
    password = PasswordField(autocomplete="current-password", label=_("Mot de passe"))
    account: Account | None = None

    def __init__(self, data: Any = None, *, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.request = request

    def credentials(self) -> dict[str, str]:
        """What the sign-in flow records."""
        return {"email": self.cleaned_data["email"], "password": self.cleaned_data["password"]}

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            adapter = get_adapter()
            self.account = cast("Account | None", adapter.authenticate(self.request, **self.credentials()))
            if self.account is None:
                raise adapter.validation_error("email_password_mismatch")
        return self.cleaned_data


class AddressForm(forms.Form):
    """An address to which a link is sent, when it is one that we know; the page says the same in both cases."""

    email = AddressField()


def typed_address(data: Mapping[str, Any]) -> str:
    """The address that a form was sent with, cleaned; "" when it is none: the form says so, and nobody is counted for it."""
    try:
        return AddressField().clean(data.get("email", ""))
    except ValidationError:
        return ""

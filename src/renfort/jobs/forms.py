"""Forms that create something carry a token: sent twice, they make one object."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms


class OnceForm(forms.Form):
    """A form with a hidden token, made anew for each page and kept when the form comes back with errors."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_form_token(self) -> Any:
        """A form without a token (an old tab, a script) still works; it is only not protected against doubles."""
        return self.cleaned_data.get("form_token") or uuid4()

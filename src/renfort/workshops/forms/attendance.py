"""What is typed on the day of a session: who came, how many, a signature (W6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import StepperInput, Tick
from renfort.workshops.models.attendance import LONGEST_DRAWING, MOST_COUNTED
from renfort.workshops.services.attendance import Arrival


class ArrivalForm(OnceForm):
    """« Dernière minute »: somebody who is there and not on the list; the address is for the certificate, and may be missing."""

    first_name = forms.CharField(label=_("Prénom"), max_length=60)
    last_name = forms.CharField(label=_("Nom"), max_length=60)
    email = forms.EmailField(
        label=_("Adresse e-mail"), max_length=254, required=False, help_text=_("Pour recevoir l'attestation de présence.")
    )
    agrees = forms.BooleanField(
        label=_("La personne accepte que son nom et son adresse servent à la feuille de présence et à l'attestation."),
        widget=Tick(), error_messages={"required": _("Demandez l'accord de la personne, puis cochez la case.")},
    )  # fmt: skip

    def clean_email(self) -> str:
        """In lower case, as the list keeps it."""
        return str(self.cleaned_data["email"]).lower()

    def arrival(self) -> Arrival:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        return Arrival(first_name=said["first_name"], last_name=said["last_name"], email=said["email"])


class SelfEntryForm(ArrivalForm):
    """The same, filled by the person behind the code of the room: the address is asked for, and finds who is on the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("Celle de votre inscription, si vous en avez une.")
        self.fields["agrees"].label = _(
            "J'accepte que mon nom et mon adresse servent à la feuille de présence et à mon attestation."
        )
        self.fields["agrees"].error_messages["required"] = _("Cochez la case pour que votre présence soit notée.")
        for name, known in (("first_name", "given-name"), ("last_name", "family-name"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = known


class CountForm(forms.Form):
    """How many were there in one half-day."""

    half = forms.IntegerField(widget=forms.HiddenInput)
    people = forms.IntegerField(label=_("Nombre de présent·es"), min_value=0, max_value=MOST_COUNTED, widget=StepperInput())


class SignForm(forms.Form):
    """A drawing, or the box that stands for it."""

    path = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_DRAWING)
    agrees = forms.BooleanField(label=_("Je signe"), widget=Tick(), required=False)

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name:
            self.fields["agrees"].label = _("Je signe sans dessiner : %(name)s") % {"name": name}

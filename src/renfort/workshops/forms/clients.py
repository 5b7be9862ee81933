"""The association's forms about a client and its contacts (W11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.organisations.forms.fields import SiretField
from renfort.people.forms.fields import AddressField, NameField, PhoneField, put_phone
from renfort.workshops.enums import Audience
from renfort.workshops.models import Client, ClientContact
from renfort.workshops.services.clients import ContactFacts


class LookUpForm(forms.Form):
    """« Chercher dans l'annuaire »."""

    siret = SiretField(label=_("SIRET"), help_text=_("Quatorze chiffres : l'annuaire public remplit le nom et l'adresse."))


class AudienceForm(forms.Form):
    """What the next orders of a client start with."""

    audience = forms.ChoiceField(
        label=_("Public"), choices=Audience.choices, help_text=_("Les commandes déjà notées gardent le leur.")
    )

    @classmethod
    def of(cls, client: Client, data: Any = None) -> AudienceForm:
        """The form as it stands."""
        return cls(data, initial={"audience": client.audience})


class ContactForm(OnceForm):
    """« Ajouter un contact », « Modifier »."""

    name = NameField(label=_("Nom"))
    function = forms.CharField(label=_("Sa fonction"), max_length=120, required=False)
    email = AddressField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Téléphone"), required=False)
    is_main = forms.BooleanField(
        label=_("Contact principal"), required=False, help_text=_("La personne à appeler d'abord. Il y en a une seule.")
    )

    @classmethod
    def of(cls, contact: ClientContact, data: Any = None) -> ContactForm:
        """The form as the contact stands."""
        names = ("name", "function", "email", "phone", "is_main")
        return cls(data, initial={name: getattr(contact, name) for name in names})

    def clean(self) -> dict[str, Any]:
        """The phone in its stored form."""
        super().clean()
        put_phone(self, "phone", mobile=False)
        return self.cleaned_data

    def facts(self) -> ContactFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        return ContactFacts(**{name: said[name] for name in ("name", "function", "email", "phone", "is_main")})

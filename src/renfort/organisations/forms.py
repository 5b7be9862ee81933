"""The form of an organisation (R5, R6)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.organisations.enums import LegalStatus
from renfort.organisations.services import OrganisationFacts
from renfort.territories.forms import ChosenCommune, CommuneField


class OrganisationForm(OnceForm):
    """One page: who it is, where it acts, what it does. The place is where one acts, not the head office."""

    name = forms.CharField(
        label=_("Nom de la structure"),
        max_length=200,
        help_text=_("Sans sigle si possible : « Secours Bordeaux » plutôt que « SB »."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    legal_status = forms.ChoiceField(label=_("Statut juridique"), choices=[("", _("Choisissez")), *LegalStatus.choices])
    place = CommuneField(
        help_text=_("Là où vous agissez, pas le siège social. Une association nationale sans antenne donne son siège.")
    )
    address = forms.CharField(
        label=_("Adresse"),
        max_length=200,
        required=False,
        help_text=_("Numéro et rue ; « bis » et « ter » conviennent."),
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=1000,
        help_text=_("Deux ou trois lignes, montrées sur chacune de vos missions."),
        widget=forms.Textarea({"rows": "4"}),
    )

    sections = (
        Section(_("Son identité"), ["name", "legal_status"]),
        Section(_("Là où vous agissez"), ["place", "address"]),
        Section(_("Ce que vous faites"), ["description"]),
    )

    def facts(self) -> OrganisationFacts:
        """The cleaned form as the service takes it."""
        data = self.cleaned_data
        place: ChosenCommune = data["place"]
        return OrganisationFacts(
            name=data["name"],
            legal_status=data["legal_status"],
            description=data["description"],
            address=data["address"],
            postcode=place.postcode,
            city=place.commune.name,
            department=place.commune.department_id,
            commune=place.commune.pk,
            latitude=place.commune.latitude,
            longitude=place.commune.longitude,
        )

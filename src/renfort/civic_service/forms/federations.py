"""Forms about federations, their territories and their case managers (S5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.civic_service.enums import FederationKind
from renfort.civic_service.services.federations import FederationFacts
from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.organisations.forms.fields import OrganisationNameField, SiretField
from renfort.organisations.forms.referents import DepartmentsField
from renfort.organisations.services.registering import KnownOrganisation
from renfort.people.forms.fields import AddressField, NameField, PostcodeField
from renfort.territories.selectors import departments

LEGAL_STATUS = "association"  # federations of managing bodies are associations


def routed(**kwargs: Any) -> DepartmentsField:
    """The departments of a federation, as one types them."""
    return DepartmentsField(
        label=_("Départements confiés"), max_length=500, required=False,
        help_text=_("Codes ou noms, séparés par des virgules : 33, 40, Dordogne. Chacun n'est confié qu'à une fédération."),
        **kwargs,
    )  # fmt: skip


class FederationForm(OnceForm):
    """« Nouvelle fédération »."""

    kind = forms.ChoiceField(label=_("Type"), choices=FederationKind.choices)
    name = OrganisationNameField(label=_("Nom"))
    siret = SiretField(
        label=_("SIRET"), required=False, help_text=_("Si la structure est déjà connue ici, ses informations sont reprises.")
    )
    postcode = PostcodeField(label=_("Code postal"), required=False)
    city = forms.CharField(label=_("Ville"), max_length=100)
    department = forms.ChoiceField(label=_("Département du siège"))
    departments = routed()

    sections = (
        Section("", ["kind", "name", "siret"]),
        Section(_("Son siège"), ["postcode", "city", "department"], pairs=True),
        Section(_("Son territoire"), ["departments"]),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choisissez")), *((each.code, f"{each.code} - {each.name}") for each in departments())]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def facts(self) -> FederationFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        known = {name: said[name] for name in ("name", "siret", "postcode", "city", "department")}
        return FederationFacts(
            organisation=KnownOrganisation(legal_status=LEGAL_STATUS, **known), kind=said["kind"], departments=said["departments"]
        )


class RoutesForm(forms.Form):
    """The territory of a federation."""

    departments = routed()


class InviteForm(OnceForm):
    """« Inviter un gestionnaire »."""

    name = NameField(label=_("Nom"))
    email = AddressField(label=_("E-mail"), help_text=_("La personne y reçoit un lien."))

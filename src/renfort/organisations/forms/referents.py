"""The forms of referents: register one, lend a part of a perimeter, say an absence (R50, R65)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section
from renfort.organisations.models import Network, Referent, ReferentInvitation
from renfort.organisations.models.territory import FUNCTION
from renfort.organisations.services.delegations import DelegationFacts
from renfort.organisations.services.referents import ReferentFacts
from renfort.organisations.services.supervisors import SupervisorFacts
from renfort.people.forms.fields import AddressField, NameField
from renfort.people.forms.sign_up import AccountForm
from renfort.people.models import Person
from renfort.territories.selectors import departments, departments_in_words, regions, understand_place

BETWEEN = re.compile(r"[,;\n]+")


class DepartmentsField(forms.CharField):
    """Departments typed by code or name (« 33, 40, Dordogne »), as a tuple of codes in French order."""

    def clean(self, value: Any) -> Any:
        """The codes.

        Raises:
            ValidationError: a word that is no department, with the word.
        """
        typed = str(super().clean(value))
        found: set[str] = set()
        for word in filter(None, (each.strip() for each in BETWEEN.split(typed))):
            code = next((each.code for each in departments() if each.code == word.upper()), None)
            place = None if code else understand_place(word)
            if code is None and (place is None or place.commune_codes or len(place.department_codes) != 1):
                code = next((each.code for each in departments() if each.name.casefold() == word.casefold()), None)
                if code is None:
                    raise forms.ValidationError(_("« %(word)s » n'est pas un département.") % {"word": word[:60]})
            found.add(code or (place.department_codes[0] if place else ""))
        return tuple(each.code for each in departments() if each.code in found)


class PerimeterForm(OnceForm):
    """A function, and one region or some departments."""

    function = forms.CharField(
        label=gettext_lazy("Fonction"),
        help_text=gettext_lazy("Par exemple « Déléguée départementale à la vie associative »."),
        max_length=FUNCTION,
    )
    region = forms.ChoiceField(label=gettext_lazy("Région"), required=False)
    departments = DepartmentsField(
        label=gettext_lazy("Départements"),
        help_text=gettext_lazy(
            "Codes ou noms, séparés par des virgules : 33, 40, Dordogne. Laissez vide pour une région entière."
        ),
        max_length=500,
        required=False,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [("", _("Aucune : des départements")), *((each.code, each.name) for each in regions())]
        self.fields["region"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """A region or departments, never both and never neither."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        region, codes = said.get("region"), said.get("departments")
        if region and codes:
            self.add_error("departments", _("Choisissez une région ou des départements, pas les deux."))
        elif not region and not codes and "departments" not in self.errors:
            self.add_error("departments", _("Dites au moins un département, ou choisissez une région."))
        return said


class ReferentForm(PerimeterForm):
    """« + Inviter un référent »."""

    field_order = ("first_name", "last_name", "email", "function", "region", "departments")

    first_name = NameField(label=gettext_lazy("Prénom"))
    last_name = NameField(label=gettext_lazy("Nom"))
    email = AddressField(label=gettext_lazy("Adresse email"), help_text=gettext_lazy("La personne y reçoit un lien."))

    sections = (
        Section(gettext_lazy("Qui nommez-vous ?"), ["first_name", "last_name"], pairs=True),
        Section("", ["email", "function"]),
        Section(gettext_lazy("Son territoire"), ["region", "departments"]),
    )

    def facts(self) -> ReferentFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        return ReferentFacts(
            **{name: said[name] for name in ("first_name", "last_name", "email", "function", "region", "departments")}
        )


class SupervisorForm(OnceForm):
    """« + Inviter un superviseur » (R56)."""

    field_order = ("first_name", "last_name", "email", "network")

    first_name = NameField(label=gettext_lazy("Prénom"))
    last_name = NameField(label=gettext_lazy("Nom"))
    email = AddressField(label=gettext_lazy("Adresse email"), help_text=gettext_lazy("La personne y reçoit un lien."))
    network = forms.ModelChoiceField(
        label=gettext_lazy("Réseau national"),
        queryset=Network.objects.filter(is_active=True),
        empty_label=gettext_lazy("Choisissez"),
    )

    sections = (
        Section(gettext_lazy("Qui nommez-vous ?"), ["first_name", "last_name"], pairs=True),
        Section("", ["email", "network"]),
    )

    def facts(self) -> SupervisorFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return SupervisorFacts(**{name: self.cleaned_data[name] for name in self.field_order})


class ReferentChangeForm(PerimeterForm):
    """The function and the territory of somebody who is referent."""

    sections = (
        Section("", ["function"]),
        Section(gettext_lazy("Son territoire"), ["region", "departments"]),
    )

    def __init__(self, data: Any = None, *, referent: Referent, codes: Sequence[str], **kwargs: Any) -> None:
        known = {
            "function": referent.function,
            "region": referent.region_id or "",
            "departments": "" if referent.region_id else ", ".join(codes),
        }
        super().__init__(data, initial=known, **kwargs)


class InvitedReferentForm(AccountForm):
    """The account of somebody invited to be referent; the invitation says the name and the address, both may be changed."""

    sections = (
        Section(gettext_lazy("Vous"), ["first_name", "last_name"], pairs=True),
        Section(gettext_lazy("Votre compte"), ["email", "password1", "password2"]),
    )

    def __init__(self, data: Any = None, *, invitation: ReferentInvitation, **kwargs: Any) -> None:
        known = {name: getattr(invitation, name) for name in ("first_name", "last_name", "email")}
        super().__init__(data, initial=known, **kwargs)
        self.fields["email"].help_text = _(
            "Avec une autre adresse que celle de l'invitation, nous vous enverrons un lien pour la confirmer."
        )


# ── delegations and absences (R65) ────────────────────────────────────────────────────────────────
def _colleagues(found: Sequence[Referent], places: dict[int, list[str]]) -> list[tuple[str, str]]:
    return [
        (str(each.person_id), f"{each.person.full_name} ({departments_in_words(places.get(each.person_id, []))})")
        for each in found
    ]


class DelegationForm(OnceForm):
    """« Déléguer »: which part, when, to whom."""

    departments = forms.MultipleChoiceField(label=gettext_lazy("Départements"), widget=forms.CheckboxSelectMultiple)
    domains = forms.MultipleChoiceField(
        label=gettext_lazy("Domaines"),
        help_text=gettext_lazy(
            "Aucun coché : tous les domaines, et les structures. Avec des domaines, leurs missions seulement."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    starts_on = forms.DateField(label=gettext_lazy("Du"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Au"), widget=DateInput())
    receiver = forms.ChoiceField(label=gettext_lazy("À qui"), required=False)
    first_name = NameField(label=gettext_lazy("Prénom"), required=False)
    last_name = NameField(label=gettext_lazy("Nom"), required=False)
    email = AddressField(label=gettext_lazy("Adresse email"), required=False)

    def __init__(
        self, data: Any = None, *, codes: Sequence[str], domains: Sequence[tuple[int, str]], colleagues: Sequence[Referent],
        places: dict[int, list[str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        named = [(each.code, str(each)) for each in departments() if each.code in codes]
        self.fields["departments"].choices = named  # type: ignore[attr-defined]  # a choice field
        self.fields["departments"].initial = list(codes)
        self.fields["domains"].choices = [(str(pk), label) for pk, label in domains]  # type: ignore[attr-defined]  # a choice field
        somebody = ("", _("Quelqu'un d'autre, que j'invite"))
        self.fields["receiver"].choices = [somebody, *_colleagues(colleagues, places)]  # type: ignore[attr-defined]  # a choice field
        self.people = {str(each.person_id): each.person for each in colleagues}

    @property
    def sections(self) -> tuple[Section, ...]:
        """Who, when, what; the invitation under it."""
        return (
            Section("", ["receiver"]),
            Section(_("Ou qui inviter"), ["first_name", "last_name"], pairs=True),
            Section("", ["email"]),
            Section(
                _("Quand"), ["starts_on", "ends_on"], _("Ces deux jours compris, à l'heure de chaque département."), pairs=True
            ),
            Section(_("Quelle part du territoire"), ["departments", "domains"]),
        )

    def clean(self) -> dict[str, Any]:
        """Somebody: a colleague, or a name with an address."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("receiver"):
            for name, words in (("first_name", _("Prénom")), ("last_name", _("Nom")), ("email", _("Adresse email"))):
                if not said.get(name) and name not in self.errors:
                    missing = _("%(field)s : dites qui vous invitez, ou choisissez un référent plus haut.")
                    self.add_error(name, missing % {"field": words})
        elif said.get("email"):
            self.add_error("email", _("Vous avez choisi un référent : laissez ce champ vide, ou choisissez d'inviter quelqu'un."))
        return said

    def facts(self) -> DelegationFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        receiver: Person | None = self.people.get(said["receiver"])
        return DelegationFacts(
            departments=tuple(said["departments"]),
            domains=tuple(int(each) for each in said["domains"]),
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            receiver=receiver,
            first_name=said["first_name"],
            last_name=said["last_name"],
            email=said["email"],
        )


class AbsenceForm(forms.Form):
    """« Je serai absent·e »: from, until, who answers. Empty: I am here."""

    absent_from = forms.DateField(label=gettext_lazy("Du"), widget=DateInput(), required=False)
    absent_until = forms.DateField(label=gettext_lazy("Au"), widget=DateInput(), required=False)
    deputy = forms.ChoiceField(
        label=gettext_lazy("Qui vous remplace"),
        help_text=gettext_lazy("Son nom est donné aux structures. Pour prêter aussi vos droits, déléguez."),
        required=False,
    )
    sections = (Section("", ["absent_from", "absent_until"], pairs=True), Section("", ["deputy"]))

    def __init__(
        self, data: Any = None, *, referent: Referent, colleagues: Sequence[Referent], places: dict[int, list[str]], **kwargs: Any
    ) -> None:
        known = {
            "absent_from": referent.absent_from,
            "absent_until": referent.absent_until,
            "deputy": str(referent.deputy_id or ""),
        }
        super().__init__(data, initial=known, **kwargs)
        self.fields["deputy"].choices = [("", _("Personne")), *_colleagues(colleagues, places)]  # type: ignore[attr-defined]  # a choice field
        self.people = {str(each.person_id): each.person for each in colleagues}

    def clean(self) -> dict[str, Any]:
        """Both days or none, in their order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("absent_from"), said.get("absent_until")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("absent_until" if first else "absent_from", _("Dites le premier et le dernier jour."))
        elif first and last and last < first:
            self.add_error("absent_until", _("La fin de l'absence vient après son début : vérifiez les deux dates."))
        return said

    @property
    def chosen(self) -> Person | None:
        """Who answers meanwhile; call after ``is_valid()``."""
        return self.people.get(self.cleaned_data["deputy"])

"""What a network says of a branch, in a form or in a line of a file, and what the branch finds filled in (R56)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.kernel.imports import ImportColumn
from renfort.kernel.tables import bare
from renfort.kernel.templatetags.ui import number
from renfort.organisations.forms.fields import OrganisationNameField, RnaField, SiretField
from renfort.organisations.models import BranchInvitation, Draft
from renfort.organisations.selectors import statuses, types
from renfort.organisations.selectors.branches import branch_in_draft
from renfort.people.forms.fields import AddressField, NameField, PostcodeField
from renfort.people.forms.sign_up import AccountForm
from renfort.territories.selectors import departments

SHORT_POSTCODE, SHORT_DEPARTMENT = 4, 1  # digits left when a spreadsheet has taken the leading zero away


class CellPostcodeField(PostcodeField):
    """A postcode as spreadsheets keep it: « 1000 » is 01000."""

    def clean(self, value: Any) -> str:
        said = "".join(str(value or "").split())
        return super().clean(said.zfill(5) if said.isdecimal() and len(said) == SHORT_POSTCODE else said)


class DepartmentField(forms.CharField):
    """A department by code or name (« 33 », « Gironde », « 33 - Gironde », « 1 » for Ain); cleans to its code."""

    @cached_property
    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for each in departments():
            known |= {bare(each.code): each.code, bare(each.name): each.code, bare(str(each)): each.code}
        return known

    def clean(self, value: Any) -> str:
        said = bare(super().clean(value))
        code = self._known.get(said.zfill(2) if said.isdecimal() and len(said) == SHORT_DEPARTMENT else said, "")
        if said and not code:
            raise ValidationError(_("Ce département est inconnu : écrivez son numéro ou son nom, comme 33 ou Gironde."))
        return code


class ListedField(forms.CharField):
    """An entry of one of the operator's lists by its words or its key; cleans to the key."""

    def __init__(self, *, entries: Callable[[], Sequence[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._entries = entries

    @cached_property
    def _known(self) -> dict[str, str]:
        return {bare(said): each.key for each in self._entries() for said in (each.key, each.label_fr, each.label_en) if said}

    def clean(self, value: Any) -> str:
        said = bare(super().clean(value))
        if said and said not in self._known:
            names = ", ".join(str(each.label) for each in list(self._entries())[:6])
            raise ValidationError(
                _("Ce choix n'est pas dans la liste (%(names)s…) : écrivez-le comme elle, ou laissez la case vide.")
                % {"names": names}
            )
        return self._known.get(said, "")


class CityField(forms.CharField):
    """A city as an address writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)
        self.error_messages["max_length"] = _("100 caractères au plus : écrivez le nom de la ville.")


def _name() -> forms.Field:
    return OrganisationNameField(label=gettext_lazy("Nom de l'antenne"))


def _person(label: Any) -> Callable[[], forms.Field]:
    return lambda: NameField(label=label, required=False)


def _address() -> forms.Field:
    return AddressField(label=gettext_lazy("E-mail du contact"))


def _column(key: str, label: Any, field: Callable[[], forms.Field], spellings: str = "", **more: Any) -> ImportColumn:
    """``spellings``: other titles, with commas between."""
    return ImportColumn(key=key, label=label, field=field, spellings=tuple(spellings.split(", ")) if spellings else (), **more)


def branch_columns() -> list[ImportColumn]:
    """What a file may say of each branch, in the order of the model."""
    return [
        _column(
            "name", gettext_lazy("Nom de l'antenne"), _name, example="Secours Exemple – Bordeaux",
            spellings="nom, antenne, structure, nom de la structure, délégation, comité, raison sociale, branch, name",
        ),
        _column(
            "first_name", gettext_lazy("Prénom du contact"), _person(gettext_lazy("Prénom du contact")), example="Awa",
            is_contact=True, spellings="prénom, prénom contact, prénom responsable, first name",
        ),
        _column(
            "last_name", gettext_lazy("Nom du contact"), _person(gettext_lazy("Nom du contact")), example="Diallo",
            is_contact=True, spellings="nom contact, nom de famille, nom responsable, contact, responsable, last name",
        ),
        _column(
            "email", gettext_lazy("E-mail du contact"), _address, example="bordeaux@exemple.fr", is_contact=True,
            spellings="email, e-mail, mail, courriel, adresse email, adresse mail, adresse e-mail, mél, email contact",
        ),
        _column(
            "department", gettext_lazy("Département"), lambda: DepartmentField(required=False), example="33",
            help=gettext_lazy("Ou le code postal et la ville."),
            spellings="dept, dép, dpt, code département, département (numéro), department",
        ),
        _column(
            "postcode", gettext_lazy("Code postal"), lambda: CellPostcodeField(required=False), example="33000",
            spellings="cp, postal, postcode, zip",
        ),
        _column(
            "city", gettext_lazy("Ville"), lambda: CityField(required=False), example="Bordeaux",
            spellings="commune, localité, city, town",
        ),
        _column(
            "siret", gettext_lazy("SIRET"), lambda: SiretField(required=False),
            spellings="n° siret, numéro siret, siret (14 chiffres)",
        ),
        _column("rna", gettext_lazy("Numéro RNA"), lambda: RnaField(required=False), spellings="rna, n° rna, waldec"),
        _column(
            "legal_status", gettext_lazy("Statut juridique"), lambda: ListedField(entries=statuses, required=False),
            spellings="statut, forme juridique, status, legal status",
        ),
        _column("type", gettext_lazy("Type de structure"), lambda: ListedField(entries=_tops, required=False), spellings="type"),
    ]  # fmt: skip


def _tops() -> list[Any]:
    return [each for each in types() if each.parent_id is None]


class KindForm(forms.Form):
    """What goes for every branch whose line says nothing of it; the branch may say otherwise."""

    legal_status = forms.ChoiceField(
        label=gettext_lazy("Statut juridique, s'il n'est pas dans le fichier"),
        help_text=gettext_lazy("Proposé à chaque antenne, qui peut en choisir un autre."),
        required=False,
    )

    def __init__(self, *args: Any, otherwise: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status: Any = self.fields["legal_status"]
        status.choices = [("", _("L'antenne choisira")), *((each.key, each.label) for each in statuses())]
        if otherwise:
            words = ngettext(
                "Proposer aussi à %(n)s structure déjà inscrite de rejoindre le réseau",
                "Proposer aussi aux %(n)s structures déjà inscrites de rejoindre le réseau",
                otherwise,
            )
            self.fields["ask"] = forms.BooleanField(
                label=words % {"n": number(otherwise)},
                required=False,
                help_text=_("Un de leurs responsables accepte ou décline."),
            )


class BranchForm(OnceForm):
    """« Inviter une antenne »: the columns of the file, one branch."""

    name = OrganisationNameField(label=gettext_lazy("Nom de l'antenne"))
    email = AddressField(label=gettext_lazy("E-mail du contact"), help_text=gettext_lazy("Un lien y part, valable 30 jours."))
    first_name = NameField(label=gettext_lazy("Prénom du contact"), required=False)
    last_name = NameField(label=gettext_lazy("Nom du contact"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Département"), required=False)
    postcode = CellPostcodeField(label=gettext_lazy("Code postal"), required=False)
    city = CityField(label=gettext_lazy("Ville"), required=False)
    siret = SiretField(label=gettext_lazy("SIRET"), required=False)
    rna = RnaField(label=gettext_lazy("Numéro RNA"), required=False)
    legal_status = forms.ChoiceField(label=gettext_lazy("Statut juridique"), required=False)

    sections = (
        Section(
            gettext_lazy("L'antenne"),
            ["name", "postcode", "city", "department"],
            fold=gettext_lazy("SIRET, RNA et statut"),
            folded=["siret", "rna", "legal_status"],
        ),
        Section(gettext_lazy("Qui invitez-vous ?"), ["first_name", "last_name"], pairs=True),
        Section("", ["email"]),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where: Any = self.fields["department"]
        where.choices = [("", _("Celui du code postal")), *((each.code, str(each)) for each in departments())]
        status: Any = self.fields["legal_status"]
        status.choices = [("", _("L'antenne choisira")), *((each.key, each.label) for each in statuses())]

    def values(self) -> dict[str, Any]:
        """The clean data as a line of a file has it; call after ``is_valid()``."""
        return {column.key: self.cleaned_data.get(column.key, "") for column in branch_columns()}


class InvitedBranchForm(AccountForm):
    """The account of somebody invited by a network; the invitation says the name and the address, all may be changed."""

    sections = (
        Section(gettext_lazy("Vous"), ["first_name", "last_name"], pairs=True),
        Section(gettext_lazy("Votre compte"), ["email", "password1", "password2"]),
    )

    def __init__(self, data: Any = None, *, invitation: BranchInvitation, **kwargs: Any) -> None:
        known = {name: getattr(invitation, name) for name in ("first_name", "last_name", "email")}
        super().__init__(data, initial=known, **kwargs)
        self.fields["email"].help_text = _(
            "Avec une autre adresse que celle de l'invitation, nous vous enverrons un lien pour la confirmer."
        )


# ── what the branch finds filled in ───────────────────────────────────────────────────────────────
def about_of_branch(draft: Draft) -> dict[str, Any]:
    """The step « Votre structure » as the network filled it; {} when no network invited."""
    found = branch_in_draft(draft)
    if found is None:
        return {}
    said = {name: getattr(found, name) for name in ("name", "siret", "rna", "legal_status", "type")}
    return {**said, "networks": [found.network.key]}


def place_of_branch(draft: Draft) -> dict[str, Any]:
    """The step « Le lieu », likewise."""
    found = branch_in_draft(draft)
    if found is None:
        return {}
    return {"department": found.department_id, "postcode": found.postcode, "city": found.city}

"""The forms of an establishment's record and of its people (S2, S4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.civic_service.enums import PostRole
from renfort.civic_service.models import Establishment, Post
from renfort.civic_service.selectors.identifiers import is_uai, uai_letter
from renfort.civic_service.selectors.posts import account_of_person, email_of, phone_of, posts_in_force
from renfort.civic_service.selectors.records import PLACE, is_fed, school_year
from renfort.civic_service.services.posts import PersonFacts
from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.organisations.forms.fields import OrganisationNameField, SiretField
from renfort.people.forms.fields import AddressField, NameField, PhoneField, PostcodeField, in_e164
from renfort.people.models import Person

MOST_PUPILS = 20000


class UaiField(forms.CharField):
    """A « code RNE » as it is typed, with spaces and small letters or without; cleans to seven digits and their letter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}), **kwargs)

    def clean(self, value: Any) -> str:
        code = "".join(super().clean(value).split()).upper()
        if not code or is_uai(code):
            return code
        if len(code) == 8 and code[:7].isascii() and code[:7].isdigit():  # noqa: PLR2004 -- seven digits and a letter
            raise ValidationError(
                _("Ce code n'est pas exact : avec ces sept chiffres, la lettre serait %(letter)s."),
                params={"letter": uai_letter(code[:7])},
            )
        raise ValidationError(_("Un code RNE (UAI) a sept chiffres puis une lettre, comme 0951099D."))


class RecordForm(forms.Form):
    """« Corriger la fiche »: only what the directory is not the master of; anything may still be left for later."""

    sections = (
        Section(_("L'organisme de gestion"), ["managing_body", "siret"]),
        Section(_("L'établissement"), ["uai", "address", "postcode", "city", "phone", "email"]),
        Section(_("La rentrée et le chef d'établissement"), ["enrolment", "head"]),
    )
    managing_body = OrganisationNameField(
        label=_("Nom exact de l'organisme de gestion (OGEC)"),
        required=False,
        help_text=_("Tel qu'il est écrit dans ses statuts."),
    )
    siret = SiretField(
        label=_("SIRET de l'organisme de gestion"), required=False, help_text=_("Quatorze chiffres, avec ou sans espaces.")
    )
    uai = UaiField(label=_("Code RNE (UAI)"), required=False, help_text=_("Sept chiffres puis une lettre, comme 0951099D."))
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False, help_text=_("Le numéro et la rue."))
    postcode = PostcodeField(label=_("Code postal"), required=False)
    city = forms.CharField(label=_("Commune"), max_length=100, required=False)
    phone = PhoneField(label=_("Téléphone de l'établissement"), required=False)
    email = AddressField(label=_("E-mail de l'établissement"), required=False)
    enrolment = forms.IntegerField(label=_("Effectif de rentrée"), required=False, min_value=1, max_value=MOST_PUPILS)
    head = forms.ModelChoiceField(
        Person.objects.none(), label=_("Chef d'établissement"), required=False, empty_label=_("Pas encore dit"),
        help_text=_("Parmi l'équipe de l'établissement : ajoutez d'abord la personne si elle n'y est pas."),
    )  # fmt: skip

    def __init__(self, *args: Any, establishment: Establishment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.where = establishment
        year = school_year(establishment)
        self.fields["enrolment"].help_text = _("Le nombre d'élèves de l'année scolaire %(year)s.") % {
            "year": f"{year}-{year + 1}"
        }
        people: Any = self.fields["head"]
        wanted = [post.person_id for post in posts_in_force(establishment)]
        if establishment.head_id is not None:
            wanted.append(establishment.head_id)
        people.queryset = Person.objects.filter(pk__in=wanted).order_by("last_name", "first_name")
        people.label_from_instance = lambda person: person.full_name
        for name in list(self.fields):
            if is_fed(establishment, "address" if name in PLACE else name):
                del self.fields[name]

    @classmethod
    def of(cls, establishment: Establishment, data: Any = None) -> RecordForm:
        """The form as the record stands; an enrolment of a past year is asked anew."""
        where = establishment.organisation
        names = ("managing_body", "siret", "uai", "phone", "email")
        shown = {name: getattr(establishment, name) for name in names}
        shown |= {"address": where.address, "postcode": where.postcode, "city": where.city, "head": establishment.head_id}
        if establishment.enrolment_year is not None and establishment.enrolment_year >= school_year(establishment):
            shown["enrolment"] = establishment.enrolment
        return cls(data, initial=shown, establishment=establishment)

    def clean(self) -> dict[str, Any]:
        """The phone in its stored form, of the establishment's part of the world."""
        super().clean()
        if "phone" in self.fields and "phone" not in self.errors:
            near = self.cleaned_data.get("postcode") or self.where.organisation.postcode
            try:
                self.cleaned_data["phone"] = in_e164(self.cleaned_data.get("phone") or "", postcode=near, mobile=False)
            except ValidationError as error:
                self.add_error("phone", error)
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What was sent, as the service takes it; a field that the form did not carry stays as it is. After ``is_valid()``."""
        said = {name: value for name, value in self.cleaned_data.items() if name in self.fields and name in self.data}
        if "head" in said:
            head = said.pop("head")
            said["head_id"] = head.pk if head is not None else None
        return said


def _phone(form: forms.Form, near: str) -> None:
    """Put the typed number where it belongs: ``mobile_phone`` or ``landline_phone`` of the clean data, the other one empty."""
    form.cleaned_data |= {"mobile_phone": "", "landline_phone": ""}
    typed = form.cleaned_data.get("phone") or ""
    if not typed:
        return
    try:
        form.cleaned_data["mobile_phone"] = in_e164(typed, postcode=near, mobile=True)
    except ValidationError:
        try:
            form.cleaned_data["landline_phone"] = in_e164(typed, postcode=near, mobile=False)
        except ValidationError as error:
            form.add_error("phone", error)


class PersonForm(OnceForm):
    """« Ajouter une personne »: the phone may come later, but nobody is chosen without one."""

    role = forms.ChoiceField(label=_("Rôle"), choices=PostRole.choices, widget=forms.RadioSelect, initial=PostRole.TUTOR)
    first_name = NameField(label=_("Prénom"))
    last_name = NameField(label=_("Nom"))
    function = forms.CharField(
        label=_("Fonction"), max_length=120, required=False, help_text=_("« Professeure documentaliste ».")
    )
    email = AddressField(label=_("E-mail"), help_text=_("La personne y reçoit de quoi entrer."))
    phone = PhoneField(
        label=_("Téléphone"), required=False, help_text=_("Sans téléphone, la personne ne peut pas être choisie dans un projet.")
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near

    def clean(self) -> dict[str, Any]:
        """The phone in its stored form."""
        super().clean()
        if "phone" not in self.errors:
            _phone(self, self.near)
        return self.cleaned_data

    def facts(self) -> PersonFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        names = ("first_name", "last_name", "email", "mobile_phone", "landline_phone")
        return PersonFacts(**{name: self.cleaned_data[name] for name in names})


class ReachForm(forms.Form):
    """« Compléter »: how to reach somebody of the team, and their function; only what may be said here."""

    function = forms.CharField(label=_("Fonction"), max_length=120, required=False)
    email = AddressField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Téléphone"), required=False)

    def __init__(self, data: Any = None, *, post: Post, near: str = "") -> None:
        shown = {"function": post.function, "email": email_of(post.person), "phone": phone_of(post.person)}
        super().__init__(data, initial=shown)
        self.near = near
        for name in ("function", "email", "phone"):
            if not may_say(post, name):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The phone in its stored form."""
        super().clean()
        if "phone" in self.fields and "phone" not in self.errors:
            _phone(self, self.near)
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What the service takes: None for what this form does not ask; call after ``is_valid()``."""
        said = self.cleaned_data
        asks_phone = "phone" in self.fields
        return {
            "function": said.get("function") if "function" in self.fields else None,
            "email": said.get("email") if "email" in self.fields else None,
            "mobile": said.get("mobile_phone") if asks_phone else None,
            "landline": said.get("landline_phone") if asks_phone else None,
        }


def may_say(post: Post, name: str) -> bool:
    """Whether a fact of a colleague is said here: the directory's and the account holder's own are not overwritten (S1)."""
    is_local, has_account = post.source != "directory", account_of_person(post.person) is not None
    if name == "function":
        return is_local
    if name == "phone":
        return (is_local and not has_account) or not phone_of(post.person)
    return not has_account and (is_local or not post.person.email)


class SuccessorForm(forms.Form):
    """« Confier à »: somebody of the same role who can be chosen."""

    by = forms.TypedChoiceField(
        label=_("À qui confier ces projets ?"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une personne."), "invalid_choice": _("Choisissez une personne de la liste.")},
    )  # fmt: skip
    ends = forms.BooleanField(label=_("Retirer aussi son rôle à la personne remplacée"), required=False, initial=True)

    def __init__(self, *args: Any, posts: list[Post], has_ended: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by: Any = self.fields["by"]
        by.choices = [(post.pk, post.person.full_name) for post in posts]
        if has_ended:
            del self.fields["ends"]

"""The forms that say what a mission is: itself, its contacts, its other addresses (R10, R11, R12)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section, StepperInput
from renfort.kernel.templatetags.ui import illustration
from renfort.missions.enums import Format, Presence
from renfort.missions.models import Domain, Mission, MissionTemplate
from renfort.missions.selectors.mission import active_domains, active_publics
from renfort.missions.services.mission import AddressFacts, ContactFacts, MissionFacts
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.territories.forms import AddressForm, ChosenAddress, PlaceNeed, initial_place
from renfort.territories.models import Department
from renfort.territories.selectors.outlines import neighbours

TITLE_LENGTH = 80
MOST_PLACES = 10_000
WHOLE_NUMBER = _("Écrivez un nombre entier entre 1 et 10\u00a0000.")
TO_PROPOSE = ("starts_on", "ends_on", "description", "safety", "conforms", "address", "city")  # a draft may lack them


class MissionForm(AddressForm, OnceForm):
    """What an organisation says of a mission. ``strict``: complete enough to be proposed; a draft may lack most of it."""

    place_is_expected = False  # only to propose it

    domain = forms.ChoiceField(label=_("Domaine d'action"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Titre"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("80 caractères au plus. Laissé vide, il reprend le nom du domaine."),
    )
    presence = forms.ChoiceField(
        label=_("Type de mission"), choices=Presence.choices, widget=forms.RadioSelect, initial=Presence.ON_SITE
    )
    format = forms.ChoiceField(
        label=_("Format de mission"), choices=Format.choices, widget=forms.RadioSelect, initial=Format.ONE_OFF
    )
    places = forms.IntegerField(
        label=_("Nombre de volontaires susceptibles d'être accueillis de façon concomitante sur cette mission"),
        min_value=1,
        max_value=MOST_PLACES,
        initial=1,
        widget=StepperInput,
        error_messages={
            name: _("Écrivez un nombre entier entre 1 et 10\u00a0000.") for name in ("min_value", "max_value", "invalid")
        },
    )
    starts_on = forms.DateField(label=_("Date de début"), required=False, widget=DateInput)
    ends_on = forms.DateField(label=_("Date de fin"), required=False, widget=DateInput)
    schedule = forms.CharField(
        label=_("Informations complémentaires concernant les dates et horaires de la mission"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    description = forms.CharField(
        label=_("Commentaire par la structure"),
        help_text=_("Le contexte, les objectifs, ce que feront les bénévoles, en quoi c'est utile, les moyens donnés."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    safety = forms.CharField(
        label=_("Dispositions prises pour la sécurité et l'encadrement"),
        help_text=_("Nécessaire pour une mission en présentiel."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    conforms = forms.BooleanField(
        label=_("La mission respecte les règles de son domaine"),
        help_text=_("Les règles de chaque domaine sont rappelées à côté du formulaire."),
        required=False,
    )
    publics = forms.MultipleChoiceField(label=_("Public bénéficiaire"), required=False, widget=forms.CheckboxSelectMultiple)
    responsible = forms.ChoiceField(
        label=_("Responsable de la mission"), help_text=_("Prévenu de chaque proposition d'aide et de chaque désistement.")
    )
    deputies = forms.MultipleChoiceField(
        label=_("Autres responsables"),
        help_text=_("Prévenus eux aussi de chaque proposition d'aide."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    sections = (
        Section(_("Le domaine"), ["domain"]),
        Section(_("L'essentiel"), ["title", "presence", "format", "places"]),
        Section(_("Les dates"), ["starts_on", "ends_on", "schedule"], pairs=True),
        Section(_("La mission"), ["description", "publics"]),
        Section(_("La sécurité"), ["safety", "conforms"]),
        AddressForm.place_section(
            _("Le lieu"),
            help=_("Là où l'aide est donnée, pas le siège. À distance, seul le département compte."),
        ),
        Section(_("Les responsables"), ["responsible", "deputies"]),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organisation: Organisation,
        team: list[Person],
        strict: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, place_fallback=organisation.department_id, **kwargs)
        self.order_fields([name for section in self.sections for name in (*section.fields, *section.folded)])
        self.organisation, self.team, self.strict = organisation, team, strict
        # what the operator withdrew since stays with the mission that has it (R58)
        self.domains = {domain.key: domain for domain in active_domains(also=[str(self.initial.get("domain", ""))])}
        self.served = {public.key: public for public in active_publics(also=self.initial.get("publics", ()))}
        self._choices("domain", [(key, _pictured(domain)) for key, domain in self.domains.items()])
        self._choices("publics", [(key, public.label) for key, public in self.served.items()])
        people = [(str(person.pk), person.full_name) for person in team]
        self._choices("responsible", people)
        self._choices("deputies", people)
        for name in TO_PROPOSE:
            self.fields[name].to_propose = True  # type: ignore[attr-defined]  # read by the field's template
        if strict:
            for name in ("starts_on", "ends_on", "description"):
                self.fields[name].required = True

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def is_remote(self) -> bool:
        """Whether the mission is at a distance, as far as one knows."""
        return bool(self.cleaned_data.get("presence") == Presence.REMOTE)

    def place_need(self) -> PlaceNeed:
        """R11: the whole place where people meet, the department alone at a distance; a draft may wait."""
        if self.cleaned_data.get("presence") == Presence.REMOTE:
            return PlaceNeed.DEPARTMENT
        return PlaceNeed.WHOLE if self.strict else PlaceNeed.WHATEVER

    def clean(self) -> dict[str, Any]:
        """Say everything that is missing at once, each beside its field."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("La date de fin précède la date de début."))
        for name in ("starts_on", "ends_on"):
            day = data.get(name)
            if day and not 2000 <= day.year <= 2100:  # noqa: PLR2004 -- a typing error, not a mission
                self.add_error(name, _("Vérifiez l'année : %(year)s n'est pas possible.") % {"year": day.year})
        domain = self.domains.get(str(data.get("domain")))
        if domain is not None and not domain.remote_allowed and data.get("presence") == Presence.REMOTE:
            self.add_error("presence", _("Dans ce domaine, les missions ont lieu sur place, pas à distance."))
        if self.strict:
            self._demand_the_rest(data)
        return data

    def _demand_the_rest(self, data: dict[str, Any]) -> None:
        if data.get("presence") == Presence.ON_SITE and not data.get("safety") and "safety" not in self.errors:
            self.add_error("safety", _("Dites comment les bénévoles sont encadrés et protégés."))
        if not data.get("conforms"):
            self.add_error("conforms", _("Confirmez que la mission respecte les règles de son domaine."))

    def facts(self, contacts: list[ContactFacts], addresses: list[AddressFacts] | None = None) -> MissionFacts:
        """The clean data, as the services take it; call after ``is_valid()``. ``addresses`` None: they stay as they are."""
        data = self.cleaned_data
        domain = self.domains[data["domain"]]
        place: ChosenAddress = data["place"]
        return MissionFacts(
            domain=domain,
            title=data["title"] or default_title(domain),
            presence=data["presence"],
            format=data["format"],
            places=data["places"],
            responsible=next(person for person in self.team if str(person.pk) == data["responsible"]),
            department=place.department,
            starts_on=data.get("starts_on"),
            ends_on=data.get("ends_on"),
            schedule=data["schedule"],
            description=data["description"],
            safety=data["safety"],
            address=place.address,
            postcode=place.postcode,
            city=place.city,
            commune=place.commune.pk if place.commune else None,
            latitude=place.latitude,
            longitude=place.longitude,
            conforms=bool(data.get("conforms")),
            publics=[self.served[key] for key in data["publics"]],
            contacts=contacts,
            deputies=[
                person for person in self.team if str(person.pk) in data["deputies"] and str(person.pk) != data["responsible"]
            ],
            addresses=[] if data["presence"] == Presence.REMOTE and addresses is not None else addresses,
        )


def _pictured(domain: Domain) -> str:
    """The domain's sentence beside its picture."""
    return format_html("{}<span>{}</span>", illustration(domain.illustration), domain.label)


def default_title(domain: Domain) -> str:
    """The domain's label when it fits in a title, else its short name (R10)."""
    return domain.label if len(domain.label) <= TITLE_LENGTH else domain.short


def initial_of(mission: Mission) -> dict[str, Any]:
    """The form filled with a mission as it is."""
    names = (
        "title",
        "presence",
        "format",
        "places",
        "starts_on",
        "ends_on",
        "schedule",
        "description",
        "safety",
    )
    return {
        **initial_place(mission),
        **{name: getattr(mission, name) for name in names},
        "domain": mission.domain.key,
        "conforms": mission.rules_at is not None,
        "publics": [public.key for public in mission.publics.all()],
        "responsible": str(mission.responsible_id),
        "deputies": [str(person.pk) for person in mission.deputies.all()],
    }


def initial_of_template(template: MissionTemplate) -> dict[str, Any]:
    """The form filled with what missions of this kind usually say (R66)."""
    return {
        **{name: template.words(name) for name in ("title", "schedule", "description", "safety")},
        **{name: getattr(template, name) for name in ("presence", "format", "places")},
        "domain": template.domain.key,
        "publics": [public.key for public in template.publics.all()],
    }


def contacts_of(mission: Mission) -> list[dict[str, Any]]:
    """The rows of ``ContactFormSet`` for a mission."""
    return [{"name": c.name, "phone": c.phone, "email": c.email, "hours": c.hours} for c in mission.contacts.all()]


def addresses_of(mission: Mission) -> list[dict[str, Any]]:
    """The rows of ``MoreAddressFormSet`` for a mission."""
    return [initial_place(each) for each in mission.addresses.all()]


class ContactForm(forms.Form):
    """One person whom accepted volunteers may call."""

    name = forms.CharField(label=pgettext_lazy("contact", "Nom"), max_length=120, required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    hours = forms.CharField(label=_("Heures d'appel"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """A contact without a name, or that cannot be reached, helps nobody."""
        data = super().clean() or self.cleaned_data
        if any(data.get(name) for name in ("phone", "email", "hours")) and not data.get("name"):
            self.add_error("name", _("Donnez le nom de ce contact."))
        if data.get("name") and not (data.get("phone") or data.get("email")):
            self.add_error("phone", _("Donnez un téléphone ou un e-mail."))
        return data


class RowFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # generic for the type checker alone
    """Rows that can be taken away by a tick, which works without a script."""

    remove_label: str | Promise = ""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Word the tick."""
        super().add_fields(form, index)
        if (tick := form.fields.get("DELETE")) is not None:
            tick.label = self.remove_label
            tick.expected = True  # nobody needs to read that it may be left alone

    def kept(self) -> list[dict[str, Any]]:
        """The clean data of the rows that say something and were not ticked; call after ``is_valid()``."""
        return [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() or form.initial
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


class ContactRows(RowFormSet):
    """Up to five contacts."""

    remove_label = _("Retirer ce contact")


ContactFormSet = forms.formset_factory(
    ContactForm, formset=ContactRows, extra=4, max_num=5, absolute_max=20, can_delete=True, can_delete_extra=False
)


def contact_facts(formset: Any) -> list[ContactFacts]:
    """The contacts given; call after ``is_valid()``."""
    rows = [row for row in formset.kept() if row.get("name")]
    return [ContactFacts(name=r["name"], phone=r["phone"], email=r["email"], hours=r["hours"]) for r in rows]


class MoreAddressForm(AddressForm):
    """One more address of the same mission; left empty, there is none."""

    place_is_expected = False

    def place_need(self) -> PlaceNeed:
        """The whole place, once a word of it is given."""
        said = any(self.cleaned_data.get(name) for name in ("address", "postcode", "city"))
        return PlaceNeed.WHOLE if said else PlaceNeed.WHATEVER

    def demand_near(self, department: Department) -> None:
        """Refuse a place that is neither in this department nor in one that touches it; call after ``is_valid()``."""
        place: ChosenAddress | None = self.cleaned_data.get("place")
        if place is None or not place.city or place.department.code in {department.code, *neighbours(department.code)}:
            return
        sentence = _(
            "Cette adresse doit être dans le même département que la première (%(department)s) ou dans un département voisin."
        )
        self.add_error("department", sentence % {"department": department})


class MoreAddressRows(RowFormSet):
    """Up to four more addresses."""

    remove_label = _("Retirer cette adresse")


MoreAddressFormSet = forms.formset_factory(
    MoreAddressForm, formset=MoreAddressRows, extra=4, max_num=4, absolute_max=20, can_delete=True, can_delete_extra=False
)


def address_facts(formset: Any) -> list[AddressFacts]:
    """The addresses given; call after ``is_valid()``."""
    places = [row["place"] for row in formset.kept() if row.get("place")]
    return [
        AddressFacts(
            address=place.address, postcode=place.postcode, city=place.city, department=place.department.code,
            commune=place.commune.pk if place.commune else None, latitude=place.latitude, longitude=place.longitude,
        )
        for place in places
        if place.city
    ]  # fmt: skip

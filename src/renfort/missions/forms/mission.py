"""The form of a mission (R10, R11, R12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section, StepperInput
from renfort.kernel.templatetags.ui import illustration
from renfort.missions.enums import Format, Presence
from renfort.missions.models import Domain, Mission
from renfort.missions.selectors.mission import active_domains, active_publics
from renfort.missions.services.mission import ContactFacts, MissionFacts
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.territories.forms import AddressForm, ChosenAddress, PlaceNeed, initial_place

TITLE_LENGTH = 80
MOST_PLACES = 10_000
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
    responsible = forms.ChoiceField(label=_("Responsable de la mission"))

    sections = (
        Section(_("L'essentiel"), ["domain", "title", "presence", "format", "places"]),
        Section(_("Les dates"), ["starts_on", "ends_on", "schedule"], pairs=True),
        Section(_("La mission"), ["description", "publics"]),
        Section(_("La sécurité"), ["safety", "conforms"]),
        AddressForm.place_section(
            _("Le lieu"),
            help=_("Là où l'aide est donnée, pas le siège. À distance, seul le département compte."),
        ),
        Section(_("Les personnes"), ["responsible"]),
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
        self.domains = {domain.key: domain for domain in active_domains()}
        self.served = {public.key: public for public in active_publics()}
        self._choices("domain", [(key, _pictured(domain)) for key, domain in self.domains.items()])
        self._choices("publics", [(key, public.label) for key, public in self.served.items()])
        self._choices("responsible", [(str(person.pk), person.full_name) for person in team])
        for name in TO_PROPOSE:
            self.fields[name].to_propose = True  # type: ignore[attr-defined]  # read by the field's template
        if strict:
            for name in ("starts_on", "ends_on", "description"):
                self.fields[name].required = True

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

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
                self.add_error(name, _("Vérifiez l'année."))
        if self.strict:
            self._demand_the_rest(data)
        return data

    def _demand_the_rest(self, data: dict[str, Any]) -> None:
        if data.get("presence") == Presence.ON_SITE and not data.get("safety") and "safety" not in self.errors:
            self.add_error("safety", _("Dites comment les bénévoles sont encadrés et protégés."))
        if not data.get("conforms"):
            self.add_error("conforms", _("Confirmez que la mission respecte les règles de son domaine."))

    def facts(self, contacts: list[ContactFacts]) -> MissionFacts:
        """The clean data, as the services take it; call after ``is_valid()``."""
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
    }


COMPARED = (
    "title", "presence", "format", "places", "starts_on", "ends_on", "schedule", "description", "safety", "address",
    "postcode", "city",
)  # fmt: skip


def differences(form: MissionForm, mission: Mission) -> list[str]:
    """What the mission says now where it differs from the form, one sentence a field (design decision 12)."""
    sentences = []
    for name in COMPARED:
        now = getattr(mission, name)
        if name not in form.cleaned_data or form.cleaned_data[name] == now:
            continue
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            now = dict(field.choices).get(now, now)  # type: ignore[arg-type]  # our choices are plain pairs
        shown = date_format(now) if isinstance(now, date) else str(now if now is not None else "")
        sentences.append(_("Enregistré entre-temps, « %(field)s » : %(value)s") % {"field": field.label, "value": shown or "–"})
    return sentences


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


ContactFormSet = forms.formset_factory(ContactForm, extra=1, max_num=5)


def contact_facts(formset: forms.BaseFormSet[ContactForm]) -> list[ContactFacts]:
    """The contacts given; call after ``is_valid()``."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("name")]
    return [ContactFacts(name=r["name"], phone=r["phone"], email=r["email"], hours=r["hours"]) for r in rows]

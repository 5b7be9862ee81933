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
from renfort.territories.forms import CommuneField
from renfort.territories.selectors import departments, first_postcode

TITLE_LENGTH = 80
MOST_PLACES = 10_000
TO_PROPOSE = ("starts_on", "ends_on", "description", "safety", "conforms", "commune")  # a draft may lack them


class MissionForm(OnceForm):
    """What an organisation says of a mission. ``strict``: complete enough to be proposed; a draft may lack most of it."""

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
    address = forms.CharField(
        label=_("Adresse"), max_length=200, required=False, help_text=_("Le lieu où l'aide est donnée, pas le siège.")
    )
    commune = CommuneField(label=_("Ville ou code postal"), required=False)
    postcode = forms.CharField(
        label=_("Code postal"), max_length=10, required=False, help_text=_("Laissé vide : celui de la ville.")
    )
    department = forms.ChoiceField(
        label=_("Département"),
        required=False,
        help_text=_("Pour une mission à distance. Laissé vide : celui de la ville, sinon celui de la structure."),
    )
    responsible = forms.ChoiceField(label=_("Responsable de la mission"))

    sections = (
        Section(_("L'essentiel"), ["domain", "title", "presence", "format", "places"]),
        Section(_("Les dates"), ["starts_on", "ends_on", "schedule"], pairs=True),
        Section(_("La mission"), ["description", "publics"]),
        Section(_("La sécurité"), ["safety", "conforms"]),
        Section(_("Le lieu"), ["address", "commune", "postcode", "department"], pairs=True),
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
        super().__init__(data, **kwargs)
        self.organisation, self.team, self.strict = organisation, team, strict
        self.domains = {domain.key: domain for domain in active_domains()}
        self.served = {public.key: public for public in active_publics()}
        self.departments = {department.code: department for department in departments()}
        self._choices("domain", [(key, _pictured(domain)) for key, domain in self.domains.items()])
        self._choices("publics", [(key, public.label) for key, public in self.served.items()])
        self._choices("department", [("", "—"), *((d.code, f"{d.code} – {d.name}") for d in self.departments.values())])
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
        if data.get("presence") == Presence.ON_SITE:
            if not data.get("safety") and "safety" not in self.errors:
                self.add_error("safety", _("Dites comment les bénévoles sont encadrés et protégés."))
            if not data.get("commune") and "commune" not in self.errors:
                self.add_error("commune", _("Indiquez la ville où la mission a lieu."))
        if not data.get("conforms"):
            self.add_error("conforms", _("Confirmez que la mission respecte les règles de son domaine."))

    def facts(self, contacts: list[ContactFacts]) -> MissionFacts:
        """The clean data, as the services take it; call after ``is_valid()``."""
        data = self.cleaned_data
        domain = self.domains[data["domain"]]
        remote = data["presence"] == Presence.REMOTE
        chosen = None if remote else data.get("commune")
        commune = chosen.commune if chosen else None
        code = commune.department_id if commune else data.get("department") or self.organisation.department_id
        return MissionFacts(
            domain=domain,
            title=data["title"] or default_title(domain),
            presence=data["presence"],
            format=data["format"],
            places=data["places"],
            responsible=next(person for person in self.team if str(person.pk) == data["responsible"]),
            department=self.departments[code],
            starts_on=data.get("starts_on"),
            ends_on=data.get("ends_on"),
            schedule=data["schedule"],
            description=data["description"],
            safety=data["safety"],
            address="" if remote else data["address"],
            postcode=(data["postcode"].strip() or chosen.postcode or first_postcode(chosen.commune.code)) if chosen else "",
            city=commune.name if commune else "",
            commune=commune.code if commune else None,
            latitude=commune.latitude if commune else None,
            longitude=commune.longitude if commune else None,
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
        "address",
        "postcode",
    )
    return {
        **{name: getattr(mission, name) for name in names},
        "domain": mission.domain.key,
        "conforms": mission.rules_at is not None,
        "publics": [public.key for public in mission.publics.all()],
        "commune": mission.commune,
        "department": mission.department_id,
        "responsible": str(mission.responsible_id),
    }


COMPARED = ("title", "presence", "format", "places", "starts_on", "ends_on", "schedule", "description", "safety", "address")


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

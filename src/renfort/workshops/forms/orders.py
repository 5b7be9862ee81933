"""The association's forms: a client, an order and its lines, a facilitator (W11)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, EmailInput, Section, StepperInput
from renfort.kernel.money import CENTS
from renfort.organisations.forms.fields import OrganisationNameField, ProseField, SiretField
from renfort.organisations.selectors import statuses
from renfort.organisations.services.registering import KnownOrganisation
from renfort.people.forms.fields import AddressField, NameField, PhoneField, PostcodeField, put_phone
from renfort.territories.selectors.departments import departments
from renfort.workshops.enums import Audience, DocumentKind, Kind, Language, Level, Presence
from renfort.workshops.models import Facilitator, Order, OrderLine
from renfort.workshops.selectors.assignment import clients
from renfort.workshops.services.orders import ClientFacts, LineFacts, OrderFacts

ORDER_FIELDS = (
    "title", "audience", "details", "first_on", "last_on", "wanted_on", "aim", "content", "means", "duration", "follow_up",
    "payment",
)  # fmt: skip
MOST_DAYS = 60  # wanted for one order
MOST = 500  # services of one line
DEAREST = Decimal(100_000)  # euros for one service


class ClientForm(OnceForm):
    """« Nouveau client »."""

    siret = SiretField(
        label=_("SIRET"), required=False,
        help_text=_("Quatorze chiffres. Si la structure est déjà connue ici, ses informations sont reprises."),
    )  # fmt: skip
    name = OrganisationNameField(label=_("Nom de la structure"))
    legal_status = forms.ChoiceField(label=_("Statut juridique"))
    audience = forms.ChoiceField(
        label=_("Public"),
        choices=Audience.choices,
        help_text=_("Il fixe le tarif et le niveau demandé."),
    )
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    postcode = PostcodeField(label=_("Code postal"), required=False)
    city = forms.CharField(label=_("Ville"), max_length=100)
    department = forms.ChoiceField(label=_("Département"))
    contact_name = NameField(label=_("Nom du contact"))
    contact_function = forms.CharField(label=_("Sa fonction"), max_length=120, required=False)
    contact_email = AddressField(label=_("E-mail du contact"), required=False)
    contact_phone = PhoneField(label=_("Téléphone du contact"), required=False)

    sections = (
        Section(_("La structure"), ["siret", "name", "legal_status", "audience"]),
        Section(_("Son adresse"), ["address", "postcode", "city", "department"], pairs=True),
        Section(_("Votre contact"), ["contact_name", "contact_function", "contact_email", "contact_phone"]),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_status"].choices = [(each.key, each.label) for each in statuses()]  # type: ignore[attr-defined]  # a choice field
        choices = [("", _("Choisissez")), *((each.code, f"{each.code} - {each.name}") for each in departments())]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """The phone in its stored form."""
        super().clean()
        put_phone(self, "contact_phone", mobile=False)
        return self.cleaned_data

    def facts(self) -> ClientFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        known = ("name", "legal_status", "department", "city", "siret", "address", "postcode")
        own = ("audience", "contact_name", "contact_function", "contact_email", "contact_phone")
        return ClientFacts(
            organisation=KnownOrganisation(**{name: said[name] for name in known}), **{name: said[name] for name in own}
        )


class DaysField(forms.CharField):
    """Several days, one a line or between commas, as one writes them; cleans to days in order, each once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": "3"}), max_length=1000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Days as one reads them."""
        return "\n".join(f"{each:%d/%m/%Y}" for each in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[date]:
        """The days.

        Raises:
            ValidationError: one is no day, or there are too many.
        """
        found, reader = set(), forms.DateField()
        for word in re.split(r"[,;\n]+", str(super().clean(value) or "")):
            if not word.strip():
                continue
            try:
                day = reader.clean(word.strip())
            except ValidationError:
                raise ValidationError(
                    _("« %(word)s » n'est pas une date : écrivez-la comme 14/03/2027."), params={"word": word.strip()[:30]}
                ) from None
            if day is not None:
                found.add(day)
        if len(found) > MOST_DAYS:
            raise ValidationError(_("Donnez au plus %(n)d dates."), params={"n": MOST_DAYS})
        return sorted(found)


class OrderTermsForm(OnceForm):
    """What an order is called, when it is wanted, and what its convention says."""

    title = forms.CharField(label=_("Titre"), max_length=120, help_text=_("Par exemple : Semaine du climat, rentrée 2027."))
    audience = forms.ChoiceField(
        label=_("Public"), choices=Audience.choices, help_text=_("Il fixe le tarif, même quand le client a un autre statut.")
    )
    details = ProseField(
        label=_("Ce que la coordination doit savoir"), rows=4, max_length=2000, required=False,
        help_text=_("Contexte, attentes, contraintes de dates ou de lieux."),
    )  # fmt: skip
    first_on = forms.DateField(label=_("Première date souhaitée"), required=False, widget=DateInput())
    last_on = forms.DateField(label=_("Dernière date souhaitée"), required=False, widget=DateInput())
    wanted_on = DaysField(
        label=_("Dates précises souhaitées"), required=False, help_text=_("Une par ligne, par exemple 14/03/2027.")
    )
    aim = ProseField(label=_("Objectif"), rows=2, max_length=1000, required=False)
    content = ProseField(label=_("Contenu"), rows=4, max_length=2000, required=False)
    means = ProseField(
        label=_("Moyens"), rows=2, max_length=1000, required=False, help_text=_("Salle, matériel, encadrement, supports.")
    )
    duration = forms.CharField(
        label=_("Durée"), max_length=200, required=False, help_text=_("Par exemple : 3 heures par atelier.")
    )
    follow_up = ProseField(
        label=_("Suivi, évaluation et sanction"), rows=2, max_length=1000, required=False,
        help_text=_("Par exemple : feuille d'émargement, questionnaire, attestation."),
    )  # fmt: skip
    payment = ProseField(
        label=_("Modalités de règlement"), rows=2, max_length=1000, required=False,
        help_text=_("Par exemple : à trente jours, par virement, à réception de la facture."),
    )  # fmt: skip

    sections: tuple[Section, ...] = (
        Section(_("La commande"), ["title", "audience", "details"]),
        Section(_("Quand"), ["first_on", "last_on", "wanted_on"], pairs=True),
        Section(
            _("Ce que dit la convention"), ["aim", "duration"],
            fold=_("Contenu, moyens, suivi, règlement"),
            folded=("content", "means", "follow_up", "payment"),
        ),
    )  # fmt: skip

    @classmethod
    def of(cls, order: Order, data: Any = None) -> OrderTermsForm:
        """The form as the order stands."""
        return cls(data, initial={name: getattr(order, name) for name in ORDER_FIELDS})

    def clean(self) -> dict[str, Any]:
        """Both days or none, in order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("La dernière date vient après la première."))
        elif bool(first) != bool(last) and not self.errors.keys() & {"first_on", "last_on"}:
            self.add_error("last_on" if first else "first_on", _("Donnez les deux dates, ou aucune."))
        return said

    def facts(self) -> OrderFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return OrderFacts(**{name: self.cleaned_data[name] for name in ORDER_FIELDS})


class OrderForm(OrderTermsForm):
    """« Nouvelle commande »: for whom too."""

    client = forms.ChoiceField(label=_("Client"))

    sections = (Section(_("Le client"), ["client"]), *OrderTermsForm.sections)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("Choisissez")), *((str(each.pk), each.organisation.name) for each in clients())
        ]  # fmt: skip


class SignatureForm(forms.Form):
    """« Convention signée »."""

    signed_on = forms.DateField(label=_("Signée par le client le"), widget=DateInput())
    signed_by = NameField(label=_("Par"))

    sections = (Section("", ["signed_on", "signed_by"], pairs=True),)


class LineForm(forms.Form):
    """One line of an order."""

    kind = forms.ChoiceField(label=_("Type"), choices=Kind.choices)
    presence = forms.ChoiceField(label=_("Format"), choices=Presence.choices)
    quantity = forms.IntegerField(
        label=_("Nombre"), min_value=1, max_value=MOST, initial=1, widget=StepperInput(),
        help_text=_("Un·e animateur·ice sur une session compte pour un."),
    )  # fmt: skip
    participants = forms.IntegerField(
        label=_("Participant·es en tout"), min_value=0, max_value=100_000, initial=0, required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Langues"), choices=Language.choices, initial=[Language.FRENCH], widget=forms.CheckboxSelectMultiple
    )
    price = forms.DecimalField(
        label=_("Prix unitaire hors taxes, en euros"), min_value=Decimal(0), max_value=DEAREST, decimal_places=2
    )

    sections = (Section("", ["kind", "presence", "quantity", "participants", "languages", "price"], pairs=True),)

    @classmethod
    def of(cls, line: OrderLine, data: Any = None) -> LineForm:
        """The form as the line stands."""
        names = ("kind", "presence", "quantity", "participants", "languages")
        price = {"price": Decimal(line.unit_price) / CENTS}
        return cls(data, initial={name: getattr(line, name) for name in names} | price)

    def facts(self) -> LineFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        return LineFacts(
            kind=said["kind"], presence=said["presence"], quantity=said["quantity"], languages=said["languages"],
            unit_price=int(said["price"] * CENTS), participants=said["participants"] or 0,
        )  # fmt: skip


class LevelForm(forms.Form):
    """What the association knows of a facilitator."""

    level = forms.ChoiceField(label=_("Niveau"), choices=Level.choices)
    languages = forms.MultipleChoiceField(
        label=_("Langues"), choices=Language.choices, initial=[Language.FRENCH], widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def of(cls, facilitator: Facilitator, data: Any = None) -> LevelForm:
        """The form as it stands."""
        return cls(data, initial={"level": facilitator.level, "languages": facilitator.languages})


class FacilitatorForm(LevelForm):
    """« Ajouter un·e animateur·ice »: somebody who has an account."""

    address = AddressField(label=_("Adresse e-mail de son compte"), widget=EmailInput())
    field_order = ("address", "level", "languages")


class DocumentForm(forms.Form):
    """A document that the association has seen."""

    kind = forms.ChoiceField(label=_("Document"), choices=DocumentKind.choices)
    valid_from = forms.DateField(label=_("Valable à partir du"), widget=DateInput())
    valid_until = forms.DateField(
        label=_("Jusqu'au (inclus)"), widget=DateInput(), required=False, help_text=_("Vide : il n'expire pas.")
    )

    sections = (Section("", ["kind"]), Section("", ["valid_from", "valid_until"], pairs=True))

    def clean(self) -> dict[str, Any]:
        """In order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("valid_from") and said.get("valid_until") and said["valid_until"] < said["valid_from"]:
            self.add_error("valid_until", _("La fin vient après le début."))
        return said

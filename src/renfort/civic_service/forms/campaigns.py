"""Forms about approvals, campaigns, classes of places, amounts; and about another number of places (S3, S5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import Domain, FigureKind
from renfort.civic_service.models import Approval, Campaign, PlaceOverride
from renfort.civic_service.services.campaigns import ApprovalFacts, CampaignFacts, longest
from renfort.civic_service.services.figures import FigureFacts
from renfort.civic_service.services.places import MOST_PLACES
from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section
from renfort.kernel.money import CENTS
from renfort.organisations.forms.fields import ProseField
from renfort.people.selectors import today

EARLIEST, LATEST = date(2010, 1, 1), date(2099, 12, 31)  # civic service exists since 2010
MOST = 100_000  # of anything counted here
DEAREST = Decimal(10_000)  # euros a month


def day(label: Any, help_text: Any = "", **kwargs: Any) -> forms.DateField:
    """A day that makes sense here."""
    return forms.DateField(
        label=label, help_text=help_text, widget=DateInput(),
        validators=[
            MinValueValidator(EARLIEST, gettext_lazy("Vérifiez l'année.")),
            MaxValueValidator(LATEST, gettext_lazy("Vérifiez l'année.")),
        ], **kwargs,
    )  # fmt: skip


class ApprovalForm(OnceForm):
    """« Nouvel agrément », « Modifier »."""

    number = forms.CharField(
        label=gettext_lazy("Numéro"), max_length=40, help_text=gettext_lazy("Comme sur la décision : NA-000-11-00124.")
    )
    first_on = day(gettext_lazy("Premier jour"))
    last_on = day(gettext_lazy("Dernier jour"), gettext_lazy("Compris. Trois ans au plus (article R121-33)."))
    domains = forms.MultipleChoiceField(
        label=gettext_lazy("Domaines agréés"), choices=Domain.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Cochez au moins un domaine.")},
    )  # fmt: skip
    openings = forms.IntegerField(
        label=gettext_lazy("Volontaires en tout"), min_value=1, max_value=MOST,
        help_text=gettext_lazy("Sur toutes les campagnes de l'agrément."),
    )  # fmt: skip
    lent_most = forms.IntegerField(
        label=gettext_lazy("Dont mis à disposition, au plus"), min_value=0, max_value=MOST, initial=0,
        help_text=gettext_lazy("Auprès d'organismes qui ne sont pas membres (intermédiation). 0 : aucun."),
    )  # fmt: skip

    sections = (
        Section("", ["number"]),
        Section(gettext_lazy("Durée"), ["first_on", "last_on"], pairs=True),
        Section(gettext_lazy("Ce qu'il permet"), ["domains", "openings", "lent_most"]),
    )

    @classmethod
    def of(cls, approval: Approval, data: Any = None) -> ApprovalForm:
        """The form as the approval stands."""
        return cls(data, initial={name: getattr(approval, name) for name in ApprovalFacts.__dataclass_fields__})

    def clean(self) -> dict[str, Any]:
        """The period in its order and not too long; no more lent than there are."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("Le dernier jour est avant le premier."))
        elif first and last and last > longest(first):
            self.add_error(
                "last_on", _("Trois ans au plus : jusqu'au %(day)s.") % {"day": date_format(longest(first), "DATE_FORMAT")}
            )
        if (said.get("lent_most") or 0) > (said.get("openings") or MOST):
            self.add_error("lent_most", _("Pas plus que le nombre de volontaires en tout."))
        return said

    def facts(self) -> ApprovalFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return ApprovalFacts(**{name: self.cleaned_data[name] for name in ApprovalFacts.__dataclass_fields__})


class CampaignForm(OnceForm):
    """« Nouvelle campagne », « Modifier »."""

    title = forms.CharField(
        label=gettext_lazy("Nom"), max_length=120, help_text=gettext_lazy("Par exemple « Campagne 2027-2028 ».")
    )
    approval = forms.ModelChoiceField(
        label=gettext_lazy("Agrément"), queryset=Approval.objects.all(), empty_label=gettext_lazy("Choisissez"),
        help_text=gettext_lazy("Il couvre toutes les dates de début."),
    )  # fmt: skip
    opens_on = day(gettext_lazy("Ouverture du dépôt"))
    files_until = day(gettext_lazy("Date limite de dépôt"), gettext_lazy("Comprise, à l'heure de chaque établissement."))
    starts_from = day(gettext_lazy("Débuts des missions, à partir du"))
    starts_until = day(gettext_lazy("Débuts des missions, jusqu'au"))
    most_places = forms.IntegerField(
        label=gettext_lazy("Volontaires au plus"), min_value=1, max_value=MOST, required=False,
        help_text=gettext_lazy("Pour toute la campagne. Vide : autant que l'agrément le permet."),
    )  # fmt: skip
    asks_opinion = forms.BooleanField(
        label=gettext_lazy("Un avis est demandé avant d'accepter"), required=False,
        help_text=gettext_lazy("Celui du chargé de mission du premier ou du second degré."),
    )  # fmt: skip
    launch_note = ProseField(
        label=gettext_lazy("Note de lancement"), rows=8, max_length=4000, required=False,
        help_text=gettext_lazy("Les établissements la lisent tant que la campagne est ouverte."),
    )  # fmt: skip

    sections = (
        Section("", ["title", "approval"]),
        Section(gettext_lazy("Dépôt des projets"), ["opens_on", "files_until"], pairs=True),
        Section(gettext_lazy("Débuts des missions"), ["starts_from", "starts_until"], pairs=True),
        Section(gettext_lazy("Étude des projets"), ["most_places", "asks_opinion"]),
        Section(gettext_lazy("Pour les établissements"), ["launch_note"]),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approval"].label_from_instance = lambda each: _("%(number)s, jusqu'au %(day)s") % {  # type: ignore[attr-defined]  # a model's choice field
            "number": each.number, "day": date_format(each.last_on, "DATE_FORMAT"),
        }  # fmt: skip

    @classmethod
    def of(cls, campaign: Campaign, data: Any = None) -> CampaignForm:
        """The form as the campaign stands."""
        return cls(data, initial={name: getattr(campaign, name) for name in CampaignFacts.__dataclass_fields__})

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        opens, until, begins, ends = (said.get(name) for name in ("opens_on", "files_until", "starts_from", "starts_until"))
        if opens and until and until < opens:
            self.add_error("files_until", _("La date limite est avant l'ouverture."))
        if opens and begins and begins <= opens:
            self.add_error("starts_from", _("Les missions commencent après l'ouverture du dépôt."))
        if begins and ends and ends < begins:
            self.add_error("starts_until", _("La fin est avant le début."))
        return said

    def facts(self) -> CampaignFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return CampaignFacts(**{name: self.cleaned_data[name] for name in CampaignFacts.__dataclass_fields__})


class ClassForm(forms.Form):
    """One class of places: a bound that is there already gets another number."""

    from_pupils = forms.IntegerField(label=gettext_lazy("À partir de, en élèves"), min_value=0, max_value=MOST)
    places = forms.IntegerField(label=gettext_lazy("Volontaires au plus"), min_value=0, max_value=MOST_PLACES)

    sections = (Section("", ["from_pupils", "places"], pairs=True),)


class PlacesForm(forms.Form):
    """Another number of places for one establishment."""

    places = forms.IntegerField(label=gettext_lazy("Volontaires au plus"), min_value=0, max_value=MOST_PLACES)
    reason = ProseField(
        label=gettext_lazy("Pourquoi ?"), rows=3, max_length=1000, help_text=gettext_lazy("L'établissement lit vos mots.")
    )

    @classmethod
    def of(cls, override: PlaceOverride | None, places: int, data: Any = None) -> PlacesForm:
        """The form as it stands."""
        return cls(data, initial={"places": places, "reason": override.reason if override is not None else ""})


class FigureForm(OnceForm):
    """« Ajouter un montant »."""

    kind = forms.ChoiceField(label=gettext_lazy("Montant"), choices=FigureKind.choices)
    amount = forms.DecimalField(
        label=gettext_lazy("Par mois, net, en euros"), min_value=Decimal("0.01"), max_value=DEAREST, decimal_places=2
    )
    first_on = day(gettext_lazy("À partir du"), initial=today)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, help_text=gettext_lazy("Le texte ou la page officielle qui le dit.")
    )

    def facts(self) -> FigureFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        return FigureFacts(kind=said["kind"], cents=int(said["amount"] * CENTS), first_on=said["first_on"], source=said["source"])

"""« Projet d'accueil »: a draft takes anything, what is filed says everything (S5, A.11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.civic_service.enums import Domain, PostRole
from renfort.civic_service.models import Campaign, Establishment, HostProject
from renfort.civic_service.selectors.posts import usable_posts
from renfort.civic_service.selectors.project_facts import COMPULSORY, LABELS
from renfort.civic_service.selectors.readiness import (
    FEWEST_HOURS,
    LONGEST,
    MINORS_DAYS,
    MINORS_HOURS,
    MOST_DAYS,
    MOST_HOURS,
    SHORTEST,
)
from renfort.civic_service.services.projects import ProjectFacts
from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section, StepperInput
from renfort.organisations.forms.fields import ProseField
from renfort.people.models import Person

MOST_ASKED = 50
WORDS = (
    "title", "domain", "aim", "tasks", "audience", "setting", "place", "first_on", "months", "weekly_hours", "weekly_days",
    "takes_minors", "minors_support", "is_reachable", "is_accessible", "asked",
)  # fmt: skip
PEOPLE = {"lead": PostRole.LEAD, "tutor": PostRole.TUTOR, "co_tutor": PostRole.CO_TUTOR}


class ProjectForm(OnceForm):
    """What the establishment proposes. ``complete``: it was filed once, and says everything ever since."""

    title = forms.CharField(
        label=LABELS["title"], max_length=120,
        help_text=_(
            "Commencez par un verbe d'action : « Animer… », « Aider… », « Faire découvrir… ». "
            "Pas de nom de métier : un volontaire n'est ni surveillant, ni secrétaire, ni assistant."
        ),
    )  # fmt: skip
    domain = forms.ChoiceField(label=LABELS["domain"], help_text=_("Seuls les domaines de l'agrément sont proposés."))
    aim = ProseField(
        label=LABELS["aim"], rows=4, max_length=2000,
        help_text=_("À qui et à quoi la mission est utile. Aucun diplôme ni expérience ne peut être demandé."),
    )  # fmt: skip
    tasks = ProseField(
        label=LABELS["tasks"], rows=7, max_length=4000,
        help_text=_(
            "Des actions concrètes, une par ligne, sans jargon. Le volontaire complète l'équipe : il ne remplace personne."
        ),
    )  # fmt: skip
    audience = forms.CharField(
        label=LABELS["audience"], max_length=300, help_text=_("Par exemple : les élèves de sixième et leurs familles.")
    )
    setting = ProseField(
        label=LABELS["setting"], rows=4, max_length=2000,
        help_text=_("L'accueil, les temps avec le tuteur, les formations sur place, la place laissée à l'initiative."),
    )  # fmt: skip
    place = forms.CharField(label=LABELS["place"], max_length=300, help_text=_("L'adresse où la mission se passe."))
    is_reachable = forms.BooleanField(label=LABELS["is_reachable"], required=False)
    is_accessible = forms.BooleanField(label=LABELS["is_accessible"], required=False)
    first_on = forms.DateField(label=LABELS["first_on"], widget=DateInput())
    months = forms.IntegerField(
        label=LABELS["months"], min_value=SHORTEST, max_value=LONGEST, widget=StepperInput(), help_text=_("De 6 à 12 mois.")
    )
    weekly_hours = forms.IntegerField(
        label=LABELS["weekly_hours"], min_value=FEWEST_HOURS, max_value=MOST_HOURS, widget=StepperInput(),
        help_text=_("De 24 à 48 heures, en moyenne."),
    )  # fmt: skip
    weekly_days = forms.IntegerField(
        label=LABELS["weekly_days"], min_value=1, max_value=MOST_DAYS, widget=StepperInput(), help_text=_("6 jours au plus.")
    )
    takes_minors = forms.BooleanField(
        label=LABELS["takes_minors"], required=False,
        help_text=_("Dès 16 ans, avec l'accord des parents : 35 heures sur 5 jours au plus."),
    )  # fmt: skip
    minors_support = ProseField(
        label=LABELS["minors_support"], rows=3, max_length=2000, required=False,
        help_text=_("À remplir si le projet est ouvert aux mineurs."),
    )  # fmt: skip
    asked = forms.IntegerField(label=LABELS["asked"], min_value=1, max_value=MOST_ASKED, initial=1, widget=StepperInput())
    lead = forms.ChoiceField(label=LABELS["lead"])
    tutor = forms.ChoiceField(label=LABELS["tutor"], help_text=_("Présent dès le premier jour, joignable par téléphone."))
    co_tutor = forms.ChoiceField(label=LABELS["co_tutor"], required=False, help_text=_("Prend le relais du tuteur."))

    sections = (
        Section(_("La mission"), ["title", "domain", "aim", "tasks", "audience"]),
        Section(_("Le cadre"), ["setting", "place", "is_reachable", "is_accessible"]),
        Section(_("Quand"), ["first_on", "months", "weekly_hours", "weekly_days"], pairs=True),
        Section(_("Les mineurs"), ["takes_minors", "minors_support"]),
        Section(
            _("Les personnes"), ["lead", "tutor", "co_tutor", "asked"],
            help=_("Seules les personnes qui ont un téléphone et un e-mail dans votre équipe sont proposées."),
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, campaign: Campaign, establishment: Establishment, project: HostProject | None = None,
        complete: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.is_complete = complete
        for name in COMPULSORY:
            self.fields[name].required = complete
            self.fields[name].expected = True  # type: ignore[attr-defined]  # of a draft too: the filing asks for it
        kept = project.domain if project is not None else ""
        domains = [each for each in Domain.values if each in campaign.approval.domains or each == kept]
        self._choose("domain", [("", _("Choisissez")), *((each, Domain(each).label) for each in domains)])
        for name, role in PEOPLE.items():
            people = {post.person_id: post.person.full_name for post in usable_posts(establishment, role)}
            now: Person | None = getattr(project, name) if project is not None else None
            if now is not None:  # who was named stays in the list; the filing says when that person no longer can
                people.setdefault(now.pk, now.full_name)
            nobody = _("Personne") if name == "co_tutor" else _("Choisissez")
            self._choose(name, [("", nobody), *((str(pk), words) for pk, words in people.items())])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    @classmethod
    def of(cls, project: HostProject, data: Any = None, **more: Any) -> ProjectForm:
        """The form as the project stands."""
        initial = {name: getattr(project, name) for name in WORDS}
        initial |= {name: str(getattr(project, f"{name}_id") or "") for name in PEOPLE}
        return cls(
            data, initial=initial, campaign=project.campaign, establishment=project.establishment, project=project,
            complete=bool(project.filings), **more,
        )  # fmt: skip

    @classmethod
    def blank(cls, campaign: Campaign, establishment: Establishment, person_id: int | None, data: Any = None) -> ProjectForm:
        """A new one: the establishment's address, the lead who writes it."""
        where = establishment.organisation
        town = f"{where.postcode} {where.city}".strip()
        place = ", ".join(part for part in (where.address, town) if part)
        initial = {"place": place, "lead": str(person_id or ""), "first_on": campaign.starts_from, "weekly_days": 5}
        return cls(data, initial=initial, campaign=campaign, establishment=establishment)

    def clean(self) -> dict[str, Any]:
        """Two people for two roles. What was filed once keeps the law on minors too, as the database does (L120-8, R121-11)."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("tutor") and said.get("tutor") == said.get("co_tutor"):
            self.add_error("co_tutor", _("Le tuteur et le cotuteur sont deux personnes."))
        if self.is_complete and said.get("takes_minors"):
            if not said.get("minors_support"):
                self.add_error("minors_support", _("Dites comment les mineurs sont accompagnés."))
            if (said.get("weekly_hours") or 0) > MINORS_HOURS:
                self.add_error("weekly_hours", _("Ouvert aux mineurs, le projet compte au plus 35 heures par semaine."))
            if (said.get("weekly_days") or 0) > MINORS_DAYS:
                self.add_error("weekly_days", _("Ouvert aux mineurs, le projet compte au plus 5 jours par semaine."))
        return said

    def facts(self) -> ProjectFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        people: dict[str, Any] = {f"{name}_id": int(said[name]) if said.get(name) else None for name in PEOPLE}
        return ProjectFacts(**{name: said[name] for name in WORDS}, **people)

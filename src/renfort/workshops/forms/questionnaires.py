"""The association's forms for its questionnaires (W7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.jobs.forms import OnceForm
from renfort.workshops.enums import Audience, Kind, Moment, QuestionKind
from renfort.workshops.models import Question
from renfort.workshops.models.questionnaire import WITH_CHOICES
from renfort.workshops.services.questionnaires import MOST_CHOICES, QuestionFacts

LONGEST_CHOICE = 120
FEWEST_CHOICES = 2


class QuestionnaireForm(OnceForm):
    """« Nouveau questionnaire »: of whom, when."""

    moment = forms.ChoiceField(
        label=gettext_lazy("Quand ?"), choices=Moment.choices, widget=forms.RadioSelect(), initial=Moment.HOT,
        help_text=gettext_lazy("À chaud : dès la fin de la session. À froid : quelques semaines plus tard."),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=gettext_lazy("Public"), choices=[("", gettext_lazy("Tous les publics")), *Audience.choices], required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type de session"), choices=[("", gettext_lazy("Tous les types")), *Kind.choices], required=False
    )


class QuestionForm(forms.Form):
    """One question, in French and in English. Its choices stand one a line, the English words after a bar."""

    kind = forms.ChoiceField(label=gettext_lazy("On répond par"), choices=QuestionKind.choices)
    label_fr = forms.CharField(label=gettext_lazy("Question, en français"), max_length=200)
    label_en = forms.CharField(
        label=gettext_lazy("Question, en anglais"), max_length=200, required=False,
        help_text=gettext_lazy("Vide : elle est posée en français à tout le monde."),
    )  # fmt: skip
    choices = forms.CharField(
        label=gettext_lazy("Choix, un par ligne"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Pour un choix ou plusieurs. En anglais après une barre : Oui | Yes."),
    )  # fmt: skip
    is_required = forms.BooleanField(label=gettext_lazy("Une réponse est obligatoire"), required=False)

    @classmethod
    def of(cls, question: Question, data: Any = None) -> QuestionForm:
        """The form of a question that is to be changed."""
        english = [*question.choices_en, *[""] * len(question.choices_fr)]
        lines = [f"{here} | {there}" if there else here for here, there in zip(question.choices_fr, english, strict=False)]
        known = {name: getattr(question, name) for name in ("kind", "label_fr", "label_en", "is_required")}
        return cls(data, initial={**known, "choices": "\n".join(lines)})

    def clean_choices(self) -> list[tuple[str, str]]:
        """The pairs of words, in their order.

        Raises:
            ValidationError: a line is too long, comes twice, or there are too many.
        """
        found: list[tuple[str, str]] = []
        for line in self.cleaned_data["choices"].splitlines():
            here, _bar, there = (part.strip() for part in line.partition("|"))
            if not here:
                continue
            if max(len(here), len(there)) > LONGEST_CHOICE:
                raise forms.ValidationError(_("Un choix a au plus %(n)d caractères : raccourcissez « %(words)s… »."), params={
                    "n": LONGEST_CHOICE, "words": here[:30],
                })  # fmt: skip
            if here.casefold() in {known.casefold() for known, _there in found}:
                raise forms.ValidationError(_("« %(words)s » est écrit deux fois."), params={"words": here})
            found.append((here, there))
        if len(found) > MOST_CHOICES:
            raise forms.ValidationError(_("Une question a au plus %(n)d choix."), params={"n": MOST_CHOICES})
        return found

    def clean(self) -> dict[str, Any]:
        """Choices where they are needed."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("kind") in WITH_CHOICES and "choices" in said and len(said["choices"]) < FEWEST_CHOICES:
            self.add_error("choices", _("Écrivez au moins deux choix."))
        return said

    def facts(self) -> QuestionFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return QuestionFacts(
            **{name: self.cleaned_data[name] for name in ("kind", "label_fr", "label_en", "choices", "is_required")}
        )

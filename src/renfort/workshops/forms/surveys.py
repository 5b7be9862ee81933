"""The form of a questionnaire, made of its questions; and what narrows the results (W7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.forms import DateInput
from renfort.workshops.enums import Audience, Kind, Moment, QuestionKind
from renfort.workshops.models import Question
from renfort.workshops.selectors.results import Wanted

LONGEST_WORDS = 2000
PREFIX = "q-"  # before the key of a question, in the name of its field


class Marks(forms.RadioSelect):
    """A scale as a row of numbers, each a target for a thumb."""

    template_name = "workshops/widgets/marks.html"


def field_of(question: Question) -> forms.Field:
    """The field that asks one question, in the language in force."""
    common: dict[str, Any] = {"label": question.label, "required": question.is_required}
    if question.is_required:
        common["error_messages"] = {"required": _("Répondez à cette question.")}
    if question.bounds is not None:
        lowest, highest = question.bounds
        marks = [(str(mark), str(mark)) for mark in range(lowest, highest + 1)]
        return forms.ChoiceField(choices=marks, widget=Marks(), **common)
    if question.kind == QuestionKind.CHOICE:
        return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect(), **common)
    if question.kind == QuestionKind.SEVERAL:
        return forms.MultipleChoiceField(choices=question.choices, widget=forms.CheckboxSelectMultiple(), **common)
    return forms.CharField(
        max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("L'association et la coordination lisent vos mots, sans votre nom."), **common,
    )  # fmt: skip


class SurveyForm(forms.Form):
    """The questions of one edition."""

    def __init__(self, questions: Sequence[Question], data: Any = None, known: Mapping[str, object] | None = None) -> None:
        """``known``: what was answered before, by the key of each question."""
        super().__init__(data, initial={f"{PREFIX}{key}": value for key, value in (known or {}).items()})
        for question in questions:
            self.fields[f"{PREFIX}{question.key}"] = field_of(question)

    def said(self) -> dict[str, object]:
        """What was answered, by the key of each question; call after ``is_valid()``."""
        return {name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items()}


class ResultsForm(forms.Form):
    """What narrows the results: moment, audience, kind, period. What it cannot understand narrows nothing."""

    moment = forms.ChoiceField(label=gettext_lazy("Questionnaire"), choices=Moment.choices, required=False)
    public = forms.ChoiceField(
        label=gettext_lazy("Public"), choices=[("", gettext_lazy("Tous")), *Audience.choices], required=False
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=[("", gettext_lazy("Tous")), *Kind.choices], required=False)
    du = forms.DateField(label=gettext_lazy("Sessions du"), widget=DateInput(), required=False)
    au = forms.DateField(label=gettext_lazy("Au (inclus)"), widget=DateInput(), required=False)

    mission = forms.IntegerField(min_value=1, max_value=2**53, required=False, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        """The same as the selectors take it."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(
            moment=said.get("moment") or Moment.HOT, audience=said.get("public") or "", kind=said.get("type") or "",
            since=said.get("du"), until=said.get("au"), assignment=said.get("mission"),
        )  # fmt: skip

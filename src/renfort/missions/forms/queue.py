"""Filters of the queue of missions to read, and the message of a case (R52)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.missions.selectors.mission import domains_shown
from renfort.missions.services.queue import LONGEST
from renfort.organisations.forms.queue import QueueFilterForm


class MissionQueueForm(QueueFilterForm):
    """Department, domain, whose cases."""

    domaine = forms.ChoiceField(label=gettext_lazy("Domaine"), required=False)
    field_order = ["departement", "domaine", "dossiers"]

    def __init__(self, data: QueryDict, departments: list[str], *, for_operator: bool) -> None:
        super().__init__(data, departments, for_operator=for_operator)
        choices = [("", _("Tous les domaines")), *((each.key, each.short) for each in domains_shown())]
        cast(forms.ChoiceField, self.fields["domaine"]).choices = choices


class CaseMessageForm(forms.Form):
    """A few words to the other side."""

    message = forms.CharField(label=gettext_lazy("Votre message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def words(self) -> str:
        """What was said."""
        said: Any = self.cleaned_data["message"]
        return str(said)

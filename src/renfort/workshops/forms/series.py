"""Plan one session or several at once (W3)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import Section, StepperInput
from renfort.workshops.forms.sessions import SessionForm
from renfort.workshops.services.series import MOST_AT_ONCE

ONCE, WEEKLY, DATES = "", "weekly", "dates"
WEEK = timedelta(weeks=1)
PATTERNS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y")


class SeriesForm(SessionForm):
    """« + » plans a session; each week, or on other dates too, on demand."""

    repeat = forms.ChoiceField(
        label=_("Répéter"), required=False, widget=forms.RadioSelect(), initial=ONCE,
        choices=((ONCE, _("Une seule session")), (WEEKLY, _("Chaque semaine, le même jour")), (DATES, _("À d'autres dates"))),
    )  # fmt: skip
    times = forms.IntegerField(
        label=_("Nombre de sessions en tout, chaque semaine"), required=False, min_value=2, max_value=MOST_AT_ONCE,
        widget=StepperInput(),
    )  # fmt: skip
    other_days = forms.CharField(
        label=_("Autres dates"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une par ligne, par exemple 12/03/2027. Mêmes heures, même lieu ; chaque session se modifie ensuite à part."),
    )  # fmt: skip

    sections = (
        Section("", ["kind"]),
        Section(_("Quand"), ["day", "starts", "ends", "zone"], pairs=True),
        Section(_("Une ou plusieurs"), ["repeat"], fold=_("Choisir les répétitions"), folded=["times", "other_days"]),
        *SessionForm.sections[2:],
    )

    def clean_other_days(self) -> list[date]:
        """The days, each that cannot be read named."""
        found, wrong = [], []
        for each in re.split(r"[\s,;]+", self.cleaned_data["other_days"].strip()):
            if not each:
                continue
            for pattern in PATTERNS:
                try:
                    found.append(datetime.strptime(each, pattern).date())  # noqa: DTZ007 -- a day, without hour or zone
                    break
                except ValueError:
                    continue
            else:
                wrong.append(each)
        if wrong:
            raise ValidationError(_("Ce n'est pas une date : %(wrong)s."), params={"wrong": ", ".join(wrong[:5])})
        return found

    def clean(self) -> dict[str, Any]:
        """What the chosen way to repeat needs."""
        said = super().clean()
        if said.get("repeat") == WEEKLY and not said.get("times") and "times" not in self.errors:
            self.add_error("times", _("Dites combien de sessions en tout."))
        if said.get("repeat") == DATES and not said.get("other_days") and "other_days" not in self.errors:
            self.add_error("other_days", _("Donnez au moins une autre date."))
        return said

    def days(self) -> list[date]:
        """Every day on which it shall take place, the first one included; call after ``is_valid()``."""
        said = self.cleaned_data
        first: date = said["day"]
        match said.get("repeat"):
            case "weekly":
                return [first + number * WEEK for number in range(said["times"])]
            case "dates":
                return [first, *said["other_days"]]
        return [first]

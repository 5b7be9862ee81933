"""Hours, attendance, and the period of a certificate (R33, R35, R36)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import DateInput, HoursField
from renfort.missions.models import Participation
from renfort.missions.services.hours import ABSENT, PRESENT, Attendance


class DeclareForm(forms.Form):
    """How many hours, on which days."""

    first_on = forms.DateField(label=_("Du"), widget=DateInput(), error_messages={"required": _("Dites quel jour.")})
    last_on = forms.DateField(label=_("Au"), required=False, widget=DateInput(), help_text=_("Laissez vide pour un seul jour."))
    quarters = HoursField(label=_("Nombre d'heures"), error_messages={"required": _("Dites combien d'heures.")})

    def clean(self) -> dict[str, Any]:
        """One day, when the last one is not said."""
        cleaned = super().clean() or {}
        cleaned["last_on"] = cleaned.get("last_on") or cleaned.get("first_on")
        return cleaned


class AttendanceForm(forms.Form):
    """What the organisation says of one person: came or not, and how many hours."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    came = forms.ChoiceField(
        label=_("Présence"),
        choices=[(PRESENT, _("Présent·e")), (ABSENT, _("Absent·e")), ("", _("Je ne sais pas encore"))],
        required=False,
        widget=forms.RadioSelect,
    )
    quarters = HoursField(label=_("Nombre d'heures"), required=False)

    def __init__(self, *args: Any, said_quarters: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if said_quarters:  # said already: confirmed or corrected where they stand
            del self.fields["quarters"]

    def clean(self) -> dict[str, Any]:
        """Hours are of people who came."""
        cleaned = super().clean() or {}
        if cleaned.get("quarters") and cleaned.get("came") == ABSENT:
            self.add_error("quarters", _("Une personne absente n'a pas donné d'heures."))
        return cleaned

    def answer(self, participation: Participation) -> Attendance:
        """What was said, for the service."""
        said = self.cleaned_data
        return Attendance(participation, said["seen"], said["came"], said.get("quarters"))


class CertificateForm(forms.Form):
    """Over which period, with which organisation."""

    organisation = forms.ChoiceField(label=_("Structure"), required=False)
    first_on = forms.DateField(
        label=_("Depuis le"), required=False, widget=DateInput(), help_text=_("Laissez vide pour tout compter.")
    )
    last_on = forms.DateField(
        label=_("Jusqu'au"), required=False, widget=DateInput(), help_text=_("Laissez vide pour aller jusqu'à aujourd'hui.")
    )

    def __init__(self, *args: Any, organisations: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = [("", _("Toutes les structures")), *((str(pk), name) for pk, name in organisations)]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """A period that begins before it ends, and has begun."""
        cleaned = super().clean() or {}
        first_on, last_on = cleaned.get("first_on"), cleaned.get("last_on")
        if first_on and last_on and first_on > last_on:
            self.add_error("last_on", _("Le dernier jour vient avant le premier."))
        if first_on and first_on > self.today:
            self.add_error("first_on", _("Ce jour est à venir."))
        return cleaned

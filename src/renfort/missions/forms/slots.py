"""The slots and the prerequisites of a mission, as parts of its form (R61, R66).

    extras = MissionExtras(request.POST, mission=mission)     # or MissionExtras(mission=mission) for a page to fill
    if extras.is_growing:                                     # a button of the part was pressed: show the page again
        extras.grow()
    elif form.is_valid() & extras.is_valid_with(form.cleaned_data):
        form.facts(…, slots=extras.slot_facts(), prerequisites=extras.prerequisites())

The page shows it with ``{% include "missions/host/_slots.html" %}`` and ``{% include "missions/host/_prerequisites.html" %}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from renfort.kernel.firing import Refused
from renfort.kernel.forms import DateInput, StepperInput, TimeInput
from renfort.kernel.templatetags.ui import hour_words, number, period_words
from renfort.missions.enums import SlotShape
from renfort.missions.models import Mission
from renfort.missions.models.mission import MOST_PREREQUISITES
from renfort.missions.services.slots import LONGEST_PREREQUISITE, MOST_SLOTS, SlotFacts, slot_facts_of

BUTTON, ADD, SERIES = "slots_do", "add", "series"
MOST_PLACES = 10_000


class Rhythm(TextChoices):
    """How a series comes back."""

    WEEKLY = "weekly", _("Chaque semaine, le même jour")
    DAILY = "daily", _("Chaque jour")


class HoursForm(forms.Form):
    """What a slot and a series share: shape, hours, places."""

    shape = forms.ChoiceField(label=_("Durée"), choices=SlotShape.choices, required=False)
    starts = forms.TimeField(label=_("De"), required=False, widget=TimeInput)
    ends = forms.TimeField(label=_("À"), required=False, widget=TimeInput)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=MOST_PLACES, required=False, widget=StepperInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.expected = True  # type: ignore[attr-defined]  # read by the field's template: needed in a row that says something

    def demand_hours(self, data: dict[str, Any]) -> None:
        """Say what is missing beside its field."""
        data["shape"] = data.get("shape") or SlotShape.HOURS
        if data["shape"] == SlotShape.HOURS:
            for name in ("starts", "ends"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Donnez l’heure, ou choisissez une autre durée."))
            if data.get("starts") is not None and data.get("starts") == data.get("ends"):
                self.add_error("ends", _("L’heure de fin est celle du début."))
        if data.get("places") is None and "places" not in self.errors:
            self.add_error("places", _("Dites combien de personnes."))


class SlotForm(HoursForm):
    """One slot. Empty, or taken away, it says nothing."""

    pk = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    day = forms.DateField(label=_("Jour"), required=False, widget=DateInput)
    gone = forms.BooleanField(label=_("Retirer ce créneau"), required=False)

    field_order = ("pk", "day", "shape", "starts", "ends", "places", "gone")

    @property
    def says_nothing(self) -> bool:
        """Whether it counts for nothing: no day, or taken away."""
        return not self.cleaned_data.get("day") or bool(self.cleaned_data.get("gone"))

    def clean(self) -> dict[str, Any]:
        """A slot is whole or empty."""
        data = super().clean() or self.cleaned_data
        if data.get("gone"):
            self.errors.clear()
            return data
        if "day" in self.errors:
            return data
        if data.get("day"):
            self.demand_hours(data)
        elif data.get("pk") or data.get("starts") or data.get("ends"):
            self.add_error("day", _("Donnez le jour du créneau."))
        return data

    def facts(self) -> SlotFacts:
        """The slot said; call after ``is_valid()`` when it says something."""
        data = self.cleaned_data
        is_timed = data["shape"] == SlotShape.HOURS
        return SlotFacts(
            pk=data.get("pk"),
            day=data["day"],
            shape=data["shape"],
            starts=data["starts"] if is_timed else None,
            ends=data["ends"] if is_timed else None,
            places=data["places"],
        )


class SeriesForm(HoursForm):
    """« chaque samedi de 9 h à 12 h du … au … »: becomes slots, which can then be changed one by one."""

    rhythm = forms.ChoiceField(label=_("Rythme"), choices=Rhythm.choices, required=False)
    first = forms.DateField(label=_("Premier jour"), required=False, widget=DateInput)
    last = forms.DateField(label=_("Jusqu’au"), required=False, widget=DateInput)

    field_order = ("rhythm", "first", "last", "shape", "starts", "ends", "places")

    @property
    def is_begun(self) -> bool:
        """Whether something of a series was typed."""
        return self.is_bound and any(self.data.get(self.add_prefix(name)) for name in ("first", "last", "starts", "ends"))

    def clean(self) -> dict[str, Any]:
        """A series has a first and a last day, in order, and not too many between."""
        data = super().clean() or self.cleaned_data
        for name in ("first", "last"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Donnez le premier et le dernier jour de la série."))
        self.demand_hours(data)
        if data.get("first") and data.get("last"):
            if data["last"] < data["first"]:
                self.add_error("last", _("Le dernier jour précède le premier."))
            elif len(self.days()) > MOST_SLOTS:
                self.add_error("last", str(_("Une mission a au plus %(n)d créneaux à venir.")) % {"n": MOST_SLOTS})
        return data

    def days(self) -> list[date]:
        """The days of the series, at most one too many."""
        step = timedelta(days=1 if self.cleaned_data.get("rhythm") == Rhythm.DAILY else 7)
        day: date = self.cleaned_data["first"]
        found: list[date] = []
        while day <= self.cleaned_data["last"] and len(found) <= MOST_SLOTS:
            found.append(day)
            day += step
        return found


SlotFormSet = forms.formset_factory(SlotForm, extra=0, max_num=MOST_SLOTS, absolute_max=MOST_SLOTS + 5)


class PrerequisitesForm(forms.Form):
    """At most three short sentences (R66)."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for n in range(1, MOST_PREREQUISITES + 1):
            self.fields[f"prerequisite_{n}"] = forms.CharField(
                label=str(_("Prérequis %(n)d")) % {"n": n}, max_length=LONGEST_PREREQUISITE, required=False
            )

    def sentences(self) -> list[str]:
        """Those written; call after ``is_valid()``."""
        return [value for value in self.cleaned_data.values() if value.strip()]


class MissionExtras:
    """Slots and prerequisites of one mission: see the module."""

    def __init__(
        self,
        data: QueryDict | Mapping[str, Any] | None = None,
        *,
        mission: Mission | None = None,
        sentences: Sequence[str] = (),
    ) -> None:
        self.mission, self.data = mission, data
        if data is not None and "slots-TOTAL_FORMS" in data:
            self.formset = SlotFormSet(data, prefix="slots")
            self.series = SeriesForm(data, prefix="series", use_required_attribute=False)
        else:
            rows = [_initial(fact) for fact in slot_facts_of(mission)] if mission is not None else []
            self.formset = SlotFormSet(prefix="slots", initial=rows)
            self.series = SeriesForm(prefix="series", initial={"places": 1})
        said = data if data is not None and "prerequisite_1" in data else None
        sentences = mission.prerequisites if mission is not None else sentences
        written = {f"prerequisite_{n}": sentence for n, sentence in enumerate(sentences, 1)}
        self.needs = PrerequisitesForm(said, initial=written)

    # ── the buttons of the part, which save nothing ────────────────────────────────────────────────
    @property
    def is_growing(self) -> bool:
        """Whether « Ajouter un créneau » or « Ajouter cette série » was pressed."""
        return self.data is not None and BUTTON in self.data

    def grow(self) -> None:
        """Answer the button: one row more, or those of the series; what was typed stays, and is not judged."""
        asked = self.data.get(BUTTON) if self.data is not None else ""
        typed = self._typed()
        if asked == SERIES and self.series.is_bound:
            if not self.series.is_valid():
                self.formset = SlotFormSet(prefix="slots", initial=typed)
                return
            typed += self._of_series()
            self.series = SeriesForm(prefix="series", initial={"places": self.series.cleaned_data["places"]})
        else:
            last = typed[-1] if typed else {}
            typed.append({"shape": last.get("shape"), "starts": last.get("starts"), "ends": last.get("ends"),
                          "places": last.get("places") or 1})  # fmt: skip
            self._keep_series()
        self.formset = SlotFormSet(prefix="slots", initial=typed[:MOST_SLOTS])

    def show_again(self) -> None:
        """The same page for another reason (« Chercher cette adresse »): what was typed, unjudged."""
        self.formset = SlotFormSet(prefix="slots", initial=self._typed())
        self._keep_series()

    def _typed(self) -> list[dict[str, Any]]:
        if not self.formset.is_bound:
            return [dict(form.initial) for form in self.formset.forms]
        rows = [{name: form.data.get(form.add_prefix(name), "") for name in form.fields} for form in self.formset.forms]
        return [row for row in rows if any(row[name] for name in ("pk", "day", "starts", "ends"))]

    def _keep_series(self) -> None:
        if self.series.is_bound:
            said = {name: self.series.data.get(self.series.add_prefix(name), "") for name in self.series.fields}
            self.series = SeriesForm(prefix="series", initial=said)

    def _of_series(self) -> list[dict[str, Any]]:
        said = self.series.cleaned_data
        same = {name: said[name] for name in ("shape", "starts", "ends", "places")}
        return [{"day": day, **same} for day in self.series.days()]

    # ── what was said ─────────────────────────────────────────────────────────────────────────────
    def is_valid_with(self, said: Mapping[str, Any]) -> bool:
        """Whether all of it can be saved with what the mission's form says (dates, place). A series that was typed and not
        added counts: nothing typed is lost."""
        if self.series.is_bound and not self.series.is_begun:  # its own fields stand empty on every page: nothing to correct
            self.series = SeriesForm(prefix="series", initial={"places": 1})
        elif self.series.is_bound:
            if not self.series.is_valid():
                return False
            self.formset = SlotFormSet(self._with_series(), prefix="slots")
            self.series = SeriesForm(prefix="series", initial={"places": 1})
        fine = not self.needs.is_bound or self.needs.is_valid()
        if self.formset.is_bound:
            fine &= self.formset.is_valid()
            for form in self.formset.forms:
                if form.is_valid() and not form.says_nothing:
                    self._judge(form, said)
            fine &= all(form.is_valid() for form in self.formset.forms)
        return fine

    def _with_series(self) -> dict[str, Any]:
        rows = [*self._typed(), *self._of_series()]
        data: dict[str, Any] = {"slots-TOTAL_FORMS": str(len(rows)), "slots-INITIAL_FORMS": "0"}
        for n, row in enumerate(rows):
            data |= {f"slots-{n}-{name}": _plain(value) for name, value in row.items()}
        return data

    def _judge(self, form: SlotForm, said: Mapping[str, Any]) -> None:
        """What only the rest of the form can tell: the mission's dates, the clocks of its place."""
        fact, first, last = form.facts(), said.get("starts_on"), said.get("ends_on")
        if first and last and not first <= fact.day <= last:
            dates = period_words(starts_on=first, ends_on=last)
            form.add_error("day", str(_("Ce jour sort des dates de la mission (%(dates)s).")) % {"dates": dates})
        place = said.get("place")
        if place is not None:
            try:
                fact.moments(place.department.zone)
            except Refused as refused:
                form.add_error("starts", str(refused))

    def slot_facts(self) -> list[SlotFacts] | None:
        """The slots said, None when the page did not show them; call after ``is_valid_with()``."""
        if not self.formset.is_bound:
            return None
        return [form.facts() for form in self.formset.forms if not form.says_nothing]

    def prerequisites(self) -> list[str] | None:
        """The prerequisites said, None when the page did not show them."""
        return self.needs.sentences() if self.needs.is_bound else None

    # ── what the page shows ───────────────────────────────────────────────────────────────────────
    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each row with the words that sum it up, folded when nothing is wrong with it."""
        return [
            {
                "form": form,
                "title": _title(form),
                "is_open": bool(form.is_bound and form.errors) or not _value(form, "day"),
            }
            for form in self.formset.forms
        ]

    @property
    def series_is_open(self) -> bool:
        """Whether a series is being written, or something is wrong with it."""
        return bool(self.series.is_bound and self.series.is_begun) or any(
            _value(self.series, name) for name in ("first", "last", "starts", "ends")
        )

    @property
    def anything_wrong(self) -> bool:
        """Whether something in here is to be corrected, which the page's summary cannot list by field."""
        forms_ = [*self.formset.forms, self.series, self.needs]
        return any(form.is_bound and form.errors for form in forms_)


def _initial(fact: SlotFacts) -> dict[str, Any]:
    return {"pk": fact.pk, "day": fact.day, "shape": fact.shape, "starts": fact.starts, "ends": fact.ends, "places": fact.places}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _value(form: forms.Form, name: str) -> Any:
    """What a field shows, as a value where it makes sense."""
    value = form[name].value()
    try:
        return form.fields[name].to_python(value)
    except forms.ValidationError:
        return None


def _title(form: SlotForm) -> str:
    day, places = _value(form, "day"), _value(form, "places")
    if not day:
        return str(_("Nouveau créneau"))
    shape, starts, ends = _value(form, "shape") or SlotShape.HOURS, _value(form, "starts"), _value(form, "ends")
    words = period_words(starts_on=day, ends_on=day)
    if shape != SlotShape.HOURS:
        words += f" · {str(SlotShape(shape).label).lower()}" if shape in SlotShape.values else ""
    elif starts and ends:
        words += f" · {hour_words(starts)}\u00a0– {hour_words(ends)}"
    if places:
        words += " · " + ngettext("%(n)s place", "%(n)s places", places) % {"n": number(places)}
    return words[:1].upper() + words[1:]

"""A whole address in a form: a search box that fills fields which stay editable by hand (R6, R11).

The group is a form class to inherit from. A form and a view that use it::

    class PlaceStep(AddressForm, OnceForm):
        sections = (AddressForm.place_section(_("Là où vous agissez")),)

    form = PlaceStep(request.POST or None, initial=initial_place(organisation))
    if form.is_searching:                        # « Chercher cette adresse », pressed without JavaScript
        form.search_place()                      # suggestions, or the fields filled from the chosen one; nothing is judged yet
        return render(request, "…", {"form": form})
    if form.is_valid():
        place = form.cleaned_data["place"]       # a ChosenAddress
        save(address=place.address, city=place.city, department=place.department.code, …)

The page shows ``{{ form }}`` and loads ``{{ form.media }}``. Other forms of the same page that must not be judged while one
searches: ``unjudged(formset)``. Whoever does not need the whole place overrides ``place_need``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.forms.widgets import Media, Script
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import PostcodeInput, Section
from renfort.territories.models import Commune, Department
from renfort.territories.selectors import departments
from renfort.territories.selectors.addresses import (
    LONGEST_ADDRESS,
    LONGEST_CITY,
    Suggestion,
    commune_named,
    departments_of_postcode,
    elsewhere,
    neighbourhoods,
    suggest_addresses,
    usual_postcodes,
)
from renfort.territories.selectors.wording import LONGEST as LONGEST_SEARCH
from renfort.territories.selectors.wording import words

FILLED = ("address", "postcode", "city", "department", "latitude", "longitude", "commune")  # by a suggestion, in this order
SEARCH, USE = "search", "use"  # what the button says
LONGEST_CHOICE = 2_000  # characters of a suggestion that comes back from the page
POSTCODE_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenAddress:
    """A place that holds together: the postcode lies in the department, the point in its neighbourhood.

    `commune` is None when nobody knows the city under that name; latitude and longitude (degrees, WGS 84) are both None
    when neither they nor the commune are known.
    """

    address: str
    postcode: str
    city: str
    commune: Commune | None
    department: Department
    latitude: float | None
    longitude: float | None


class PlaceNeed(Enum):
    """How much of a place a form wants."""

    WHOLE = "whole"  # department, address and city are required (R6)
    DEPARTMENT = "department"  # at a distance (R11): the department alone counts, the rest is not even looked at
    WHATEVER = "whatever"  # a draft: what is given must hold together


def initial_place(thing: Any) -> dict[str, Any]:
    """The initial values of the group, from anything that has an address (organisation, mission…)."""
    return {
        "address": thing.address,
        "postcode": thing.postcode,
        "city": thing.city,
        "department": thing.department_id,
        "commune": thing.commune_id or "",
        "latitude": thing.latitude,
        "longitude": thing.longitude,
    }


def unjudged(*pieces: forms.BaseForm | forms.BaseFormSet[Any]) -> None:
    """Show bound forms with what was typed and without their errors: the person is still searching for an address."""
    for piece in pieces:
        if isinstance(piece, forms.BaseForm):
            piece._errors = ErrorDict()  # type: ignore[attr-defined]  # Django's own mark of « has been cleaned »
            piece.cleaned_data = {}
        else:
            unjudged(*piece.forms)


class AddressInput(forms.Widget):
    """The search box, which the script turns into a combobox; a button and radio buttons where there is no script."""

    template_name = "territories/address.html"
    offered: list[Suggestion] | None
    sentence: str | Promise
    seen: str  # what the fields held when suggestions were offered

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "maxlength": str(LONGEST_SEARCH), **(attrs or {})})
        self.offered, self.sentence, self.seen = None, "", ""

    @property
    def media(self) -> Media:
        """The script is a module: it waits for the page and runs once."""
        return Media(
            css={"all": ["territories/suggest.css"]},
            js=[Script("territories/suggest.js", type="module")],  # type: ignore[list-item]  # new in Django 5.2, the stubs wait
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"] |= {
            "type": "text",
            "value": value or "",
            "offered": [(json.dumps(_filling(each)), each) for each in self.offered or ()],
            "sentence": self.sentence,
            "seen": self.seen,
            "suggest_url": reverse("territories:addresses"),
            "prefix": name.removesuffix("place_search"),
            "fills": " ".join(FILLED),
        }
        return context


class CoordinateField(forms.CharField):
    """Degrees, with a comma or a point; « ° » is forgiven. Cleans to a float, None when empty."""

    def __init__(self, *, most: float, example: str, **kwargs: Any) -> None:
        self.most, self.example = most, example
        super().__init__(max_length=30, required=False, widget=forms.TextInput({"inputmode": "decimal"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored number, written so that it is understood again."""
        return _degrees(value) if isinstance(value, float | int) else value

    def clean(self, value: Any) -> Any:
        """The number of degrees.

        Raises:
            ValidationError: it is no number, or no such degree exists.
        """
        text = super().clean(value).replace("\N{DEGREE SIGN}", "").replace(",", ".").strip()
        if not text:
            return None
        try:
            number = float(text) if text.isascii() else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValidationError(_("Écrivez un nombre de degrés, par exemple %(example)s."), params={"example": self.example})
        if abs(number) > self.most:
            raise ValidationError(_("Écrivez un nombre entre −%(most)d et %(most)d."), params={"most": self.most})
        return number


class AddressForm(forms.Form):
    """The group of fields of a place. ``place_fallback``: the code of the department of a draft that names none.

    ``cleaned_data["place"]`` is a ``ChosenAddress`` once the form is valid. At most eight queries, whatever is typed.
    """

    place_search = forms.CharField(
        label=_("Lieu"),
        max_length=LONGEST_SEARCH,
        required=False,
        help_text=_("Cherchez une adresse : les champs qui suivent se remplissent, et restent modifiables à la main."),
        widget=AddressInput,
    )
    department = forms.ChoiceField(label=_("Département"), required=False)
    address = forms.CharField(
        label=_("Adresse"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("Numéro et rue ; « bis » et « ter » conviennent."),
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    postcode = forms.CharField(label=_("Code postal"), max_length=10, required=False, widget=PostcodeInput({"maxlength": "10"}))
    city = forms.CharField(
        label=_("Ville"), max_length=LONGEST_CITY, required=False, widget=forms.TextInput({"autocomplete": "address-level2"})
    )
    latitude = CoordinateField(label=_("Latitude"), most=90, example="44,8378")
    longitude = CoordinateField(label=_("Longitude"), most=180, example="-0,5792")
    commune = forms.CharField(max_length=5, required=False, widget=forms.HiddenInput)
    place_before = forms.CharField(max_length=LONGEST_CHOICE, required=False, widget=forms.HiddenInput)

    place_is_expected: ClassVar[bool] = True  # « facultatif » stands beside the other fields only; False: the form marks its own
    PLACE_FIELDS: ClassVar[tuple[str, ...]] = ("place_search", "department", "address", "postcode", "city")
    POINT_FIELDS: ClassVar[tuple[str, ...]] = ("latitude", "longitude")

    @classmethod
    def place_section(cls, title: str | Promise, *, help: str | Promise = "") -> Section:
        """The group as one section of a form: the point is folded away, few people need it."""
        return Section(
            title, [*cls.PLACE_FIELDS], help, pairs=True, fold=_("Position exacte sur la carte"), folded=[*cls.POINT_FIELDS]
        )

    def __init__(self, data: Any = None, *, place_fallback: str = "", initial: Any = None, **kwargs: Any) -> None:
        initial = dict(initial or {})
        initial.setdefault("place_before", json.dumps([_shown(initial.get(name)) for name in FILLED]))
        super().__init__(data, initial=initial, **kwargs)
        self.place_departments = {each.code: each for each in departments()}
        self.place_fallback = place_fallback
        choices = [("", _("Choisissez")), *((code, f"{code} – {each.name}") for code, each in self.place_departments.items())]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        expected = ("department", "address", "city") if self.place_is_expected else ()
        for name in ("place_search", *expected):  # the search box asks for nothing
            self.fields[name].expected = True  # type: ignore[attr-defined]  # read by the field's template
        for name in expected:
            self.fields[name].widget.attrs["aria-required"] = "true"
        self._choice: dict[str, str] | None = None
        if self.is_bound:
            self._take_choice()

    # ── what the form wants ───────────────────────────────────────────────────────────────────────
    def place_need(self) -> PlaceNeed:
        """How much of the place is wanted; may look at ``self.cleaned_data`` of the other fields."""
        return PlaceNeed.WHOLE

    # ── without JavaScript ────────────────────────────────────────────────────────────────────────
    @property
    def is_searching(self) -> bool:
        """Whether « Chercher cette adresse » or « Utiliser cette adresse » was pressed: show the page again, save nothing."""
        return self.is_bound and self._go in self.data

    def search_place(self) -> None:
        """Answer the button: offer suggestions, or leave the fields filled by the chosen one. Judges nothing."""
        unjudged(self)
        if self._choice is not None:
            return
        widget = self.fields["place_search"].widget
        text = str(self.data.get(self.add_prefix("place_search")) or "").strip()[:LONGEST_SEARCH]
        if not text:
            widget.sentence = _("Écrivez une adresse dans « Lieu », puis cherchez-la.")
            return
        found = suggest_addresses(text)
        widget.offered, widget.seen = found.rows, json.dumps([*self._typed().values()])
        if not found.rows:
            widget.sentence = (
                _("Aucune adresse trouvée : écrivez-la à la main.")
                if found.answered
                else _("Les suggestions ne répondent pas : écrivez l'adresse à la main.")
            )

    @property
    def _go(self) -> str:
        return f"{self.add_prefix('place_search')}_go"

    def _take_choice(self) -> None:
        """Fill the fields from the radio button that was chosen; a field changed by hand meanwhile keeps its text.

        What is chosen is checked as if it had been typed: nothing of it is believed.
        """
        given = _mapping(self.data.get(f"{self.add_prefix('place_search')}_choice"))
        if given is None:
            return
        seen = self._values(f"{self.add_prefix('place_search')}_seen")
        typed = self._typed()
        filled = self.data.copy() if isinstance(self.data, QueryDict) else dict(self.data)
        for name in FILLED:
            if self.data.get(self._go) == USE or typed[name] == seen.get(name, typed[name]):
                filled[self.add_prefix(name)] = given.get(name, "")
        filled[self.add_prefix("place_before")] = json.dumps([given.get(name, "") for name in FILLED])
        self.data, self._choice = filled, given

    def _typed(self) -> dict[str, str]:
        """What the fields hold, as it came."""
        return {name: str(self.data.get(self.add_prefix(name)) or "") for name in FILLED}

    def _values(self, key: str) -> dict[str, str]:
        """The values of the fields that the page keeps under this name; {} when there are none that can be read."""
        try:
            values = json.loads(str(self.data.get(key) or "")[:LONGEST_CHOICE])
        except (ValueError, RecursionError):
            return {}
        if not isinstance(values, list) or len(values) != len(FILLED):
            return {}
        return {name: str(value) for name, value in zip(FILLED, values, strict=True)}

    # ── what it means ─────────────────────────────────────────────────────────────────────────────
    def clean_postcode(self) -> str:
        """Five digits, « 33 800 » forgiven."""
        code = "".join(self.cleaned_data["postcode"].split())
        if code and not (code.isascii() and code.isdecimal() and len(code) == POSTCODE_DIGITS):
            raise ValidationError(_("Un code postal a cinq chiffres, par exemple 33000."))
        return code

    def clean(self) -> dict[str, Any]:
        """Make the place of the fields, or say beside each what does not hold together."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        need = self.place_need()
        if need is PlaceNeed.DEPARTMENT:
            for name in (*self.PLACE_FIELDS, *self.POINT_FIELDS):
                if name != "department":
                    self.errors.pop(name, None)
            data |= dict.fromkeys(("address", "postcode", "city", "commune"), "") | dict.fromkeys(self.POINT_FIELDS)
        data["place"] = self._place(data, need)
        return data

    def _place(self, data: dict[str, Any], need: PlaceNeed) -> ChosenAddress | None:
        city, postcode = " ".join((data.get("city") or "").split()), data.get("postcode") or ""
        address = " ".join((data.get("address") or "").split())
        code = data.get("department") or ""
        commune = commune_named(city, postcode=postcode, department=code, hint=data.get("commune") or "") if city else None
        department = self.place_departments.get(code) or self._guessed(commune, postcode, need)
        self._demand(need, address=address, city=city, department=department)
        if department is None:
            return None
        self._agree(department, postcode, city, commune)
        if commune and commune.department_id != department.code:
            commune = None
        latitude, longitude = self._point(data, department, commune)
        if commune and not postcode and "postcode" not in self.errors:
            postcode = usual_postcodes([commune.pk]).get(commune.pk, "")
        return ChosenAddress(
            address=address,
            postcode=postcode,
            city=city,
            commune=commune,
            department=department,
            latitude=latitude,
            longitude=longitude,
        )

    def _guessed(self, commune: Commune | None, postcode: str, need: PlaceNeed) -> Department | None:
        """The department that was left out: of the commune, of the postcode when it is in one alone, else the draft's."""
        if "department" in self.errors:
            return None
        if commune:
            return self.place_departments[commune.department_id]
        found = departments_of_postcode(postcode) if postcode else []
        if len(found) == 1:
            return self.place_departments[found[0]]
        return None if need is PlaceNeed.WHOLE else self.place_departments.get(self.place_fallback)

    def _demand(self, need: PlaceNeed, *, address: str, city: str, department: Department | None) -> None:
        if department is None and need is not PlaceNeed.WHATEVER:
            self._say("department", _("Choisissez le département."))
        if need is PlaceNeed.WHOLE:
            if not address:
                self._say("address", _("Indiquez l'adresse : numéro et rue, ou lieu-dit."))
            if not city:
                self._say("city", _("Indiquez la ville."))

    def _agree(self, department: Department, postcode: str, city: str, commune: Commune | None) -> None:
        """Say when the postcode, or the city, belongs to another department; correcting either is enough."""
        known = departments_of_postcode(postcode) if postcode else []
        if known and department.code not in known:
            other = self.place_departments[known[0]]
            self._say(
                "postcode",
                _("Le code postal %(postcode)s est dans le département %(department)s : corrigez l'un ou l'autre.")
                % {"postcode": postcode, "department": other},
            )
        elif city and commune is None and not postcode and (other_commune := elsewhere(city, department=department.code)):
            self._say(
                "city",
                _("%(city)s est dans le département %(department)s : corrigez l'un ou l'autre, ou donnez le code postal.")
                % {"city": other_commune.name, "department": self.place_departments[other_commune.department_id]},
            )

    def _point(self, data: dict[str, Any], department: Department, commune: Commune | None) -> tuple[float | None, float | None]:
        """The point that was given when it is one of this place, else the commune's centre."""
        latitude, longitude = data.get("latitude"), data.get("longitude")
        wrong = any(name in self.errors for name in self.POINT_FIELDS)
        if not wrong and (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            self._say(missing, _("Donnez la latitude et la longitude, ou aucune des deux."))
            wrong = True
        if latitude is None or longitude is None or wrong or self._is_of_before(data):
            return (commune.latitude, commune.longitude) if commune else (None, None)
        box = neighbourhoods({department.code}).get(department.code)
        if box and not box.holds(latitude, longitude):
            self._say(
                "latitude",
                _("Ce point est loin du département %(department)s : corrigez la latitude et la longitude, ou videz-les.")
                % {"department": department},
            )
        return latitude, longitude

    def _is_of_before(self, data: dict[str, Any]) -> bool:
        """Whether the point is still that of an address which has been changed by hand since: it means nothing any more."""
        before = self._values(self.add_prefix("place_before"))
        given = tuple(str(self.data.get(self.add_prefix(name)) or "") for name in self.POINT_FIELDS)
        if not before or given != (before["latitude"], before["longitude"]):
            return False
        moved = any(words(data.get(name) or "") != words(before[name]) for name in ("postcode", "city") if before[name])
        old, new = _bits(before["address"]), _bits(data.get("address") or "")
        return moved or not (old <= new or new <= old)  # « bâtiment B » added to it is still the same address

    def _say(self, name: str, sentence: str | Promise) -> None:
        """One sentence a field: the first is the one to act upon."""
        if name not in self.errors:
            self.add_error(name, str(sentence))


def _bits(address: str) -> set[str]:
    """The words and numbers of an address: « 12bis » and « 12 bis » are the same."""
    return set(re.findall(r"\d+|[a-z]+", words(address)))


def _filling(suggestion: Suggestion) -> dict[str, str]:
    """What a suggestion writes into the fields."""
    plain = suggestion.plain()
    return {name: _shown(plain[name]) for name in FILLED}


def _shown(value: Any) -> str:
    """A value as its field shows it."""
    return _degrees(value) if isinstance(value, float | int) else str(value or "")


def _degrees(value: float) -> str:
    """Six decimals at most (10 cm), with a point: what the script writes, and the field reads."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _mapping(text: Any) -> dict[str, str] | None:
    """A suggestion that comes back from the page; None when it is none."""
    try:
        found = json.loads(str(text or "")[:LONGEST_CHOICE])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, Mapping):
        return None
    return {name: str(found[name]) for name in FILLED if isinstance(found.get(name), str)}

"""« Ville ou code postal »: one box, understood without JavaScript, quicker with it (R6, R17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Media, Script
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.territories.models import Commune
from renfort.territories.selectors import communes_matching
from renfort.territories.selectors.wording import Wording, read, without_article

MOST = 12  # communes offered when a text means several: a postcode of the mountains has as many


@dataclass(frozen=True, slots=True)
class ChosenCommune:
    """The commune that was meant, with the postcode that was typed, or its only one; "" when it has several."""

    commune: Commune
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What comes from the page: the text, and the code of the commune chosen among several (or from the suggestions)."""

    text: str = ""
    code: str = ""


class CommuneInput(forms.Widget):
    """A text box that the script turns into a combobox; radio buttons under it when the text means several communes."""

    template_name = "territories/commune.html"
    input_type = "text"
    offered: list[Commune]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "maxlength": "100", **(attrs or {})})
        self.offered = []

    @property
    def media(self) -> Media:
        """The script is a module: it waits for the page and runs once."""
        return Media(
            css={"all": ["territories/suggest.css"]},
            js=[Script("territories/suggest.js", type="module")],  # type: ignore[list-item]  # new in Django 5.2, the stubs wait
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        """The text and the choice."""
        return Typed(text=str(data.get(name) or "").strip(), code=str(data.get(f"{name}_commune") or ""))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the box was on the page at all."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows."""
        context: dict[str, Any] = super().get_context(name, None, attrs)
        typed = value if isinstance(value, Typed) else Typed(text=str(value or ""))
        context["widget"] |= {
            "type": self.input_type,
            "value": typed.text,
            "code": typed.code,
            "offered": self.offered,
            "suggest_url": reverse("territories:suggest"),
        }
        return context


class CommuneField(forms.Field):
    """A commune by its name or postcode. Cleans to a ``ChosenCommune``, or None when empty and not required.

    One match: that commune. Several (a postcode of five communes, « Saint-Denis »): the form comes back with the choice of
    what was meant, and nothing else lost. A Commune or a ChosenCommune may be the initial value.
    """

    widget = CommuneInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Ville ou code postal"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the box shows of an initial value."""
        commune = value.commune if isinstance(value, ChosenCommune) else value
        return Typed(text=str(commune), code=commune.pk) if isinstance(commune, Commune) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another place was typed."""
        before, now = self.prepare_value(initial) or Typed(), data or Typed()
        return bool(before != now)

    def clean(self, value: Typed) -> ChosenCommune | None:
        """Understand the text; the choice among several counts when it is one that the text may mean.

        Raises:
            ValidationError: nothing typed, nothing understood, or several communes understood.
        """
        if not value.text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        wording = read(value.text)
        found = communes_matching(value.text, limit=MOST)
        meant = [commune for commune in found if commune.pk == value.code] or _surely(wording, found)
        if len(meant) == 1:
            return ChosenCommune(meant[0], _postcode(wording, meant[0]))
        if not found:
            raise ValidationError(_("Cette commune n'est pas connue : vérifiez son nom, ou écrivez son code postal."))
        self.widget.offered = meant or found  # each form has its own copy of the widget
        raise ValidationError(_("Plusieurs communes correspondent : choisissez la vôtre dans la liste."), code="several")


def _surely(wording: Wording, found: list[Commune]) -> list[Commune]:
    """The communes that the text names without a doubt; several when it does not say which, none when it is only alike."""
    if wording.postcode:
        cities = {commune.parent_id for commune in found}  # 75011 is Paris 11e, not Paris
        return [commune for commune in found if commune.pk not in cities]
    named = [commune for commune in found if commune.sort_name in wording.spellings]
    if wording.department:
        return [commune for commune in named if commune.department_id == wording.department]
    if wording.within:
        within = without_article(wording.within)
        return [commune for commune in named if without_article(commune.department.sort_name) == within] or named
    return named


def _postcode(wording: Wording, commune: Commune) -> str:
    """The postcode typed when it is the commune's, else its only one."""
    codes = list(commune.postcodes.values_list("code", flat=True)[:2] if not wording.postcode else [])
    if wording.postcode:
        return wording.postcode if commune.postcodes.filter(code=wording.postcode).exists() else ""
    return codes[0] if len(codes) == 1 else ""

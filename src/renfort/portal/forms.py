"""What the operator sets, drawn from the declarations: one field per setting, with its own words and bounds (R58)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from renfort.kernel import images
from renfort.kernel.actors import Actor
from renfort.kernel.colours import HEX, LIGHT, READABLE, contrast
from renfort.notifications.catalogue import VARIABLE
from renfort.parameters.catalogue import AnySetting, Kind, Setting, Sheet
from renfort.parameters.selectors import in_force
from renfort.parameters.services import keep_picture, set_value

REMOVED = "_removed"
LOGO_BOX, TAB = (432, 108), 96  # pixels: three for each that a header shows, and the side of a tab's picture


def field_name(setting: AnySetting) -> str:
    """The name of a setting's field: the last word of its key, with the language of a text."""
    parts = setting.key.split(".")
    return "_".join(parts[-2:]) if setting.language else parts[-1]


class SheetForm(forms.Form):
    """The settings of one sheet. A picture is a file to send, with a box to take away the one that is there."""

    def __init__(self, data: Any = None, files: Any = None, *, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.sheet = sheet
        self.now = in_force(sheet.settings)
        for setting in sheet.settings:
            name = field_name(setting)
            self.fields[name] = _field(setting, self.now[setting.key])
            if setting.kind == Kind.PICTURE and self.now[setting.key]:
                self.fields[f"{name}{REMOVED}"] = forms.BooleanField(label=_("Retirer le logo"), required=False)

    def clean(self) -> dict[str, Any]:
        """Colours can be read, variables exist."""
        for setting in self.sheet.settings:
            name = field_name(setting)
            value = self.cleaned_data.get(name)
            if isinstance(value, str) and value:
                try:
                    _check(setting, value)
                except ValidationError as error:
                    self.add_error(name, error)
        return self.cleaned_data

    def save(self, *, actor: Actor) -> None:
        """Write what changed; call after ``is_valid()``."""
        for setting in self.sheet.settings:
            value = self.cleaned_data[field_name(setting)]
            if setting.kind == Kind.PICTURE:
                value = self._picture(setting)
            if isinstance(value, list):
                value = ",".join(sorted(value))
            set_value(cast(Setting[str], setting), value, actor=actor)

    def _picture(self, setting: AnySetting) -> str:
        """The name of the picture sent, "" when it is taken away, else the one that is there."""
        name = field_name(setting)
        if sent := self.cleaned_data[name]:
            return keep_picture(sent)
        return "" if self.cleaned_data.get(f"{name}{REMOVED}") else str(self.now[setting.key])


class LogoField(forms.FileField):
    """A file that is a picture; cleaned, it is what to keep of it, by part."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """What to keep, None when nothing was sent.

        Raises:
            ValidationError: with the sentence that says why the file cannot be a picture.
        """
        file = super().clean(data, None)
        return images.renditions(file, max(LOGO_BOX), _logo_parts) if file else None


def _logo_parts(image: Image.Image) -> dict[str, Image.Image]:
    """In its proportions for the header; whole on a white square for the browser's tab."""
    beside, tab = image.copy(), ImageOps.pad(image, (TAB, TAB), Image.Resampling.LANCZOS, color="white")
    beside.thumbnail(LOGO_BOX, Image.Resampling.LANCZOS)
    return {"logo": beside, "icone": tab}


def _field(setting: AnySetting, value: Any) -> forms.Field:
    said: dict[str, Any] = {"label": str(setting.label), "help_text": _help(setting), "initial": value}
    if setting.kind == Kind.CHOICE:
        return forms.ChoiceField(choices=setting.choices, widget=forms.RadioSelect, **said)
    if setting.kind == Kind.SEVERAL:
        said["initial"] = [each for each in str(value).split(",") if each]
        return forms.MultipleChoiceField(choices=setting.choices, widget=forms.CheckboxSelectMultiple, required=False, **said)
    if isinstance(setting.default, bool):
        return forms.BooleanField(required=False, **said)
    if isinstance(setting.default, int):
        return forms.IntegerField(min_value=setting.lowest, max_value=setting.highest, **said)
    if setting.kind == Kind.PICTURE:
        wrong = {"empty": _("Ce fichier est vide : choisissez une autre image.")}
        said |= {"initial": None, "required": False, "max_length": 1000, "error_messages": wrong}
        return LogoField(widget=forms.FileInput({"accept": images.ACCEPT}), **said)
    said |= {"required": False, "max_length": setting.longest}
    if setting.kind == Kind.EMAIL:
        return forms.EmailField(**said)
    if setting.kind == Kind.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 5, "lang": setting.language or False}), **said)
    return forms.CharField(**said)


def _help(setting: AnySetting) -> str:
    words = [str(setting.help)]
    if setting.variables:
        words.append(_("Variables : %(names)s.") % {"names": ", ".join(f"{{{name}}}" for name in setting.variables)})
    return " ".join(filter(None, words))


def _check(setting: AnySetting, value: str) -> None:
    if setting.kind == Kind.COLOUR:
        if not HEX.fullmatch(value.lower()):
            raise ValidationError(_("Écrivez un dièse et six chiffres ou lettres de a à f : #1f4f9c."))
        found = contrast(value.lower(), LIGHT)
        if found < READABLE:
            raise ValidationError(
                _("Cette couleur se lit mal sur fond clair : contraste de %(found)s, il en faut 4,5. Prenez-la plus foncée.")
                % {"found": number_format(found, decimal_pos=1)}
            )
    unknown = [name for name in VARIABLE.findall(value) if name not in setting.variables] if setting.variables else []
    if unknown:
        raise ValidationError(
            _("« {%(name)s} » n'est pas une variable de ce texte. Celles qu'il connaît : %(names)s.")
            % {"name": unknown[0], "names": ", ".join(f"{{{each}}}" for each in setting.variables)}
        )

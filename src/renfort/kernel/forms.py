"""How every form looks: the renderer and the widgets. No template writes a field by hand: ``{{ form }}`` is enough."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django import forms
from django.forms import renderers
from django.forms.boundfield import BoundField
from django.template.backends.django import DjangoTemplates
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from renfort.kernel.durations import duration_words, quarters_of

_HERE = Path(__file__).parent


class Section(NamedTuple):
    """A heading of a long form: ``sections = [Section(_("Le lieu"), ["address", "city"])]`` on the form class."""

    title: str | Promise
    fields: list[str]
    help: str | Promise = ""
    pairs: bool = False  # short fields two by two where there is room
    fold: str | Promise = ""  # what is folded away under this title: fields that few people need
    folded: Sequence[str] = ()


class Field(BoundField):
    """A field of a page: says to assistive tools what the eye sees around it."""

    @property
    def aria_describedby(self) -> str | None:
        """Add the counter of characters to the help and the error that Django already names."""
        said = super().aria_describedby
        more = [each for each in (self.remark_id, self.counter_id) if each]
        if more and said is not None:
            return " ".join([said, *more]).strip()
        return said or self.remark_id or None

    @property
    def remark_id(self) -> str:
        """The id of what a reader asked to correct here: fields whose form says so carry a ``remark`` (R52)."""
        return f"{self.auto_id}_remark" if getattr(self.field, "remark", "") else ""

    @property
    def counter_id(self) -> str:
        """The id of the counter: only long texts with a limit have one."""
        if isinstance(self.field.widget, forms.Textarea) and getattr(self.field, "max_length", None):
            return f"{self.auto_id}_counter"
        return ""

    @property
    def anchor(self) -> str:
        """Where the error summary leads: the control itself, or the first of a group."""
        return self.id_for_label or f"{self.auto_id}_0"

    @property
    def kind(self) -> str:
        """What the template must know of the widget."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        return "group" if self.use_fieldset else "plain"

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> dict[str, Any]:
        """Say the error on the group of choices, not on each choice; tell the counter which text it counts."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if self.counter_id:
            built["data-counter"] = self.counter_id
        return built


class Renderer(renderers.BaseRenderer):
    """Our templates first, Django's for what we leave as it is, without installing ``django.forms`` as an app."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field

    @cached_property
    def engine(self) -> DjangoTemplates:
        """An engine of its own: widget templates of the kernel come before Django's."""
        return DjangoTemplates(
            {
                "NAME": "forms",
                "DIRS": [_HERE / "templates", Path(renderers.__file__).parent / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"builtins": ["renfort.kernel.templatetags.ui", "django.templatetags.i18n"]},
            }
        )

    def get_template(self, template_name: str) -> Any:
        """Find a template by name."""
        return self.engine.get_template(template_name)


class DateInput(forms.DateInput):
    """The browser's own date field: it speaks the reader's language and needs no script."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class StepperInput(forms.NumberInput):
    """A number with − and + on its sides, for places and the like."""

    template_name = "forms/stepper.html"


class Tick(forms.CheckboxInput):
    """A statement to tick, shown as a card. The field's label is the statement."""


class TickChoice(NamedTuple):
    """One line of a list to tick. ``refusal``: it cannot be ticked, and the sentence stands beside it."""

    value: str
    label: str | Promise
    note: str | Promise = ""
    refusal: str | Promise = ""


class TickList(forms.CheckboxSelectMultiple):
    """Lines to tick, greyed with their reason where they cannot be; a long list unfolds.

    A list of which nothing is ticked and a list that was not shown differ: the second has no marker, and reads None.
    """

    template_name = "forms/tick_list.html"
    first = 10  # so many lines before the rest is folded

    def __init__(self, items: Sequence[TickChoice] = ()) -> None:
        super().__init__()
        self.items = list(items)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was ticked; None when the list was not on the page."""
        if f"{name}-shown" not in data and name not in data:
            return None
        given = super().value_from_datadict(data, files, name)
        return given if given is not None else []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The lines as the template shows them."""
        context = super().get_context(name, value, attrs)
        ticked = {str(each) for each in value or ()}
        lines = [(number, item, item.value in ticked) for number, item in enumerate(self.items)]
        late = lines[self.first :] if len(lines) > self.first + 2 else []
        context["widget"] |= {
            "lines": lines[: len(lines) - len(late)],
            "more": late,
            "unfold": any(is_ticked for _number, _item, is_ticked in late),
        }
        return context


class TicksField(forms.MultipleChoiceField):
    """Some of ``items``. ``unsaid``: what a form that did not show the list means: all of it when nothing is refused,
    else this sentence; without it, nothing was ticked."""

    widget: TickList

    def __init__(self, *, items: Sequence[TickChoice], unsaid: str | Promise = "", **kwargs: Any) -> None:
        self.items, self.unsaid = list(items), unsaid
        super().__init__(choices=[(item.value, item.label) for item in items], widget=TickList(items), **kwargs)

    def clean(self, value: Any) -> list[str]:
        """The values ticked.

        Raises:
            ValidationError: one of them cannot be ticked (its own sentence), or does not exist, or none was.
        """
        if value is None and self.unsaid:
            if any(item.refusal for item in self.items):
                raise forms.ValidationError(str(self.unsaid))
            value = [item.value for item in self.items]
        chosen: list[str] = super().clean(value)
        refused = [item for item in self.items if item.refusal and item.value in chosen]
        if refused:
            raise forms.ValidationError([f"{item.label}\u00a0: {item.refusal}" for item in refused])
        return chosen


class EmailInput(forms.EmailInput):
    """An address: the keyboard of a phone shows the @, and the browser may fill it in."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "email", "spellcheck": "false", **(attrs or {})})


class PhoneInput(forms.TextInput):
    """A phone number: the keypad of a phone, and the browser may fill it in."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "tel", **(attrs or {})})


class PostcodeInput(forms.TextInput):
    """A French postcode: digits only, never an arrow that adds one."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "postal-code", "maxlength": "5", **(attrs or {})})


class Quarters(int):
    """Quarters of an hour, told as a duration: what a history keeps of it is readable."""

    def __str__(self) -> str:
        return duration_words(self)


class HoursField(forms.CharField):
    """A duration as people write one (« 7 h 30 », « 7,5 », « 7:30 », « 45 min »), to the quarter of an hour."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Au quart d'heure près. Par exemple : 7 h 30, 7,5 ou 45 min."))
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "size": "8"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The quarters of an hour; None when nothing was said and nothing had to be.

        Raises:
            ValidationError: it is no duration, or not to the quarter of an hour.
        """
        text = super().clean(value)
        if not text:
            return None
        quarters = quarters_of(text)
        if quarters is None:
            raise forms.ValidationError(_("Écrivez un nombre d'heures au quart d'heure près : 7 h 30, 7,5 ou 45 min."))
        if quarters < 1:
            raise forms.ValidationError(_("Dites au moins un quart d'heure."))
        return Quarters(quarters)

    def prepare_value(self, value: Any) -> Any:
        """Numbers are shown as durations."""
        return duration_words(value) if isinstance(value, int) else value

"""The fields of the public search, as safe HTML: one page draws six of them with all their options."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe

from renfort.kernel.templatetags.ui import icon


def select_field(*, name: str, label: object, options: Iterable[tuple[str, object]], chosen: str, fault: str = "") -> SafeString:
    """A drop-down list with its label; ``options`` are (value, label)."""
    inside = "".join(
        f'<option value="{esc(value)}"{" selected" if value == chosen else ""}>{esc(str(said))}</option>'
        for value, said in options
    )
    return _field(name, label, f'<select name="{name}" id="{name}"{_invalid(name, fault)}>{inside}</select>', fault)


def date_field(*, name: str, label: object, value: str, fault: str = "") -> SafeString:
    """A day, in the browser's own calendar."""
    inside = f'<input type="date" name="{name}" id="{name}" value="{esc(value)}"{_invalid(name, fault)}>'
    return _field(name, label, inside, fault)


def _invalid(name: str, fault: str) -> str:
    return f' aria-invalid="true" aria-describedby="{name}-faute"' if fault else ""


def _field(name: str, label: object, inside: str, fault: str) -> SafeString:
    said = f'<div class="error" id="{name}-faute">{icon("warning")}<span>{esc(fault)}</span></div>' if fault else ""
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<div class="field f-{name}{" field-error" if fault else ""}">'
        f'<label class="field-label" for="{name}">{esc(str(label))}</label>{inside}{said}</div>'
    )

"""Read what the operator has set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import get_language

from renfort.kernel.recent import recent
from renfort.parameters.catalogue import COLOUR, DOORS, FRONT, LOGO, OPEN, PAGES_TEXTS, PROGRAMMES, SITE_NAME, AnySetting, Setting
from renfort.parameters.models import Value

T = TypeVar("T", str, int, bool)
PARTS = ("logo", "icone")  # of a picture that is a setting: beside the name, and in the browser's tab


def value_of(setting: Setting[T]) -> T:
    """The value in force now; the declared default when nothing was set. One query."""
    row = Value.objects.filter(key=setting.key, valid_from__lte=timezone.now()).order_by("-valid_from", "-id").first()
    return setting.default if row is None else type(setting.default)(row.value)


def values_of(*settings: Setting[T]) -> list[T]:
    """The values in force now of several settings, in their order. One query."""
    found = in_force(settings)
    return [found[setting.key] for setting in settings]


def in_force(settings: Iterable[AnySetting]) -> dict[str, Any]:
    """The values in force now of settings of any type, by key. One query."""
    wanted = list(settings)
    rows = (
        Value.objects.filter(key__in=[setting.key for setting in wanted], valid_from__lte=timezone.now())
        .order_by("key", "-valid_from", "-id")
        .distinct("key")
    )
    found = {row.key: row.value for row in rows}
    return {setting.key: type(setting.default)(found.get(setting.key, setting.default)) for setting in wanted}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a setting's history: from what to what, when, by whom (a person's number; None: a command)."""

    pk: int
    setting: AnySetting
    before: Any
    after: Any
    at: datetime
    by: int | None


def changes_of(settings: Iterable[AnySetting], *, most: int = 50) -> list[Change]:
    """The last changes of these settings, the newest first (R58, P3). One query."""
    known = {setting.key: setting for setting in settings}
    last = {key: setting.default for key, setting in known.items()}
    lines = []
    for row in Value.objects.filter(key__in=known).order_by("valid_from", "id"):
        lines.append(Change(row.pk, known[row.key], last[row.key], row.value, row.valid_from, row.set_by_id))
        last[row.key] = row.value
    return lines[::-1][:most]


# ── words and looks ───────────────────────────────────────────────────────────────────────────────
@recent(10)
def words_set() -> Mapping[str, str]:
    """What the operator wrote instead of texts of pages and e-mails, and the brand: at most ten seconds old. One query."""
    rows = Value.objects.filter(valid_from__lte=timezone.now()).order_by("key", "-valid_from", "-id").distinct("key")
    found = rows.filter(key__regex=r"^(texts|mail|brand|programme)\.").values_list("key", "value")
    return {key: str(value) for key, value in found if value}


def written(key: str) -> str:
    """What the operator wrote under a key, at most ten seconds old; "" while nothing is set, and while the database is away:
    the page that says so is shown with the words it came with."""
    try:
        return words_set().get(key, "")
    except DatabaseError:
        return ""


def is_open(programme: str) -> bool:
    """Whether a programme is there at all: its pages, its roles, its menus. At most ten seconds old; one without a switch is."""
    setting = PROGRAMMES.get(programme)
    return setting is None or (written(setting.key) or setting.default) == OPEN


def has_doors() -> bool:
    """Whether the front page shows one door per programme: the operator says so, and several are open."""
    return (written(FRONT.key) or FRONT.default) == DOORS and any(is_open(programme) for programme in PROGRAMMES)


def site_name() -> str:
    """What the site is called."""
    return written(SITE_NAME.key) or str(settings.SITE_NAME)


def site_colour() -> str:
    """The colour that the operator gave to links and accents, « #rrggbb »; "" for the one it came with."""
    return written(COLOUR.key).lower()


def site_logo() -> str:
    """The name of the logo's files, « 9f86d081… »; "" while there is none."""
    return written(LOGO.key)


def picture_paths(name: str) -> tuple[str, ...]:
    """Where the files of such a picture are stored, in the order of ``PARTS``."""
    return tuple(f"brand/{name}-{part}.webp" for part in PARTS)


def page_text(key: str) -> str:
    """One text of a page in the reader's language: the operator's, else the one it came with.

    Raises:
        KeyError: no such text is declared.
    """
    text = PAGES_TEXTS[key]
    language = (get_language() or "fr")[:2]
    return written(f"texts.{key}.{language}") or str(text.origin)

"""Pages of ``docs/`` that are drawn from the code; whoever adds one names it here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from django.utils import translation
from django.utils.module_loading import import_string

from renfort.kernel.typography import typed

ROOT = Path(__file__).resolve().parents[3]
GENERATED = {
    "docs/limits.md": "renfort.ops.limits_table.as_markdown",
    "docs/operator-settings.md": "renfort.ops.operator_table.as_markdown",
    "docs/settings.md": "renfort.ops.settings_table.as_markdown",
    "docs/workflows.md": "renfort.kernel.describe.page",
}


def stale() -> list[str]:
    """The pages whose file is not what the code says now."""
    return [page for page in GENERATED if not _file(page).is_file() or _file(page).read_text(encoding="utf-8") != _text(page)]


def write(page: str) -> None:
    """Write one page."""
    _file(page).parent.mkdir(parents=True, exist_ok=True)
    _file(page).write_text(_text(page), encoding="utf-8")


def _file(page: str) -> Path:
    return ROOT / page


def _text(page: str) -> str:
    with translation.override("fr"):  # the words of the screen, whoever writes the page
        return typed(cast(Callable[[], str], import_string(GENERATED[page]))())

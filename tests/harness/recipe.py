"""What the template database is made of, as a short name: the same code gives the same name, a change gives another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "renfort"
PACKAGES = ("django", "django-allauth", "procrastinate")  # they bring tables of their own


@cache
def recipe() -> str:
    """A digest of all migrations, of the code that installs first contents, and of the geography's data."""
    digest = hashlib.sha256()
    for name in PACKAGES:
        digest.update(f"{name} {version(name)}\n".encode())
    digest.update(repr((settings.INSTALLED_APPS, settings.DEFAULTS)).encode())
    for file in sorted(_files()):
        digest.update(f"{file.relative_to(PACKAGE)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    yield from PACKAGE.glob("*/migrations/*.py")
    yield from (PACKAGE / "territories").glob("services*")
    yield from (file for file in (PACKAGE / "territories" / "data").rglob("*") if file.is_file())
    for path in settings.DEFAULTS:  # renfort.missions.services.defaults.install: all that this app's services may read
        app = PACKAGE / path.split(".")[1]
        yield from (file for file in app.rglob("*.py") if file.parent.name in {app.name, "services"})

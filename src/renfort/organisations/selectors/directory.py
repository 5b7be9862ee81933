"""The port through which the public directory of organisations is asked (R53). Adapters stand in ``organisations.adapters``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the directory knows under a number: the establishment when a SIRET was asked, else the seat.

    ``closed_on`` is None when it is open, or closed nobody says when.
    """

    name: str
    siret: str = ""
    rna: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    is_closed: bool = False
    closed_on: date | None = None


class SilentError(Exception):
    """The directory did not answer, or not in a form that can be used."""


class DirectoryService(Protocol):
    """The port: who knows organisations by their number."""

    is_on: bool

    def look_up(self, number: str) -> Listed | None:
        """Return what is known under a SIRET or an RNA number, None when nothing is.

        Raises:
            SilentError: there was no answer, within a few seconds.
        """
        ...


def directory() -> DirectoryService:
    """The configured service."""
    service: DirectoryService = import_string(settings.DIRECTORY_SERVICE)()
    return service

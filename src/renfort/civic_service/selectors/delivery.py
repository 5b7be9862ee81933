"""What the directory delivers, as both of its doors bring it: lines of texts, to be judged by ``rules.delivery`` (S1)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from renfort.civic_service.enums import DirectoryThing

# what a line of each kind may say: the names are ours, their spellings in a file stand in ``forms.directory``
SCHOOL_FIELDS = (
    "key", "network", "uai", "name", "managing_body", "address", "postcode", "city", "siret", "phone", "email", "enrolment",
    "enrolment_year", "head",
)  # fmt: skip
PERSON_FIELDS = ("key", "first_name", "last_name", "email", "phone")
POST_FIELDS = ("establishment", "person", "role", "function")
FIELDS: Mapping[DirectoryThing, tuple[str, ...]] = {
    DirectoryThing.ESTABLISHMENT: SCHOOL_FIELDS,
    DirectoryThing.PERSON: PERSON_FIELDS,
    DirectoryThing.POST: POST_FIELDS,
}


class SilentDirectoryError(Exception):
    """The directory did not answer in time or in form; the words are for the log, codes for the page."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line: its number as a spreadsheet shows it (0: none), what it is about, its texts by our names.

    A name that is absent was not spoken of; one that is "" is a fact that the directory does not know.
    """

    line: int
    thing: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything that was delivered at once. ``is_complete``: what it does not name has left the directory.

    ``only``: the key of the one establishment it is about, whose posts it names all; "" for any.
    """

    lines: Sequence[Said]
    is_complete: bool = False
    only: str = ""
    read_at: datetime | None = None
    kinds: frozenset[str] = field(default=frozenset())

    def speaks_of(self, thing: str) -> bool:
        """Whether there is any line about this kind of thing: silence about all tutors ends no tutor."""
        return thing in self.kinds


def delivery_of(lines: Sequence[Said], *, is_complete: bool = False, only: str = "") -> Delivery:
    """A delivery of these lines."""
    return Delivery(lines, is_complete, only, kinds=frozenset(line.thing for line in lines))


def pack(lines: Sequence[Said]) -> bytes:
    """Lines as they are kept while they wait."""
    rows = [[each.line, str(each.thing), each.facts] for each in lines]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def unpack(data: bytes | memoryview[int]) -> list[Said]:
    """The lines that ``pack`` kept."""
    return [Said(line, thing, facts) for line, thing, facts in json.loads(zlib.decompress(bytes(data)))]


def digest_of(data: bytes) -> str:
    """A name for what was delivered: the same lines give the same."""
    return sha256(data).hexdigest()


class DirectoryPort(Protocol):
    """Who answers for the directory. Adapters stand in ``civic_service.adapters``."""

    is_on: bool

    def everything(self) -> list[Said]:
        """Every establishment, person and post.

        Raises:
            SilentDirectoryError: it did not answer, or not to the end.
        """
        ...

    def one(self, key: str) -> list[Said]:
        """One establishment with its posts and the people who hold them; [] when the directory does not know the key.

        Raises:
            SilentDirectoryError: as ``everything``.
        """
        ...


def directory_port() -> DirectoryPort:
    """The directory in use: the service of ``RENFORT_CIVIC_DIRECTORY``, or nobody."""
    port: DirectoryPort = import_string(settings.CIVIC_DIRECTORY)()
    return port

"""The network's directory as a service: pages of JSON (S1).

The form, which is ours: the directory's own has not been published, and an operator's bridge answers in this one::

    GET <address>/etablissements?page=1&taille=500
    {"page": 1, "pages": 20, "elements": [{"cle": "E-0001", "reseau": "sgec", "uai": "0331234A", "nom": "…", "ogec": "…",
      "adresse": "…", "code_postal": "33000", "ville": "Bordeaux", "siret": "…", "telephone": "…", "email": "…",
      "effectif": 420, "annee": 2026, "chef": "P-0001"}]}
    GET <address>/personnes?page=…     {"cle", "prenom", "nom", "email", "telephone"}
    GET <address>/roles?page=…         {"etablissement", "personne", "role", "fonction"}

``&etablissement=<key>`` narrows each of the three to one establishment. A name that is absent was not spoken of; "" or null is a
fact that the directory does not know. ``Authorization: Bearer`` carries the token, if there is one.

Slow, silent, dripping, 429, 5xx, redirected, garbage, a page that is missing: the reading fails as a whole and nothing is
removed. Each page is asked three times; a service that keeps failing is left alone for a while (the breaker is that of the
address service).
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

from renfort.civic_service.enums import DirectoryThing
from renfort.civic_service.selectors.delivery import Said, SilentDirectoryError
from renfort.territories.adapters.national import Breaker

WITHIN = 20.0  # seconds for one page, to its last byte
SILENCE = 10.0  # seconds without a byte
LARGEST = 8 * 1024 * 1024  # octets of one page
PAGE = 500
MOST_PAGES = 400  # 200,000 lines of each kind
TIMES = 3
OK, TOO_MANY, SERVER = 200, 429, 500
PATHS = {
    DirectoryThing.ESTABLISHMENT: "etablissements",
    DirectoryThing.PERSON: "personnes",
    DirectoryThing.POST: "roles",
}
SCHOOL_NAMES = {
    "cle": "key", "reseau": "network", "uai": "uai", "nom": "name", "ogec": "managing_body", "adresse": "address",
    "code_postal": "postcode", "ville": "city", "siret": "siret", "telephone": "phone", "email": "email",
    "effectif": "enrolment", "annee": "enrolment_year", "chef": "head",
}  # fmt: skip
PERSON_NAMES = {"cle": "key", "prenom": "first_name", "nom": "last_name", "email": "email", "telephone": "phone"}
POST_NAMES = {"etablissement": "establishment", "personne": "person", "role": "role", "fonction": "function"}
NAMES = {
    DirectoryThing.ESTABLISHMENT: SCHOOL_NAMES,
    DirectoryThing.PERSON: PERSON_NAMES,
    DirectoryThing.POST: POST_NAMES,
}


class _AgainError(Exception):
    """This answer may be better the next time."""


class DirectoryService:
    """The adapter. ``url`` is the address above the three lists; ``pause`` seconds before a page is asked again."""

    is_on = True

    def __init__(self, url: str, token: str = "", *, pause: float = 1.0, within: float = WITHIN) -> None:
        self._url, self._token, self._pause, self._within = urlsplit(url.rstrip("/")), token, pause, within
        self._tls = ssl.create_default_context() if self._url.scheme == "https" else None
        self._breaker = Breaker()

    def everything(self) -> list[Said]:
        """Every line of the three lists, to the last page.

        Raises:
            SilentDirectoryError: a page did not come, or not in form: half a directory is none.
        """
        return self._all({})

    def one(self, key: str) -> list[Said]:
        """One establishment, its posts and their people.

        Raises:
            SilentDirectoryError: as ``everything``.
        """
        return self._all({"etablissement": key})

    def _all(self, narrowed: dict[str, str]) -> list[Said]:
        lines: list[Said] = []
        for thing, path in PATHS.items():
            page, pages = 1, 1
            while page <= pages:
                answer = self._page(path, {"page": str(page), "taille": str(PAGE), **narrowed})
                pages, found = _read(answer, page)
                lines += [Said(0, str(thing), _facts(each, NAMES[thing])) for each in found]
                page += 1
        return lines

    def _page(self, path: str, query: dict[str, str]) -> bytes:
        for attempt in range(1, TIMES + 1):
            if not self._breaker.lets_through():
                raise SilentDirectoryError("the directory is left alone for a while")
            try:
                body = self._ask(path, query)
            except _AgainError as error:
                self._breaker.failed()
                if attempt == TIMES:
                    raise SilentDirectoryError(f"{path}: {error}") from None
                time.sleep(self._pause * attempt)
                continue
            self._breaker.worked()
            return body
        raise AssertionError("unreachable")

    def _ask(self, path: str, query: dict[str, str]) -> bytes:
        """One page. Redirections are not followed: they would carry the token elsewhere.

        Raises:
            _AgainError: it may be asked again.
            SilentDirectoryError: it says no, which another time would not change.
        """
        headers = {"Accept": "application/json", "User-Agent": "Renfort"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        kind: Any = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        more = {"context": self._tls} if self._tls else {}
        ends = time.monotonic() + self._within
        try:
            connection = kind(self._url.hostname or "", self._url.port, timeout=min(SILENCE, self._within), **more)
            with closing(connection):
                connection.request("GET", f"{self._url.path}/{path}?{urlencode(query)}", headers=headers)
                return self._body(connection.getresponse(), ends)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _AgainError(f"{type(error).__name__}: {error}") from None

    def _body(self, response: http.client.HTTPResponse, ends: float) -> bytes:
        if response.status == TOO_MANY or response.status >= SERVER:
            raise _AgainError(f"status {response.status}")
        if response.status != OK:
            raise SilentDirectoryError(f"status {response.status}")
        body = b""
        while chunk := response.read1(65_536):
            body += chunk
            if len(body) > LARGEST:
                raise SilentDirectoryError("too long a page")
            if time.monotonic() > ends:
                raise _AgainError("no answer in time")
        if response.length:
            raise _AgainError("the page was cut short")
        return body


def _read(body: bytes, page: int) -> tuple[int, list[dict[str, Any]]]:
    """How many pages there are, and the elements of this one.

    Raises:
        SilentDirectoryError: it is no such page.
    """
    try:
        said = json.loads(body)
        pages, elements = said["pages"], said["elements"]
        is_right = (
            isinstance(pages, int)
            and not isinstance(pages, bool)
            and 0 <= pages <= MOST_PAGES
            and said["page"] == page
            and isinstance(elements, list)
            and all(isinstance(each, dict) for each in elements)
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SilentDirectoryError(f"no page of a directory: {type(error).__name__}") from None
    if not is_right:
        raise SilentDirectoryError("no page of a directory")
    return pages, elements


def _facts(element: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    """An element by our names, as texts: what is neither text nor number says nothing."""
    facts = {}
    for theirs, ours in names.items():
        if theirs in element:
            value = element[theirs]
            is_plain = isinstance(value, str | int) and not isinstance(value, bool)
            text = str(value) if is_plain else ""
            facts[ours] = "".join(char if char.isprintable() else " " for char in text)[:1000]
    return facts

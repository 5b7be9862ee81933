"""The public directory of organisations: the State's « Recherche d'entreprises », or one that answers in the same form (R53).

``GET …/search?q=<SIRET or RNA>&page=1&per_page=5`` gives ``{"results": [...], "total_results": n, "page": 1, …}``. A result is a
legal unit (``siren``, ``nom_complet``, ``nom_raison_sociale``, ``sigle``, ``etat_administratif`` "A" or "C", ``date_fermeture``,
``complements.identifiant_association``) with its ``siege`` and the ``matching_etablissements`` that the question met (``siret``,
``adresse``, ``code_postal``, ``libelle_commune``, ``etat_administratif`` "A" or "F", ``date_fermeture``). It takes seven
questions a second from one address and says 429 above.

Whatever goes wrong there (slow, dripping, 429, 5xx, redirected, garbage), the question waits in its row: nobody's page does.
The circuit-breaker and the question that can be given up are those of the address service.
"""

from __future__ import annotations

import json
import ssl
from datetime import date
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from renfort.organisations.selectors.directory import Listed, SilentError
from renfort.territories.adapters.national import Breaker, BusyError, Call, NoAnswerError, RefusedError

WITHIN = 1.5  # seconds, as every question of this kind
RESULTS = 5
CLOSED = ("C", "F")  # a legal unit that has ceased, an establishment that is closed
LONGEST = {"name": 250, "address": 300, "city": 100}


class NationalDirectory:
    """The adapter. ``url`` is the whole address of the search."""

    is_on = True

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._tls = ssl.create_default_context() if self._url.scheme == "https" else None
        self._breaker = Breaker()

    def look_up(self, number: str) -> Listed | None:
        """Return what the directory knows under a SIRET or an RNA number, None when it knows nothing.

        Raises:
            SilentError: it did not answer in time or in form, or is left alone for a while.
        """
        if not self._breaker.lets_through():
            raise SilentError("the directory is left alone for a while")
        try:
            found = _listed(self._ask(number), number)
        except RefusedError:
            self._breaker.worked()  # it understood, and does not take this number
            return None
        except NoAnswerError as error:
            self._breaker.failed(at_once=isinstance(error, BusyError))
            raise SilentError(str(error)) from None
        self._breaker.worked()
        return found

    def _ask(self, number: str) -> bytes:
        try:
            call = DirectoryCall(self._url, number, self._tls)
            Thread(target=call.run, name="directory-service", daemon=True).start()
        except (ValueError, RuntimeError) as error:  # a port that cannot be, no thread to be had
            raise NoAnswerError(str(error)) from None
        return call.result(WITHIN)


class DirectoryCall(Call):
    """One question to the directory, that can be given up."""

    def __init__(self, url: SplitResult, text: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(url, text, tls)
        query = urlencode({"q": text, "page": 1, "per_page": RESULTS}, errors="replace")
        self._path = f"{url.path or '/'}?{url.query + '&' if url.query else ''}{query}"


def _listed(body: bytes, number: str) -> Listed | None:
    """The result that has the very number; a search by words also answers what is only near.

    Raises:
        NoAnswerError: the answer is not what the directory documents.
    """
    try:
        results = json.loads(body)["results"]
        found = next(filter(None, (_of(result, number) for result in results)), None)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NoAnswerError(f"no directory answer: {type(error).__name__}") from None
    return found


def _of(unit: dict[str, Any], number: str) -> Listed | None:
    seat = unit.get("siege") or {}
    rna = _text((unit.get("complements") or {}), "identifiant_association", 10)
    places = [*(unit.get("matching_etablissements") or ()), seat]
    if number.startswith("W"):
        if rna != number:
            return None
        place = seat
    else:
        place = next((each for each in places if each.get("siret") == number), None)
        if place is None:
            return None
    unit_is_closed, place_is_closed = unit.get("etat_administratif") in CLOSED, place.get("etat_administratif") in CLOSED
    closed_on = _day(place.get("date_fermeture")) or _day(unit.get("date_fermeture"))
    return Listed(
        name=_text(unit, "nom_raison_sociale", LONGEST["name"]) or _text(unit, "nom_complet", LONGEST["name"]),
        siret=_text(place, "siret", 14),
        rna=rna,
        address=_text(place, "adresse", LONGEST["address"]),
        postcode=_text(place, "code_postal", 5),
        city=_text(place, "libelle_commune", LONGEST["city"]),
        is_closed=unit_is_closed or place_is_closed,
        closed_on=closed_on if unit_is_closed or place_is_closed else None,
    )


def _text(facts: dict[str, Any], name: str, longest: int) -> str:
    """A fact as one line of plain text, "" when it is none."""
    value = facts.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:longest]


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None

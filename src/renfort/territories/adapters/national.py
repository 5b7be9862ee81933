"""Addresses by the national service: the geocoding of the Géoplateforme (IGN, over the Base Adresse Nationale) or one that
answers in the same form (addok, the former api-adresse.data.gouv.fr).

``GET …/search?q=…&limit=8&autocomplete=1&index=address`` gives a GeoJSON FeatureCollection. It allows 50 requests a second
from one address and says 429 above. Whatever goes wrong there (slow, silent, dripping, 429, 5xx, redirected, garbage), the
communes answer instead, and a service that keeps failing is left alone for a while: a person who types never waits for it.
"""

from __future__ import annotations

import http.client
import json
import logging
import math
import re
import socket
import ssl
from collections.abc import Iterable
from contextlib import closing, suppress
from threading import BoundedSemaphore, Event, Lock, Thread
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from renfort.territories.models import Commune
from renfort.territories.selectors.addresses import (
    LONGEST_ADDRESS,
    LONGEST_CITY,
    MOST,
    AddressService,
    Suggestion,
    Suggestions,
    departments_of_postcode,
    neighbourhoods,
)
from renfort.territories.selectors.departments import departments

SOURCE = "national"
DEADLINE = 1.5  # seconds for one answer, from the first name look-up to the last byte
LARGEST = 256 * 1024  # bytes of an answer: eight addresses take some four thousand
SHORTEST, LONGEST = 3, 200  # characters that the service takes
AT_ONCE = 8  # questions on their way in one process: those of its threads, and those given up that still end
FAILURES, REST = 3, 30.0  # so many in a row, and the service is left alone for so many seconds
OK, TOO_MANY = 200, 429

log = logging.getLogger(__name__)


class NoAnswerError(Exception):
    """The service did not answer, or not in a form that can be used."""


class BusyError(NoAnswerError):
    """It said that it is asked too much: it is left alone at once."""


class RefusedError(Exception):
    """It understood, and does not take this text (4xx): no sign of illness."""


class Breaker:
    """Remembers that a service fails, and for how long to leave it alone.

    One per process: each process learns for itself, at the price of three slow answers. After the rest one question goes
    through; its fate decides for the others.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0

    def lets_through(self) -> bool:
        """Whether to ask now."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if monotonic() < self._rests_until:
                return False
            self._rests_until = monotonic() + REST  # the others wait for this one
            return True

    def worked(self) -> None:
        """The service answered."""
        with self._lock:
            self._failures = 0

    def failed(self, *, at_once: bool = False) -> bool:
        """The service failed; returns whether this was the time too many."""
        with self._lock:
            before = self._failures
            self._failures = max(FAILURES, before + 1) if at_once else before + 1
            if self._failures >= FAILURES:
                self._rests_until = monotonic() + REST
            return before < FAILURES <= self._failures


class NationalService:
    """The adapter. ``url`` is the whole address of the search; ``fallback`` answers when this one does not."""

    def __init__(self, url: str, *, fallback: AddressService) -> None:
        self._url = urlsplit(url)
        self._fallback = fallback
        self._tls = ssl.create_default_context() if self._url.scheme == "https" else None
        self._breaker = Breaker()
        self._places = BoundedSemaphore(AT_ONCE)

    def suggest(self, text: str) -> Suggestions:
        """Return what the service knows, else what the fallback knows. Within the deadline, and never raises."""
        asked = re.sub(r"^[\W_]+", "", " ".join(text.replace("\0", " ").split()))[:LONGEST]
        if len(asked) < SHORTEST:
            return self._fallback.suggest(text)
        if not self._breaker.lets_through():
            return Suggestions(self._fallback.suggest(text).rows, answered=False)
        try:
            features = _features(self._ask(asked))
            self._breaker.worked()
        except RefusedError:
            self._breaker.worked()
            return self._fallback.suggest(text)
        except NoAnswerError as error:
            if self._breaker.failed(at_once=isinstance(error, BusyError)):
                log.warning("the address service is left alone for %d s: %s", REST, error)
            return Suggestions(self._fallback.suggest(text).rows, answered=False)
        rows = _suggestions(features)
        return Suggestions(rows) if rows else self._fallback.suggest(text)

    def _ask(self, text: str) -> bytes:
        """Ask in a thread of its own, so that no name look-up and no dripping server can hold this one."""
        if not self._places.acquire(blocking=False):
            raise NoAnswerError("too many questions are waiting")
        try:
            call = Call(self._url, text, self._tls)
            Thread(target=self._run, args=(call,), name="address-service", daemon=True).start()
        except (ValueError, RuntimeError) as error:  # a port that cannot be, no thread to be had
            self._places.release()
            raise NoAnswerError(str(error)) from None
        return call.result(DEADLINE)

    def _run(self, call: Call) -> None:
        try:
            call.run()
        finally:
            self._places.release()


class Call:
    """One question to the service, that can be given up."""

    def __init__(self, url: SplitResult, text: str, tls: ssl.SSLContext | None) -> None:
        query = urlencode({"q": text, "limit": MOST, "autocomplete": 1, "index": "address"}, errors="replace")
        host = url.hostname or ""
        self._connection = (
            http.client.HTTPSConnection(host, url.port, timeout=DEADLINE, context=tls)
            if tls
            else http.client.HTTPConnection(host, url.port, timeout=DEADLINE)
        )
        self._path = f"{url.path or '/'}?{url.query + '&' if url.query else ''}{query}"
        self._done = Event()
        self._body = b""
        self._error: Exception | None = NoAnswerError("no answer in time")

    def run(self) -> None:
        """Ask and read; every failure is kept for the one who waits. Redirections are not followed."""
        ends = monotonic() + DEADLINE
        try:
            self._connection.request("GET", self._path, headers={"Accept": "application/json", "User-Agent": "Renfort"})
            with closing(self._connection.getresponse()) as response:
                self._body = self._read(response, ends)
            self._error = None
        except (NoAnswerError, RefusedError) as error:
            self._error = error
        except Exception as error:
            self._error = NoAnswerError(f"{type(error).__name__}: {error}")
        finally:
            self._done.set()
            with suppress(Exception):
                self._connection.close()

    def _read(self, response: http.client.HTTPResponse, ends: float) -> bytes:
        if response.status == TOO_MANY:
            raise BusyError("429, asked too much")
        if response.status // 100 == 4:  # noqa: PLR2004 -- the family of 4xx
            raise RefusedError(str(response.status))
        if response.status != OK:
            raise NoAnswerError(f"status {response.status}")
        if "json" not in response.headers.get_content_type():
            raise NoAnswerError(f"content type {response.headers.get_content_type()}")
        body = b""
        while chunk := response.read1(16_384):
            body += chunk
            if len(body) > LARGEST:
                raise NoAnswerError("too long an answer")
            if monotonic() > ends:
                raise NoAnswerError("no answer in time")
        if response.length:
            raise NoAnswerError("the answer was cut off")
        return body

    def result(self, within: float) -> bytes:
        """The body of the answer.

        Raises:
            NoAnswerError: it did not come within so many seconds, or not as it should.
            RefusedError: the service does not take this text.
        """
        if not self._done.wait(within):
            with suppress(Exception):  # wakes the thread, which then ends
                self._connection.sock.shutdown(socket.SHUT_RDWR)
            raise NoAnswerError("no answer in time")
        if self._error is not None:
            raise self._error
        return self._body


def _features(body: bytes) -> list[dict[str, Any]]:
    """The features of the answer that hold together; [] is an answer too.

    Raises:
        NoAnswerError: it is no collection of features, or none of them can be used.
    """
    try:
        found = json.loads(body)["features"]
        usable = [each for each in found[:MOST] if _is_usable(each)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NoAnswerError(f"no GeoJSON: {type(error).__name__}") from None
    if found and not usable:
        raise NoAnswerError("no usable feature")
    return usable


def _is_usable(feature: Any) -> bool:
    try:
        given = feature["geometry"]["coordinates"][:2]
        longitude, latitude = (float(each) for each in given if isinstance(each, int | float) and not isinstance(each, bool))
        facts = feature["properties"]
    except (TypeError, KeyError, ValueError, OverflowError):
        return False
    return (
        math.isfinite(longitude)
        and math.isfinite(latitude)
        and abs(latitude) <= 90  # noqa: PLR2004 -- degrees
        and abs(longitude) <= 180  # noqa: PLR2004 -- degrees
        and isinstance(facts, dict)
        and bool(_text(facts, "city", LONGEST_CITY))
    )


def _text(facts: dict[str, Any], name: str, longest: int) -> str:
    """A fact as one line of plain text, "" when it is none."""
    value = facts.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:longest]


def _suggestions(features: Iterable[dict[str, Any]]) -> list[Suggestion]:
    """The features as suggestions; those that lie in no department that we know, or far from their own, are left out."""
    features = list(features)
    codes = {_text(each["properties"], "citycode", 5) for each in features}
    communes = {each.pk: each for each in Commune.objects.filter(pk__in=codes).select_related("department")}
    names = {each.code: each.name for each in departments()} if features else {}
    places = []
    for feature in features:
        facts = feature["properties"]
        longitude, latitude = (float(each) for each in feature["geometry"]["coordinates"][:2])
        commune = communes.get(_text(facts, "citycode", 5))
        postcode = _text(facts, "postcode", 5)
        department = _department(facts, commune, postcode)
        if department in names:
            places.append((facts, commune, department, (latitude, longitude)))
    near = neighbourhoods({department for _, _, department, _ in places})
    return [
        _row(facts, commune, department, names[department], point)
        for facts, commune, department, point in places
        if department not in near or near[department].holds(*point)
    ]


def _department(facts: dict[str, Any], commune: Commune | None, postcode: str) -> str:
    """The department's code: of the commune, else as the answer says it (« 33, Gironde, … »), else of the postcode."""
    if commune:
        return commune.department_id
    said = _text(facts, "context", 100).partition(",")[0].strip()
    return said or next(iter(departments_of_postcode(postcode)), "")


def _row(facts: dict[str, Any], commune: Commune | None, department: str, name: str, point: tuple[float, float]) -> Suggestion:
    is_city = facts.get("type") == "municipality"
    address = "" if is_city else _text(facts, "name", LONGEST_ADDRESS)
    postcode, city = _text(facts, "postcode", 5), _text(facts, "city", LONGEST_CITY)
    place = f"{postcode} {city}".strip()
    return Suggestion(
        label=f"{address}, {place}" if address else place,
        detail=f"{name} ({department})",
        address=address,
        postcode=postcode if postcode.isascii() and postcode.isdecimal() else "",
        city=city,
        commune=commune.pk if commune else "",
        department=department,
        latitude=round(point[0], 6),
        longitude=round(point[1], 6),
        source=SOURCE,
    )

"""Accounts made per second through HTTP, with the real password hash, whose own cost is told apart (R3)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import get_hasher, make_password
from django.db import connection

from renfort.ops.bench._browser import Answer, Browser, percentile
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._server import serving
from renfort.people.models import Account
from renfort.people.selectors import confirmation_key

PAGE = "/inscription/benevole/"
PASSWORD = "quatre chevaux dans un pré"  # noqa: S105 -- of people who never were
FORM = {
    "first_name": "Camille", "last_name": "Martin", "password1": PASSWORD, "password2": PASSWORD, "postcode": "33000",
    "birth_date": "1990-05-17", "mobile_phone": "06 12 34 56 78",
}  # fmt: skip
REDIRECT, TOO_MANY, SERVER_ERROR = 302, 429, 500
HASHES = 5  # measured alone, one after the other
FLOOD = 8  # sign-ins with a wrong password from one address: five are tried


def run(*, accounts: int = 40, at_once: int = 4, database: str = "") -> dict[str, Any]:
    """Let ``accounts`` people sign up, ``at_once`` at a time and each from an address of its own, then open their links.

    Rate limits are on; at the end one more browser shows that they are. ``database``: a migrated one instead of making one.

    Returns accounts and confirmations per second, the time of one hash alone, and what the rest of a sign-up costs the processor
    (the time between two sign-ups on all cores, less the hash); a form is sent once it has been opened.
    """
    with bench_database(database) as url, serving(url) as port:
        known = Account.objects.count()
        hash_ms = _hash_ms()
        people = [Browser(port, f"198.18.{number // 250}.{number % 250 + 1}") for number in range(accounts)]
        _warm(port)
        forms = [_form(browser, number) for number, browser in enumerate(people)]
        signed_up, seconds = _all(at_once, [_sender(browser, form) for browser, form in zip(people, forms, strict=True)])
        made = Account.objects.count() - known - 1  # the one that warmed up
        links = [_link(form["email"]) for form in forms]
        confirmed, confirming = _all(at_once, [_opener(browser, link) for browser, link in zip(people, links, strict=True)])
        refused = _flood(port)
        for browser in people:
            browser.close()
        connection.close()
    per_account = seconds / accounts * 1000
    cores = os.cpu_count() or 1
    return {
        "accounts": accounts, "at_once": at_once, "made": made, "seconds": round(seconds, 2),
        "accounts_per_second": round(accounts / seconds, 1), "confirmed_per_second": round(accounts / confirming, 1),
        "hasher": get_hasher().algorithm, "hash_ms": round(hash_ms, 1), "cores": cores,
        "rest_ms": round(max(0.0, min(cores, at_once) * per_account - hash_ms), 1),
        "p50_ms": percentile([answer.ms for answer in signed_up], 50),
        "p95_ms": percentile([answer.ms for answer in signed_up], 95),
        "confirm_p95_ms": percentile([answer.ms for answer in confirmed], 95),
        "not_accepted": sum(answer.status != REDIRECT for answer in (*signed_up, *confirmed)),
        "server_errors": sum(answer.status >= SERVER_ERROR for answer in (*signed_up, *confirmed)),
        "limited_of_flood": refused, "flood": FLOOD,
    }  # fmt: skip


def _hash_ms() -> float:
    """Milliseconds of one hash, when nothing else runs: the median of some."""
    times = []
    for _ in range(HASHES):
        begun = time.perf_counter()
        make_password(PASSWORD)
        times.append((time.perf_counter() - begun) * 1000)
    return percentile(times, 50)


def _warm(port: int) -> None:
    """Imports and templates are loaded by whoever comes first."""
    first = Browser(port, "198.19.0.1")
    _sender(first, _form(first, "warm"))()
    first.close()


def _form(browser: Browser, number: object) -> dict[str, str]:
    """Open the page, and fill it."""
    page = browser.get(PAGE)
    hidden = {name: page.field(name) for name in ("csrfmiddlewaretoken", "form_token")}
    return {**FORM, **hidden, "email": f"bench{number}-{uuid4().hex[:8]}@example.org"}


def _sender(browser: Browser, form: dict[str, str]) -> Callable[[], Answer]:
    return lambda: browser.post(PAGE, form)


def _link(address: str) -> str:
    """The link of the e-mail, as its reader gets it."""
    return f"/confirmer/{confirmation_key(Account.objects.get(email=address))}/"


def _opener(browser: Browser, link: str) -> Callable[[], Answer]:
    """Open the link in the browser that signed up, and press its button."""

    def open_it() -> Answer:
        page = browser.get(link)
        return browser.post(link, {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken")})

    return open_it


def _all(at_once: int, works: Sequence[Callable[[], Answer]]) -> tuple[list[Answer], float]:
    """Do it all, so many at a time; the answers, and the seconds that it took."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as crowd:
        answers = list(crowd.map(lambda work: work(), works))
    return answers, time.perf_counter() - begun


def _flood(port: int) -> int:
    """How many of some guesses from one address are refused by the limits."""
    browser = Browser(port, "198.19.0.2")
    page = browser.get("/connexion/")
    form = {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken"), "email": "personne@example.org", "password": "faux"}
    answers = [browser.post("/connexion/", form) for _ in range(FLOOD)]
    browser.close()
    return sum(answer.status == TOO_MANY for answer in answers)

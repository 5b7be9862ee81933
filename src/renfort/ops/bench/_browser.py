"""A small browser: keeps cookies and its connection, reads forms, follows nothing by itself."""

from __future__ import annotations

import html
import http.client
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from math import ceil
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from renfort.ops.bench._header import QUERIES
from renfort.people.models import Account

TIMEOUT = 120
STILL_OPEN = 2.0  # seconds after which the server may be about to hang up: a new connection is safer
INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, and how long it took."""

    status: int
    text: str
    location: str
    ms: float
    queries: int

    def field(self, name: str) -> str:
        """The value of the first input of this name; "" when the page has none."""
        for found in INPUT.finditer(self.text):
            attributes = dict(ATTRIBUTE.findall(found.group()))
            if attributes.get("name") == name:
                return html.unescape(str(attributes.get("value", "")))
        return ""


@dataclass
class Browser:
    """One person's browser. ``address``: where the person sits, as the trusted proxy says."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    sent_at: float = 0.0
    idle_since: float = 0.0

    def get(self, path: str) -> Answer:
        """Open a page."""
        self.send("GET", path)
        return self.receive()

    def post(self, path: str, data: dict[str, str]) -> Answer:
        """Send a form."""
        self.send("POST", path, data)
        return self.receive()

    def post_json(self, path: str, body: str, token: str) -> Answer:
        """Send what a page's script sends; ``token`` is the form's."""
        self.send("POST", path, body=body, more={"Content-Type": "application/json", "X-CSRFToken": token})
        return self.receive()

    def twin(self) -> Browser:
        """The same browser on another connection: for what is sent twice at once."""
        return Browser(self.port, self.address, dict(self.cookies))

    def send(
        self, method: str, path: str, data: dict[str, str] | None = None, *, body: str = "", more: dict[str, str] | None = None
    ) -> None:
        """Send a request without waiting for its answer."""
        headers = {
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.perf_counter() - self.idle_since > STILL_OPEN:
            self.close()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        self.sent_at = time.perf_counter()
        self.connection.request(method, path, urlencode(data) if data is not None else body or None, headers | (more or {}))

    def receive(self) -> Answer:
        """Wait for the answer to what was sent."""
        if self.connection is None:
            raise RuntimeError("nothing was sent")
        response = self.connection.getresponse()
        text = response.read().decode()
        self.idle_since = time.perf_counter()
        elapsed = (self.idle_since - self.sent_at) * 1000
        for header in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        if response.will_close:
            self.close()
        return Answer(response.status, text, response.headers.get("Location", ""), elapsed, int(response.headers.get(QUERIES, 0)))

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def signed_in(accounts: Iterable[Account], port: int) -> list[Browser]:
    """One browser for each account, signed in beforehand: a password's hash costs 0.2 s (decision 29)."""
    store, until = SessionStore(), timezone.now() + timedelta(days=1)
    sessions, browsers = [], []
    for number, account in enumerate(accounts):
        data = {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: account.get_session_auth_hash(),
        }
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        sessions.append(Session(session_key=key, session_data=store.encode(data), expire_date=until))
        address = f"198.18.{number // 250}.{number % 250 + 1}"  # a range kept for benchmarks (RFC 2544)
        browsers.append(Browser(port, address, {settings.SESSION_COOKIE_NAME: key}))
    Session.objects.bulk_create(sessions)
    return browsers


def percentile(values: Iterable[float], share: int) -> float:
    """The value under which ``share`` % of the values lie, to a tenth."""
    ordered = sorted(values)
    return round(ordered[max(0, ceil(len(ordered) * share / 100) - 1)], 1) if ordered else 0.0

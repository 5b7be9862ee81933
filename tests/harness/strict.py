"""What fails a test whatever it tests, as a pytest plugin: a lenient page, an undefined variable, a call to the network.

Each rule has a test of its own in ``tests/harness/test_strict.py``, which breaks it.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import Resolver404

# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
# written out, not read from the settings: whoever loosens the policy changes this line too (P11, decision 26)
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# an e-mail is HTML of its own kind (styles in attributes): shown alone, in a sandboxed frame (decision 26)
FRAMED = {"notifications:outgoing-html", "notifications:message-html"}
FRAMING = {"notifications:outgoing-detail", "notifications:message-detail"}  # the pages around that frame
# say 503 when the platform is not ready, or the identity provider is silent: that is their answer
NOT_WELL = {"/health/ready", "/connexion/reseau/", "/connexion/reseau/retour/"}
DATA = {"application/json", "application/ld+json"}  # scripts that a browser does not run
LEFT_OVER = re.compile(r"\{\{|\{%|\{#|%\([a-z_]+\)[sd]")


class Reader(HTMLParser):
    """Collects what a page must not contain."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = tag if tag in ("script", "style", "textarea") else ""
        if tag == "style":
            self.faults.append("a <style> element")
        if tag == "script" and "src" not in given and given.get("type") not in DATA:
            self.faults.append("an inline <script>")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"an attribute {name}={value!r} on <{tag}>")
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:"):
                self.faults.append(f"a script as address on <{tag}>")
            if name != "value" and value and LEFT_OVER.search(value):
                self.faults.append(f"template code left in {name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        # what a person typed comes back inside a text box, braces and all
        if self._inside not in ("script", "textarea") and LEFT_OVER.search(data):
            self.faults.append(f"template code left in the text: {data.strip()[:80]!r}")


def view_of(response: Any) -> str:
    """The name of the view that answered; "" when no address of the site matched."""
    try:
        return str(response.resolver_match.view_name)
    except (AttributeError, Resolver404):
        return ""


def faults_of(response: Any) -> list[str]:
    """Everything that is wrong with an answer of the site, whatever the page."""
    path = response.request.get("PATH_INFO", "")
    faults = []
    view = view_of(response)
    if response.status_code > 499 and path not in NOT_WELL:
        faults.append(f"status {response.status_code}")
    if path.startswith("/static/"):
        return faults
    policy = response.headers.get("Content-Security-Policy", "")
    if view in FRAMED and response.status_code == 200:
        return faults if "sandbox" in policy else [*faults, f"an e-mail is shown without a sandbox: {policy!r}"]
    parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    framed = {"frame-src": "'self'"} if view in FRAMING else {}
    if parts not in (POLICY, POLICY | framed):
        faults.append(f"Content-Security-Policy: {policy!r}")
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        reader = Reader()
        reader.feed(response.content.decode())
        reader.close()
        faults += reader.faults
    return faults


@pytest.fixture(scope="session", autouse=True)
def strict_pages() -> Iterator[None]:
    """Whatever a test client gets is looked at."""
    from django.test import Client

    plain = Client.request

    def request(self: Client, **environment: Any) -> Any:
        response = plain(self, **environment)
        faults = faults_of(response)
        assert not faults, f"{response.request.get('REQUEST_METHOD')} {response.request.get('PATH_INFO')}: {'; '.join(faults)}"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


# ── templates ─────────────────────────────────────────────────────────────────────────────────────
class Undefined(str):
    """What Django writes for a variable that does not exist: here an error that says which."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"  # asks Django for the variable's name

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"a template uses an undefined variable: {variable}")


@pytest.fixture(scope="session", autouse=True)
def strict_templates(django_test_environment: None) -> Iterator[None]:
    """An undefined variable is an error, in pages and in widgets. ``{% if %}``, ``default`` of tags and ``firstof`` may ask."""
    from django.forms.renderers import get_default_renderer
    from django.template import engines

    found = [engines["django"].engine, get_default_renderer().engine.engine]
    with pytest.MonkeyPatch.context() as patch:
        for engine in found:
            patch.setattr(engine, "string_if_invalid", Undefined("undefined"))
        yield


# ── network ───────────────────────────────────────────────────────────────────────────────────────
HERE = {"127.0.0.1", "::1", "localhost", ""}


def is_here(address: Any) -> bool:
    """Whether an address is on this machine (a path is a Unix socket)."""
    return not isinstance(address, tuple) or address[0] in HERE


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """A test that would leave this machine fails, instead of passing where there is a network and failing elsewhere."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(what: object) -> None:
        raise AssertionError(f"a test tried to reach {what}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        return connect(self, address) if is_here(address) else refuse(address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> Any:
        return connect_ex(self, address) if is_here(address) else refuse(address)

    def guarded_look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return look_up(host, *arguments, **named) if name is None or name in HERE else refuse(host)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


# ── snapshots ─────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Any:
    """Compare a text with the one kept in ``tests/snapshots``; ``UPDATE_SNAPSHOTS=1`` writes it, to be read in the diff."""
    folder = request.config.rootpath / "tests" / "snapshots"

    def compare(name: str, text: str) -> None:
        file, text = folder / name, text.rstrip() + "\n"
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            folder.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        kept = file.read_text(encoding="utf-8") if file.exists() else ""
        assert text.splitlines() == kept.splitlines(), f"{name} differs; when the change is meant: UPDATE_SNAPSHOTS=1"

    return compare

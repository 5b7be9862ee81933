"""The site as people meet it: served on a port, on a database of its own, with a mail server that takes what it sends.

One site per test file. What leaves by e-mail is delivered by the real delivery code, through SMTP, when a test asks for it;
a journey then reads letters and follows their links as a person would.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from tests.harness.database import django_on
from tests.harness.languages import LOCALE

LINK = re.compile(r"https?://[^\s>\"]+")
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Letter:
    """One e-mail, as its reader sees it."""

    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def language(self) -> str:
        return str(self.message["Content-Language"])

    @property
    def text(self) -> str:
        return str(self.message.get_body(("plain",)).get_content())

    @property
    def html(self) -> str:
        return str(self.message.get_body(("html",)).get_content())

    @property
    def link(self) -> str:
        """Where its one action leads."""
        links = LINK.findall(self.text)
        assert links, f"« {self.subject} » leads nowhere"
        return links[0]


@dataclass
class MailServer:
    """Takes everything, and keeps it by reader."""

    received: list[tuple[str, Letter]] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        letter = Letter(message_from_bytes(envelope.content, policy=policy.default))
        self.received += [(reader.lower(), letter) for reader in envelope.rcpt_tos]
        return "250 OK"


@dataclass
class Site:
    """A running site."""

    url: str
    mail: MailServer

    def letters(self, reader: str) -> list[Letter]:
        """Deliver what waits; what this reader has received since the beginning, oldest first."""
        from django.utils import timezone

        from renfort.notifications.services import deliver_due

        done = deliver_due(timezone.now())
        assert not done.failed, "an e-mail could not be delivered"
        return [letter for address, letter in self.mail.received if address == reader]

    def letter(self, reader: str) -> Letter:
        """The newest e-mail to this reader."""
        letters = self.letters(reader)
        assert letters, f"nothing was written to {reader}; known readers: {sorted({who for who, _ in self.mail.received})}"
        return letters[-1]


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, int]]:
    """A mail server on a free port."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port = listener.getsockname()[1]
    box = MailServer()
    controller = Controller(box, hostname=HOST, port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@contextmanager
def served(**changes: Any) -> Iterator[Site]:
    """The real WSGI application in threads of this process, on Django's present database. ``changes`` are settings."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings

    class Handler(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            """The browser tells what went wrong."""

    server = ThreadedWSGIServer((HOST, 0), Handler)
    url = f"http://{HOST}:{server.server_port}"
    with mail_server() as (box, port):
        post = {
            "MAIL_IS_KEPT": False,
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": HOST,
            "EMAIL_PORT": port,
        }
        # style sheets and scripts stay in the browser from one page to the next, as people's do
        kept = {"STATIC_ROOT": None, "WHITENOISE_AUTOREFRESH": False, "WHITENOISE_MAX_AGE": 3600}
        words = {"LOCALE_PATHS": [LOCALE]}  # with the spaces of French, as they are served
        with override_settings(BASE_URL=url, CSRF_TRUSTED_ORIGINS=[url], **{**kept, **post, **words, **changes}):
            server.set_app(get_wsgi_application())
            Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield Site(url, box)
            finally:
                server.shutdown()
                server.server_close()


@contextmanager
def fresh_database(server: Any, template: str, blocker: Any) -> Iterator[None]:
    """Django on a clone of its own, with real commits, as long as this lasts."""
    name = server.clone(template)
    try:
        with blocker.unblock(), django_on(server.parameters(name)):
            yield
    finally:
        server.drop(name)


@pytest.fixture(scope="module")
def site(database_server, database_template, django_db_blocker) -> Iterator[Site]:
    """The site with its first contents only: nobody has an account yet."""
    with fresh_database(database_server, database_template, django_db_blocker), served() as running:
        yield running


@pytest.fixture(scope="module")
def demo_site(database_server, database_template, django_db_blocker) -> Iterator[Site]:
    """The site as a demonstration, with imaginary people and missions all over France."""
    with fresh_database(database_server, database_template, django_db_blocker), served(DEMO=True) as running:
        from renfort.ops.demo import load

        load(missions=60, volunteers=80, seed=1)
        yield running

"""A mail server that behaves as told, and what the tests of messages share."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.utils import timezone

from renfort.kernel.messages import Mail, Recipient
from renfort.people.models import Account, Person


@dataclass
class Post:
    """What reached the mail server, and how it answers next."""

    port: int = 0
    emails: list[EmailMessage] = field(default_factory=list)
    readers: list[list[str]] = field(default_factory=list)
    connections: int = 0
    refuse_reader: str = ""  # the reply to RCPT
    refuse_email: str = ""  # the reply to the e-mail itself
    slow: float = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 -- aiosmtpd's name
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- aiosmtpd's name
        if self.refuse_reader:
            return self.refuse_reader
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        await asyncio.sleep(self.slow)
        if self.refuse_email:
            return self.refuse_email
        self.emails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.readers.append(envelope.rcpt_tos)
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [email["Message-ID"] for email in self.emails]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def use_server(settings: Any, port: int) -> None:
    settings.MAIL_IS_KEPT = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    settings.DEFAULT_FROM_EMAIL = "Renfort <ne-pas-repondre@renfort.test>"


def recipient_of(person: Person, **changes: Any) -> Recipient:
    account = Account.objects.filter(person=person).first()
    language = account.language if account else "fr"
    facts = {"address": person.email, "name": person.full_name, "language": language, "person_id": person.pk, **changes}
    return Recipient(**facts)


def simple_mail(event: Any, recipient: Recipient) -> Mail:
    return Mail(
        subject="Votre candidature est acceptée",
        sentences=("L'équipe « Les amis & Cie » vous attend.", "À bientôt <3"),
        facts=(("Lieu", "12 rue d'Été, Bordeaux"),),
        action=("Voir ma mission", "/espace/missions/12/"),
    )


def wait_for(condition: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def now():
    return timezone.now()

"""Write the e-mails and notices of an event, in the transaction of the event (P4, design decisions 18 and 19).

The rows are the truth: when the transaction commits they will leave, when it does not they never were. Whatever fails while a
message is built fails the transaction with it, so that nothing happens of which somebody should have been told and was not.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.notifications.enums import Failure
from renfort.notifications.messages import DIGEST
from renfort.notifications.models import DailyReader, MutedMessage, Notice, Outgoing
from renfort.notifications.selectors import worded
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import site_name
from renfort.people.models import Account
from renfort.people.selectors import recipient_of

DIGEST_HOUR = 7  # on the clocks of the platform
BATCH = 500  # rows of one INSERT
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # characters that make the rest read backwards
SUBJECT_LENGTH = Outgoing._meta.get_field("subject").max_length or 250
NAME_LENGTH = Outgoing._meta.get_field("name").max_length or 200
DELIVER = "notifications.deliver"  # the task; named, because tasks stand above this room


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail as one reader gets it."""

    subject: str
    text: str
    html: str


def enqueue(event: Event[Any]) -> None:
    """Subscriber: one ``Outgoing`` per message and reader, one ``Notice`` when the reader has an account.

    A reader without a usable address is not written to: the row says so to the staff, and the notice is still there. Heard
    twice, an event writes nothing more. Two queries and one more per kind of row, however many readers.
    """
    letters = [
        (message, recipient, _mail(event, message, recipient))
        for message in event.tells
        for recipient in _readers(message.to(event))
    ]
    if not letters:
        return
    now = timezone.now()
    muted, daily = _muted(letters), _daily(letters)
    outgoing = [
        _outgoing(event, message, recipient, mail, now)
        for message, recipient, mail in letters
        if message.by_mail and (message.key, recipient.person_id) not in muted | daily
    ]
    Outgoing.objects.bulk_create(outgoing, batch_size=BATCH, ignore_conflicts=True)
    with_account = _with_account(recipient.person_id for message, recipient, _mail_ in letters if message.notice)
    notices = [
        _notice(event, message, recipient, mail, digest=(message.key, recipient.person_id) in daily - muted)
        for message, recipient, mail in letters
        # a secret link is for the mailbox alone: whoever sits at a signed-in screen must not find it behind the bell
        if message.notice and not mail.secret and recipient.person_id in with_account
    ]
    Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True)
    ring_after_commit(DELIVER)


def render(mail: Mail, recipient: Recipient, *, programme: str = "") -> Letter:
    """Make text and HTML of the blocks of an e-mail, in the reader's language.

    Raises:
        ValueError: when the action does not lead to an address on the site.
    """
    with translation.override(language_of(recipient)):
        subject = one_line(mail.subject, most=SUBJECT_LENGTH)
        context = {
            "subject": subject,
            "greeting": _greeting(recipient),
            "sentences": [str(sentence) for sentence in mail.sentences],
            "facts": [(str(label), str(value)) for label, value in mail.facts],
            "action": {"label": str(mail.action[0]), "url": absolute(mail.action[1])} if mail.action else None,
            "more": [(str(label), absolute(url)) for label, url in mail.more],
            "closing": "\n\n".join(filter(None, (str(mail.closing), _reason(recipient)))),
            "programme": str(Programme(programme).label) if programme else "",
            "site": {"name": site_name()},
        }
        text = render_to_string("email/message.txt", context)
        return Letter(subject, text.strip() + "\n", render_to_string("email/message.html", context))


def write(message: Message[Any], obj: Any, recipient: Recipient, *, key: str) -> None:
    """One e-mail that no single event caused (the one of the day). ``key`` is what it is unique by: written twice, it is one."""
    event = Event(name=message.key, obj=obj, actor=SERVICE, at=timezone.now())
    mail = _mail(event, message, recipient)
    Outgoing.objects.bulk_create([_row(message, recipient, mail, key, event.at)], ignore_conflicts=True)
    ring_after_commit(DELIVER)


def send_digests(now: datetime) -> int:
    """Write the e-mail of the day for those who chose it, from seven in the morning; a missed morning is made up for, once.

    What was read meanwhile is left out; nothing unread, no e-mail. Returns how many were written.
    """
    today = timezone.localtime(now).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if now < today:
        return 0
    waiting = Notice.objects.filter(digest=True, at__lt=today).order_by("person_id")
    written = 0
    for person_id in waiting.values_list("person_id", flat=True).distinct():
        with transaction.atomic():
            notices = list(waiting.filter(person_id=person_id).select_for_update(skip_locked=True).order_by("id"))
            unread = [notice for notice in notices if notice.read_at is None]
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(digest=False)
            if unread:
                write(DIGEST, unread, recipient_of(unread[0].person), key=f"digest:{person_id}:{unread[-1].pk}")
                written += 1
    return written


def absolute(url: str) -> str:
    """The full address of a page of the site.

    Raises:
        ValueError: when it is not a page of the site (a mistake of whoever wrote the message).
    """
    full = urljoin(settings.BASE_URL + "/", url)
    if not full.startswith(settings.BASE_URL + "/"):
        raise ValueError(f"an e-mail leads outside the site: {url}")
    return full


def one_line(value: object, *, most: int) -> str:
    """A text that can stand in a header: one line, no control or direction-changing character, at most so long."""
    line = " ".join("".join(" " if _is_unfit(character) else character for character in str(value)).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def language_of(recipient: Recipient) -> str:
    """The reader's language; French when the platform does not speak it (P8)."""
    return recipient.language if recipient.language in dict(settings.LANGUAGES) else "fr"


def _is_unfit(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in TURNING


def _readers(recipients: Iterable[Recipient]) -> Iterator[Recipient]:
    """Each reader once: somebody who is both manager and tutor is told once."""
    seen: set[str] = set()
    for recipient in recipients:
        reader = _reader(recipient)
        if reader not in seen:
            seen.add(reader)
            yield recipient


def _reader(recipient: Recipient) -> str:
    return f"person:{recipient.person_id}" if recipient.person_id is not None else f"address:{recipient.address.strip().lower()}"


def _mail(event: Event[Any], message: Message[Any], recipient: Recipient) -> Mail:
    language = language_of(recipient)
    with translation.override(language):
        return worded(message, message.mail(event, recipient), language=language, name=recipient.name)


def _key(event: Event[Any], message: Message[Any], recipient: Recipient) -> str:
    """One per event, message and reader; the same when the same event is heard again."""
    what = f"{event.name} {event.obj._meta.label_lower} {event.obj.pk} {event.at.isoformat()} {_reader(recipient)}"
    return f"{message.key}:{hashlib.sha256(what.encode()).hexdigest()[:40]}"


def _message_id(key: str) -> str:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    domain = f"[IPv6:{host}]" if ":" in host else host
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _outgoing(event: Event[Any], message: Message[Any], recipient: Recipient, mail: Mail, now: datetime) -> Outgoing:
    return _row(message, recipient, mail, _key(event, message, recipient), now)


def _row(message: Message[Any], recipient: Recipient, mail: Mail, key: str, now: datetime) -> Outgoing:
    letter = render(mail, recipient, programme=message.programme)
    address, error = _address(recipient)
    return Outgoing(
        message=message.key,
        key=key,
        message_id=_message_id(key),
        person_id=recipient.person_id,
        address=address,
        name=one_line(recipient.name, most=NAME_LENGTH),
        language=language_of(recipient),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        calendar=mail.calendar,
        secret=mail.secret,
        created_at=now,
        next_try_at=None if error else now,
        error=error,
    )


def _address(recipient: Recipient) -> tuple[str, str]:
    """The address as it is kept, and in a sentence for the staff why nothing can be sent to it."""
    address = recipient.address.strip()
    if not address:
        return "", Failure.NO_ADDRESS
    try:
        validate_email(address)
    except ValidationError:
        return one_line(address, most=254), Failure.BAD_ADDRESS
    return address, ""


def _notice(event: Event[Any], message: Message[Any], recipient: Recipient, mail: Mail, *, digest: bool) -> Notice:
    return Notice(
        digest=digest,
        person_id=recipient.person_id or 0,
        message=message.key,
        key=_key(event, message, recipient),
        subject=one_line(mail.subject, most=SUBJECT_LENGTH),
        url=absolute(mail.action[1]).removeprefix(settings.BASE_URL) if mail.action else "",
        at=event.at,
    )


def _with_account(person_ids: Iterable[int | None]) -> set[int]:
    wanted = {person_id for person_id in person_ids if person_id is not None}
    return set(Account.objects.filter(person_id__in=wanted).values_list("person_id", flat=True)) if wanted else set()


def _muted(letters: list[tuple[Message[Any], Recipient, Mail]]) -> set[tuple[str, int | None]]:
    """Who turned which optional e-mail off. No query when none of the messages is optional."""
    optional = {message.key for message, recipient, _mail_ in letters if message.optional and recipient.person_id is not None}
    if not optional:
        return set()
    readers = {recipient.person_id or 0 for _message, recipient, _mail_ in letters}
    return set(MutedMessage.objects.filter(message__in=optional, person_id__in=readers).values_list("message", "person_id"))


def _daily(letters: list[tuple[Message[Any], Recipient, Mail]]) -> set[tuple[str, int | None]]:
    """Which optional e-mails wait for the one of the day, by message and reader. No query when none is optional."""
    optional = {
        (message.key, recipient.person_id)
        for message, recipient, mail in letters
        if message.optional and message.notice and not mail.secret and recipient.person_id is not None
    }
    if not optional:
        return set()
    readers = DailyReader.objects.filter(person_id__in={person for _key, person in optional}, person__account__isnull=False)
    wanted = set(readers.values_list("person_id", flat=True))
    return {(key, person) for key, person in optional if person in wanted}


def _greeting(recipient: Recipient) -> str:
    name = one_line(recipient.name, most=NAME_LENGTH)
    return _("Bonjour %(name)s,") % {"name": name} if name else _("Bonjour,")


def _reason(recipient: Recipient) -> str:
    """Why one receives this e-mail: a stranger's address may have been typed by mistake."""
    if recipient.person_id is None:
        return _(
            "Vous recevez cet e-mail parce que cette adresse a été indiquée sur %(site)s. "
            "Si ce n'était pas vous, vous pouvez l'ignorer."
        ) % {"site": site_name()}
    return _("Vous recevez cet e-mail parce que c'est à cette adresse que %(site)s vous écrit.") % {"site": site_name()}

"""What the platform says to people: declared beside the life cycle that says it, delivered by ``notifications``.

One message is one set of blocks (sentences, facts, one action); two layouts make text and HTML of it, in the
recipient's language (design decisions 2 and 19).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from renfort.kernel.rules import Text

if TYPE_CHECKING:
    from renfort.kernel.events import Event

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader: a person of the platform (``person_id``), or only an address (a sign-up not yet confirmed)."""

    address: str
    name: str = ""
    language: str = "fr"
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """The blocks of one e-mail, already in the reader's language. ``action`` is (label, address on the site).

    ``secret`` marks an e-mail whose link opens something (confirmation, password): staff never read it. ``calendar`` is the text
    of an iCalendar file that goes with it (RFC 5545); "" for none.
    """

    subject: str
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    action: tuple[str, str] | None = None
    more: tuple[tuple[str, str], ...] = ()  # further pages of the site, below the action: (label, address)
    closing: str = ""
    secret: bool = False
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Message(Generic[M]):
    """One kind of e-mail and notice. Registers itself; the key is written in rows and must never change."""

    key: str
    label: Text
    to: Callable[[Event[M]], Iterable[Recipient]]
    mail: Callable[[Event[M], Recipient], Mail]
    programme: str = ""  # each e-mail names its programme; "" speaks for the platform
    notice: bool = True  # also a line behind the bell, for people with an account
    by_mail: bool = True  # False: the line behind the bell alone, for what is worth no e-mail
    optional: bool = False  # a reader may turn the e-mail off and keep the notice (P4)
    sample: Callable[[], Event[M] | None] | None = None  # an invented event, for the operator's preview (P4)

    def __post_init__(self) -> None:
        if MESSAGES.setdefault(self.key, self) is not self:
            raise ValueError(f"two messages have the key {self.key}")


MESSAGES: dict[str, Message[Any]] = {}

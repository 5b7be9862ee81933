"""Pieces of the pages of notices and e-mails."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import override

from renfort.kernel.messages import Message
from renfort.kernel.templatetags.ui import badge
from renfort.notifications.catalogue import SAMPLE_READER, sample_mail
from renfort.notifications.dispatch import Letter, render
from renfort.notifications.enums import OutgoingState
from renfort.notifications.models import Outgoing
from renfort.notifications.selectors import worded

TONES = {
    OutgoingState.WAITING: "info",
    OutgoingState.SENT: "success",
    OutgoingState.KEPT: "neutral",
    OutgoingState.FAILED: "danger",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """One message as an invented reader would get it in one language."""

    language: str
    name: str  # of the language, in itself
    letter: Letter


def state_badge(row: Outgoing) -> SafeString:
    """Where an e-mail stands."""
    state = OutgoingState(row.state)
    return badge(label=state.label, tone=TONES[state])


def body_is_shown(row: Outgoing) -> bool:
    """Staff never read what opens something (a password link), except in a demonstration where everything is invented."""
    return not row.secret or settings.DEMO


def action_path(row: Outgoing) -> str:
    """Where the one action of an e-mail leads, on the site that shows it; empty without an action."""
    found = re.search(re.escape(settings.BASE_URL) + r"(/[^\s<>\"]+)", row.text)
    return found[1] if found else ""


def previews(message: Message[Any]) -> list[Preview]:
    """The sample of a message in each language of the platform; none when it has no sample."""
    found = [(code, name, sample_letter(message, code)) for code, name in settings.LANGUAGES]
    return [Preview(code, name, letter) for code, name, letter in found if letter is not None]


def sample_letter(message: Message[Any], language: str) -> Letter | None:
    """What the message says of an invented event, in one language."""
    reader = replace(SAMPLE_READER, language=language)
    mail = sample_mail(message, language)
    if mail is None:
        return None
    with override(language):
        mail = worded(message, mail, language=language, name=reader.name)
    return render(mail, reader, programme=message.programme)

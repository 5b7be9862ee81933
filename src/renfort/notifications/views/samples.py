"""Every e-mail that the platform can send, with an invented example in each language (P4)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.kernel.messages import MESSAGES, Message
from renfort.notifications.components import previews, sample_letter
from renfort.notifications.views.outgoing import enter_operator, framed
from renfort.organisations.enums import Programme


@login_required
@require_safe
def message_list(request: Request) -> HttpResponse:
    """All declared messages, by key. No query of its own."""
    enter_operator(request)
    labels = dict(Programme.choices)
    rows = [(message, labels.get(message.programme, "")) for _key, message in sorted(MESSAGES.items())]
    return render(request, "notifications/message_list.html", {"rows": rows})


@login_required
@require_safe
def message_detail(request: Request, key: str) -> HttpResponse:
    """One message with its example in French and in English."""
    enter_operator(request)
    message = _message_or_404(key)
    return render(request, "notifications/message_detail.html", {"message": message, "previews": previews(message)})


@login_required
@require_safe
@framed
def message_html(request: Request, key: str, language: str) -> HttpResponse:
    """The HTML of one example, for the frame of its page."""
    enter_operator(request)
    letter = sample_letter(_message_or_404(key), language) if language in dict(settings.LANGUAGES) else None
    if letter is None:
        raise Http404
    return HttpResponse(letter.html)


def _message_or_404(key: str) -> Message[Any]:
    message = MESSAGES.get(key)
    if message is None:
        raise Http404
    return message

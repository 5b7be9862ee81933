"""What a client's contact hands on: the address by which participants take a seat, session by session (W6, W11)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from renfort.workshops.enums import SessionState
from renfort.workshops.models import JoinLink, Session
from renfort.workshops.selectors.join_links import path_of_join_link


def join_links(sessions: Iterable[Session]) -> dict[int, str]:
    """The path of the link for participants, by number of the session; none where there is none, or it has begun. One query."""
    now = timezone.now()
    open_ones = [each.pk for each in sessions if each.state == SessionState.PLANNED and each.starts_at > now]
    found = {link.session_id: path_of_join_link(link) for link in JoinLink.objects.filter(session__in=open_ones)}
    return {session: path for session, path in found.items() if path}

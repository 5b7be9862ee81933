"""The address that invites facilitators to a session (W4): made of a seed and the site's key, recognised by its digest."""

from __future__ import annotations

import hashlib

from django.urls import reverse
from django.utils.crypto import salted_hmac

from renfort.workshops.models import Session

SALT = "renfort.workshops.link"


def link_token(seed: str) -> str:
    """The secret part of a link: 160 bits, never written down."""
    return salted_hmac(SALT, seed, algorithm="sha256").hexdigest()[:40]


def link_digest(token: str) -> str:
    """What the database keeps of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def session_of_token(token: str) -> Session | None:
    """The session that a link opens; None when it opens nothing, or no longer. One query."""
    found = Session.objects.select_related("assignment__order__client__organisation", "assignment__coordinator__person")
    return found.filter(link_digest=link_digest(token)).exclude(link_digest="").first()


def link_of(session: Session) -> str:
    """The path of a session's link; "" when there is none, or the site's key has changed since."""
    if not session.link_seed:
        return ""
    token = link_token(session.link_seed)
    return reverse("workshops:invitation", args=[token]) if link_digest(token) == session.link_digest else ""

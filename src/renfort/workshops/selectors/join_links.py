"""The two addresses of participants (W6): that of a session, to hand on, and each one's own. Made as facilitators' are."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.urls import reverse
from django.utils.crypto import salted_hmac

from renfort.kernel.actors import Actor, HeldRole
from renfort.organisations.enums import Programme
from renfort.workshops.enums import SessionState
from renfort.workshops.models import JoinLink, Registration, Session
from renfort.workshops.selectors.links import link_digest
from renfort.workshops.selectors.registrations import OWN, PARTICIPANT, WITH_SESSION

JOIN, MINE = "renfort.workshops.join", "renfort.workshops.registration"  # salts: no address opens the other thing


def token_of(salt: str, seed: str) -> str:
    """The secret part of an address: 160 bits, never written down."""
    return salted_hmac(salt, seed, algorithm="sha256").hexdigest()[:40]


def new_address(salt: str) -> tuple[str, str]:
    """A seed and the digest of its token."""
    seed = secrets.token_urlsafe(32)
    return seed, link_digest(token_of(salt, seed))


def _path(name: str, salt: str, seed: str, digest: str) -> str:
    token = token_of(salt, seed)
    return reverse(name, args=[token]) if seed and link_digest(token) == digest else ""


def join_link_of(session: Session) -> str:
    """The path by which people take a seat; "" when there is none, or the site's key has changed since. One query."""
    link = JoinLink.objects.filter(session=session.pk).first()
    return path_of_join_link(link) if link is not None else ""


def path_of_join_link(link: JoinLink) -> str:
    """Its path; "" when the site's key has changed since."""
    return _path("workshops:join", JOIN, link.seed, link.digest)


def join_links(sessions: Iterable[Session]) -> dict[int, str]:
    """The same paths of several sessions, by number, of those that are still to come. One query."""
    keys = [session.pk for session in sessions if session.state == SessionState.PLANNED and not session.has_begun]
    links = JoinLink.objects.filter(session__in=keys)
    paths = {link.pk: _path("workshops:join", JOIN, link.seed, link.digest) for link in links}
    return {pk: path for pk, path in paths.items() if path}


def own_link(registration: Registration) -> str:
    """The participant's own path; "" for who has none."""
    return _path("workshops:participation", MINE, registration.link_seed, registration.link_digest)


def session_to_join(token: str) -> Session | None:
    """The session that a link lets one join; None when it opens nothing, or no longer. One query."""
    found = JoinLink.objects.filter(digest=link_digest(token)).select_related(*WITH_SESSION).first()
    return found.session if found is not None else None


def registration_of_token(token: str) -> Registration | None:
    """The registration that a personal link opens; None when it opens nothing. One query."""
    found = Registration.objects.filter(link_digest=link_digest(token)).exclude(link_digest="")
    return found.select_related(*WITH_SESSION).first()


def participant(registration: Registration) -> Actor:
    """Who holds the personal link: the participant of this one registration, and nobody else."""
    held = HeldRole(Programme.WORKSHOPS, PARTICIPANT, OWN, str(registration.pk), registration.full_name)
    return Actor(kind="anonymous", roles=(held,), acting=held)

"""What somebody was doing when asked for an account, kept until an address is confirmed, done once (R3, design decision 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.sentences import Sentence
from renfort.people.models import Account, Intent, lower_email
from renfort.people.selectors import INTENT_KEPT, actor_of_account, open_intents

WISH = "people.wish"  # key of the session
MOST = 10  # open intents of one address: nobody fills somebody else's table


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor without account was doing, as the session holds it; no address is known yet."""

    kind: str
    payload: Mapping[str, Any]
    label: str
    url: str
    kept_for: str = ""  # the address of the intent made of it, and its number
    intent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What became of the intents of one address: where to go ("": nowhere in particular), what to say to the person."""

    url: str = ""
    sentences: tuple[str, ...] = ()


def remember(session: SessionBase, kind: str, payload: Mapping[str, Any], label: str, url: str) -> None:
    """Keep in the session what the visitor was doing; the caller then leads to sign-up or sign-in.

    ``label`` completes « Vous proposez votre aide pour : … »; ``url`` is the page it began on. The last wish counts.
    """
    session[WISH] = asdict(Wish(kind=kind, payload=dict(payload), label=label[:200], url=url[:500]))


def wish_of(session: SessionBase) -> Wish | None:
    """What the visitor of this session was doing, or None."""
    kept = session.get(WISH)
    return Wish(**kept) if kept else None


def keep_wish(session: SessionBase, *, address: str) -> Intent | None:
    """Turn the session's wish, if there is one, into an intent of this address; the same one when asked again.

    The session still holds the wish: a visitor who mistyped an address signs up again with the right one.
    """
    wish = wish_of(session)
    if wish is None:
        return None
    if wish.kept_for == address and (kept := Intent.objects.filter(pk=wish.intent).first()):
        return kept
    intent = keep_intent(address=address, kind=wish.kind, payload=wish.payload, label=wish.label, url=wish.url)
    session[WISH] = asdict(replace(wish, kept_for=address, intent=intent.pk))
    return intent


def forget_wish(session: SessionBase) -> None:
    """The visitor has arrived: what was wished for is done, or waits as an intent."""
    session.pop(WISH, None)


def keep_intent(*, address: str, kind: str, payload: Mapping[str, Any], label: str = "", url: str = "") -> Intent:
    """Keep what somebody at this address wants to do; the same thing asked twice is one intent."""
    with transaction.atomic():
        same = open_intents(address).filter(kind=kind, payload=dict(payload)).first()
        if same is not None:
            return same
        crowd = list(open_intents(address).values_list("pk", flat=True))
        if len(crowd) >= MOST:
            Intent.objects.filter(pk=crowd[0]).delete()
        return Intent.objects.create(address=lower_email(address), kind=kind, payload=dict(payload), label=label, url=url)


def perform(*, account: Account, only: int | None = None) -> Performed:
    """Do, once, what waited for this account's address to be confirmed; ``only`` limits it to one intent.

    The rows are locked, so that two tabs opened at once do it once. Who hears ``people.intent.confirmed`` does the thing
    and sets ``intent.result``; when it cannot be done any more, its sentence is for the person and the rest goes on.
    """
    actor = actor_of_account(account)
    url, sentences = "", []
    with transaction.atomic():
        waiting = open_intents(account.email).select_for_update(no_key=True)
        for intent in waiting if only is None else waiting.filter(pk=only):
            if refusal := _perform(intent, actor):
                sentences.append(refusal)
            url = intent.result
    if only is not None and not url:  # done before, by another tab or on another device: the same place
        url = Intent.objects.filter(pk=only, address=account.email).values_list("result", flat=True).first() or ""
    return Performed(url=url, sentences=tuple(sentences))


def _perform(intent: Intent, actor: Actor) -> str:
    """Do one intent; returns why it could not be done, or ""."""
    refusal = ""
    intent.done_at = timezone.now()
    try:
        with transaction.atomic():
            publish("people.intent.confirmed", intent, actor=actor, codes={"kind": intent.kind})
    except (Sentence, PermissionDenied) as sentence:
        refusal = str(sentence)
    intent.result = intent.result or intent.url
    intent.save(update_fields=["done_at", "result"])
    return refusal


def forget_old_intents() -> int:
    """Remove intents older than a month, done or not (P10); returns how many. Called by the clock."""
    removed, _ = Intent.objects.filter(created_at__lte=timezone.now() - INTENT_KEPT).delete()
    return removed

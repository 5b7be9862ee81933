"""Where somebody is signed in: noted, shown, closed (R8, P11)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.people.models import Account, OpenSession


def note_session(*, account: Account, session_key: str, device: str) -> None:
    """Note that somebody is signed in here and was just seen. One statement; a session closed meanwhile stays closed."""
    now = timezone.now()
    row = OpenSession(session_id=session_key, account=account, device=device, opened_at=now, seen_at=now)
    try:
        with transaction.atomic():
            OpenSession.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["session"], update_fields=["account", "device", "seen_at"]
            )
    except IntegrityError:
        pass  # closed from another device while this request was on its way


def end_session(*, actor: Actor, account: Account, number: int) -> bool:
    """Sign the account out of one of its browsers, at once. False when it has no such session (any more)."""
    return end_sessions(actor=actor, account=account, only=number) > 0


def end_sessions(*, actor: Actor, account: Account, but: str = "", only: int | None = None) -> int:
    """Sign the account out everywhere, at once, or of the ``only`` session, never of that of key ``but``. Returns how many."""
    chosen = OpenSession.objects.filter(account=account).exclude(session_id=but)
    if only is not None:
        chosen = chosen.filter(pk=only)
    keys = list(chosen.values_list("session_id", flat=True))
    if not keys:
        return 0
    with transaction.atomic():
        Session.objects.filter(pk__in=keys).delete()  # the rows beside them go with them
        publish("people.account.end_sessions", account, actor=actor, codes={"sessions": len(keys)})
    return len(keys)


def session_lives() -> int:
    """Days after which a browser that is not used is signed out by itself."""
    return int(settings.SESSION_COOKIE_AGE // 86400)

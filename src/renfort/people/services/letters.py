"""Each thing that is said about an account is an event of its own: history and e-mail stand or fall together.

The caller has counted the request against allauth's rate limits: nobody fills somebody's mailbox from here.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.events import Plain, publish
from renfort.people import messages
from renfort.people.models import Account, Intent, lower_email
from renfort.people.selectors import actor_of_account


def tell_confirm(account: Account) -> None:
    """The link that confirms the address of a sign-up."""
    with transaction.atomic():
        publish("people.account.ask_confirmation", account, actor=ANONYMOUS, tells=(messages.CONFIRM,))


def tell_again(account: Account) -> None:
    """A new link, asked for because the first one was lost or too old."""
    with transaction.atomic():
        publish("people.account.ask_again", account, actor=ANONYMOUS, tells=(messages.CONFIRM_AGAIN,))


def tell_known(account: Account, *, joins: str = "", intent: Intent | None = None) -> None:
    """« Vous avez déjà un compte »: the answer to a sign-up with a known address; the link carries what was wanted."""
    codes: dict[str, Plain] = {"joins": joins, "intent": None if intent is None else intent.pk}
    with transaction.atomic():
        publish("people.account.known", account, actor=ANONYMOUS, tells=(messages.KNOWN,), codes=codes)


def tell_password_lost(account: Account) -> None:
    """The link that sets a new password."""
    with transaction.atomic():
        publish("people.account.password_lost", account, actor=ANONYMOUS, tells=(messages.PASSWORD_LOST,))


def tell_unknown(address: str) -> None:
    """No account here: whoever reads this address learns it, whoever typed it does not.

    What was asked is noted as an intent already done: an event is about a row, and this one is forgotten after a month.
    """
    with transaction.atomic():
        asked = Intent.objects.create(address=lower_email(address), kind="people.link", done_at=timezone.now())
        publish("people.intent.unknown", asked, actor=ANONYMOUS, tells=(messages.UNKNOWN,))


def tell_password_changed(account: Account) -> None:
    """A password was changed: the holder is told, in case it was somebody else."""
    with transaction.atomic():
        actor = actor_of_account(account)
        publish("people.account.password_changed", account, actor=actor, tells=(messages.PASSWORD_CHANGED,))

"""Verbs on persons, accounts and intents."""

from renfort.people.services.accounts import (
    SignUp,
    confirm,
    forget_unconfirmed,
    make_account,
    set_language,
    settle,
    sign_up,
)
from renfort.people.services.intents import (
    Performed,
    Wish,
    forget_old_intents,
    forget_wish,
    keep_intent,
    keep_wish,
    perform,
    remember,
    wish_of,
)
from renfort.people.services.letters import (
    tell_again,
    tell_confirm,
    tell_known,
    tell_password_changed,
    tell_password_lost,
    tell_unknown,
)
from renfort.people.services.profile import PersonFacts, edit_person, join_reserve

__all__ = [
    "Performed",
    "PersonFacts",
    "SignUp",
    "Wish",
    "confirm",
    "edit_person",
    "forget_old_intents",
    "forget_unconfirmed",
    "forget_wish",
    "join_reserve",
    "keep_intent",
    "keep_wish",
    "make_account",
    "perform",
    "remember",
    "set_language",
    "settle",
    "sign_up",
    "tell_again",
    "tell_confirm",
    "tell_known",
    "tell_password_changed",
    "tell_password_lost",
    "tell_unknown",
    "wish_of",
]
